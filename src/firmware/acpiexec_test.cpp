// The same tables through acpiexec, ACPICA's own tool: both must read the descriptors alike.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <map>
#include <sstream>

#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

constexpr char board[] = R"(
Scope (\_SB) {
    Device (GPIO) {
        Name (_HID, "TEST0001")
        Method (_CRS, 0, NotSerialized) {
            Name (RBUF, ResourceTemplate () {
                Interrupt (ResourceConsumer, Level, ActiveHigh, Shared, , , ) {50}
                Interrupt (ResourceConsumer, Edge, ActiveLow, Exclusive, , , ) {51}
                Memory32Fixed (ReadWrite, 0x00100000, 0x18)
                Memory32Fixed (ReadOnly, 0x00200000, 0x70)
                GpioInt (Edge, ActiveHigh, Shared, PullUp, 0, "\\_SB.GPIO", 0,
                    ResourceConsumer, , RawDataBuffer () {1}) {1}
                GpioInt (Edge, ActiveBoth, ExclusiveAndWake, PullDown, 77, "\\_SB.GPIO") {0x1FF}
                GpioInt (Level, ActiveLow, SharedAndWake, PullNone, 1, "\\_SB.GPIO") {9}
                GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.GPIO", 0, ResourceConsumer, ,
                    RawDataBuffer () {1}) {10}
                GpioIo (Shared, PullDefault, 3, 250, IoRestrictionInputOnly, "\\_SB.GPIO")
                    {12, 11, 0x300}
                GpioIo (Shared, PullDefault, 0, 0, IoRestrictionNoneAndPreserve, "\\_SB.GPIO")
                    {0}
            })
            Return (RBUF)
        }
    }
})";

using Fields = std::map<std::string, std::string>;

// "   Name : value" lines under "[nn] Kind Resource" headings.
std::vector<Fields> acpiexec_resources(const std::string& table) {
    const std::string command =
        "acpiexec -b 'resources \\_SB.GPIO' " + table + " 2>/dev/null </dev/null";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::string output;
    for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
    ::pclose(pipe);

    std::vector<Fields> resources;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("[") && line.ends_with(" Resource")) {
            resources.push_back({{"Kind", line.substr(5)}});
            continue;
        }
        const std::size_t colon = line.find(" : ");
        if (resources.empty() || !line.starts_with("  ") || colon == std::string::npos) continue;
        const std::size_t first = line.find_first_not_of(' ');
        std::string value = line.substr(colon + 3);
        while (value.ends_with(' ')) value.pop_back();
        resources.back().emplace(line.substr(first, colon - first), value);
    }
    return resources;
}

struct AsAcpiexec {
    static std::string sharing(bool shared) { return shared ? "Shared" : "Exclusive"; }
    static std::string trigger(Trigger trigger) {
        return trigger == Trigger::edge ? "Edge" : "Level";
    }
    static std::string polarity(Polarity polarity) {
        const char* names[] = {"ActiveHigh", "ActiveLow", "ActiveBoth"};
        return names[static_cast<int>(polarity)];
    }
    static void common(Fields& fields, const auto& gpio, std::vector<std::uint16_t> pins) {
        const char* pulls[] = {"PullDefault", "PullUp", "PullDown", "PullNone"};
        fields["Kind"] = "GPIO Resource";
        fields["PinConfig"] = pulls[gpio.pull];
        fields["DebounceTimeout"] = fmt::format("{:04X}", gpio.debounce_10us);
        fields["Resource Source"] = gpio.controller;
        fields["PinTableLength"] = fmt::format("{:04X}", pins.size());
        for (std::size_t i = 0; i < pins.size(); ++i) {
            fields[fmt::format("Word{:02X}", i)] = fmt::format("{:04X}", pins[i]);
        }
        if (!gpio.vendor_data.empty()) {
            fields["VendorData"] = fmt::format("{:X}", fmt::join(gpio.vendor_data, " "));
        }
    }
    Fields operator()(const GpioInt& gpio) const {
        Fields fields{{"ConnectionType", "Interrupt"},
                      {"Triggering", trigger(gpio.trigger)},
                      {"Polarity", polarity(gpio.polarity)}};
        fields["Sharing"] = sharing(gpio.shared);
        common(fields, gpio, {gpio.pin});
        return fields;
    }
    Fields operator()(const GpioIo& gpio) const {
        const char* restrictions[] = {"IoRestrictionNone", "IoRestrictionInputOnly",
                                      "IoRestrictionOutputOnly", "IoRestrictionNoneAndPreserve"};
        Fields fields{{"ConnectionType", "I/O"},
                      {"IoRestriction", restrictions[static_cast<int>(gpio.restriction)]},
                      {"DriveStrength", fmt::format("{:04X}", gpio.drive_strength_10ua)},
                      {"Sharing", sharing(gpio.shared)}};
        common(fields, gpio, gpio.pins);
        return fields;
    }
    Fields operator()(const Interrupt& interrupt) const {
        return {{"Kind", "Extended IRQ Resource"},
                {"Triggering", trigger(interrupt.trigger)},
                {"Polarity", polarity(interrupt.polarity)},
                {"Sharing", sharing(interrupt.shared)},
                {"Dword00", fmt::format("{:08X}", interrupt.gsi)}};
    }
    Fields operator()(const Memory& memory) const {
        return {{"Kind", "32-Bit Fixed Memory Range Resource"},
                {"Write Protect", memory.writable ? "ReadWrite" : "ReadOnly"},
                {"Address", fmt::format("{:08X}", memory.base)},
                {"Address Length", fmt::format("{:08X}", memory.length)}};
    }
    Fields operator()(const auto&) const { return {}; }
};

using Acpiexec = LoadedTest;

TEST_F(Acpiexec, reads_every_descriptor_as_we_do) {
    if (std::system("acpiexec -h >/dev/null 2>&1") != 0) {
        GTEST_SKIP() << "not run here: acpiexec (package acpica-tools) is not installed";
    }
    Firmware& firmware = load(board);
    auto ours = firmware.resources("\\_SB.GPIO");
    ASSERT_TRUE(ours.ok()) << ours.error().text();
    std::string table;
    for (const auto& entry : std::filesystem::directory_iterator(folder() / "out")) {
        table = entry.path().string();
    }
    const std::vector<Fields> theirs = acpiexec_resources(table);
    ASSERT_EQ(theirs.size(), ours->size() + 1) << "and the end tag";
    for (std::size_t i = 0; i < ours->size(); ++i) {
        const Fields expected = std::visit(AsAcpiexec{}, (*ours)[i].content);
        ASSERT_FALSE(expected.empty());
        for (const auto& [name, value] : expected) {
            const auto field = theirs[i].find(name);
            ASSERT_NE(field, theirs[i].end()) << i << " " << name;
            EXPECT_EQ(field->second, value) << to_string((*ours)[i]) << ": " << name;
        }
    }
}

}  // namespace
}  // namespace gpioclx::firmware
