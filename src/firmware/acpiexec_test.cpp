// The files of corpus/ through acpiexec, ACPICA's own tool: both must decode every descriptor
// alike.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <map>
#include <sstream>

#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

using Fields = std::map<std::string, std::string>;

// "   Name : value" lines under "[nn] Kind Resource" headings.
std::vector<Fields> acpiexec_resources(const std::string& table) {
    const std::string command =
        "acpiexec -b 'resources \\_SB.DEV0' " + table + " 2>/dev/null </dev/null";
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

// The fields as acpiexec prints them. It names a source as the table does, we by its full path.
class AsAcpiexec {
  public:
    AsAcpiexec(const Resource& resource, std::size_t place)
        : tag_(resource.raw[0] >= 0x80 ? resource.raw[0] : resource.raw[0] & 0x78), place_(place) {}

    Fields operator()(const Memory& memory) const {
        Fields fields{{"Write Protect", memory.writable ? "ReadWrite" : "ReadOnly"}};
        switch (tag_) {
            case 0x81:  // in units of 256 bytes
                fields["Kind"] = "24-Bit Memory Range Resource";
                return range(fields, memory.base >> 8, memory.length >> 8, 4);
            case 0x85:
                fields["Kind"] = "32-Bit Memory Range Resource";
                return range(fields, memory.base, memory.length, 8);
            case 0x86:
                fields["Kind"] = "32-Bit Fixed Memory Range Resource";
                fields["Address"] = hex(memory.base, 8);
                fields["Address Length"] = hex(memory.length, 8);
                return fields;
            default: return address_space(fields, "Memory Range", memory.base, memory.length);
        }
    }
    Fields operator()(const Port& port) const {
        switch (tag_) {
            case 0x40:
                return {{"Kind", "I/O Resource"},
                        {"Address Minimum", hex(port.base, 4)},
                        {"Address Length", hex(port.length, 2)}};
            case 0x48:
                return {{"Kind", "Fixed I/O Resource"},
                        {"Address", hex(port.base, 4)},
                        {"Address Length", hex(port.length, 2)}};
            default: return address_space({}, "I/O Range", port.base, port.length);
        }
    }
    Fields operator()(const Interrupt& interrupt) const {
        Fields fields{{"Triggering", trigger(interrupt.trigger)},
                      {"Polarity", polarity(interrupt.polarity)},
                      {"Sharing", sharing(interrupt.shared)}};
        if (interrupt.small) {
            fields["Kind"] = "IRQ Resource";
            fields["Interrupt List"] = std::to_string(interrupt.gsi);
        } else {
            fields["Kind"] = "Extended IRQ Resource";
            fields[fmt::format("Dword{:02X}", place_)] = hex(interrupt.gsi, 8);
        }
        return fields;
    }
    Fields operator()(const GpioInt& gpio) const {
        Fields fields = connection("GPIO Resource", gpio);
        fields["ConnectionType"] = "Interrupt";
        fields["Triggering"] = trigger(gpio.trigger);
        fields["Polarity"] = polarity(gpio.polarity);
        fields["DebounceTimeout"] = hex(gpio.debounce_10us, 4);
        fields["PinConfig"] = pull(gpio.pull);
        return pins(fields, {gpio.pin});
    }
    Fields operator()(const GpioIo& gpio) const {
        const char* restrictions[] = {"IoRestrictionNone", "IoRestrictionInputOnly",
                                      "IoRestrictionOutputOnly", "IoRestrictionNoneAndPreserve"};
        Fields fields = connection("GPIO Resource", gpio);
        fields["ConnectionType"] = "I/O";
        fields["IoRestriction"] = restrictions[static_cast<int>(gpio.restriction)];
        fields["DriveStrength"] = hex(gpio.drive_strength_10ua, 4);
        fields["DebounceTimeout"] = hex(gpio.debounce_10us, 4);
        fields["PinConfig"] = pull(gpio.pull);
        return pins(fields, gpio.pins);
    }
    Fields operator()(const FunctionConfig& config) const {
        Fields fields = connection("PinFunction Resource", config);
        fields["FunctionNumber"] = hex(config.function, 4);
        fields["PinConfig"] = pull(config.pull);
        return pins(fields, config.pins);
    }
    Fields operator()(const PinConfig& config) const {
        Fields fields = connection("PinConfig Resource", config);
        fields["PinConfigType"] = hex(config.type, 2);
        fields["PinConfigValue"] = hex(config.value, 8);
        return pins(fields, config.pins);
    }
    Fields operator()(const PinGroup& group) const {
        return pins({{"Kind", "PinGroup Resource"},
                     {"Resource Label", group.label},
                     {"VendorData", vendor(group.vendor_data)}},
                    group.pins);
    }
    Fields operator()(const PinGroupFunction& config) const {
        Fields fields = connection("PinGroupFunction Resource", config);
        fields["FunctionNumber"] = hex(config.function, 4);
        fields["Resource Source Label"] = config.label;
        return fields;
    }
    Fields operator()(const PinGroupConfig& config) const {
        Fields fields = connection("PinGroupConfig Resource", config);
        fields["PinConfigType"] = hex(config.type, 2);
        fields["PinConfigValue"] = hex(config.value, 8);
        fields["Resource Source Label"] = config.label;
        return fields;
    }
    Fields operator()(const I2c& i2c) const {
        Fields fields = bus("I2C Serial Bus Resource", i2c);
        fields["AccessMode"] = i2c.ten_bit ? "AddressingMode10Bit" : "AddressingMode7Bit";
        fields["ConnectionSpeed"] = hex(i2c.speed_hz, 8);
        fields["SlaveAddress"] = hex(i2c.address, 4);
        return fields;
    }
    Fields operator()(const Spi& spi) const {
        Fields fields = bus("Spi Serial Bus Resource", spi);
        fields["WireMode"] = spi.three_wires ? "ThreeWireMode" : "FourWireMode";
        fields["DevicePolarity"] = spi.select_high ? "PolarityHigh" : "PolarityLow";
        fields["DataBitLength"] = hex(spi.data_bits, 2);
        fields["ClockPhase"] = spi.second_phase ? "ClockPhaseSecond" : "ClockPhaseFirst";
        fields["ClockPolarity"] = spi.clock_starts_high ? "ClockPolarityHigh" : "ClockPolarityLow";
        fields["DeviceSelection"] = hex(spi.device_selection, 4);
        fields["ConnectionSpeed"] = hex(spi.speed_hz, 8);
        return fields;
    }
    Fields operator()(const Uart& uart) const {
        const char* flows[] = {"FlowControlNone", "FlowControlHardware", "FlowControlXON"};
        const char* parities[] = {"ParityTypeNone", "ParityTypeEven", "ParityTypeOdd",
                                  "ParityTypeMark", "ParityTypeSpace"};
        const char* stops[] = {"StopBitsZero", "?", "StopBitsOne", "StopBitsOnePlusHalf",
                               "StopBitsTwo"};
        const char* data[] = {"DataBitsFive", "DataBitsSix", "DataBitsSeven", "DataBitsEight",
                              "DataBitsNine"};
        Fields fields = bus("Uart Serial Bus Resource", uart);
        fields["FlowControl"] = flows[static_cast<int>(uart.flow_control)];
        fields["Parity"] = parities[static_cast<int>(uart.parity)];
        fields["StopBits"] = stops[uart.stop_half_bits];
        fields["DataBits"] = data[uart.data_bits - 5];
        fields["Endian"] = uart.big_endian ? "BigEndian" : "LittleEndian";
        fields["LinesEnabled"] = hex(uart.lines, 2);
        fields["RxFifoSize"] = hex(uart.receive_fifo, 4);
        fields["TxFifoSize"] = hex(uart.transmit_fifo, 4);
        fields["ConnectionSpeed"] = hex(uart.baud, 8);
        return fields;
    }
    Fields operator()(const Other& other) const {
        static const std::map<std::string, std::string> kinds = {
            {"DMA", "DMA Resource"},
            {"FixedDMA", "FixedDma Resource"},
            {"VendorShort", "Vendor Specific Resource"},
            {"VendorLong", "Vendor Specific Resource"},
            {"bus numbers", "16-Bit WORD Address Space Resource"},
            {"Register", "Generic Register Resource"}};
        const auto kind = kinds.find(other.name);
        return {{"Kind", kind != kinds.end() ? kind->second : "?" + other.name}};
    }

  private:
    static std::string hex(std::uint64_t value, int digits) {
        return fmt::format("{:0{}X}", value, digits);
    }
    static std::string sharing(bool shared) { return shared ? "Shared" : "Exclusive"; }
    static std::string trigger(Trigger trigger) {
        return trigger == Trigger::edge ? "Edge" : "Level";
    }
    static std::string polarity(Polarity polarity) {
        const char* names[] = {"ActiveHigh", "ActiveLow", "ActiveBoth"};
        return names[static_cast<int>(polarity)];
    }
    static std::string pull(Pull pull) {
        const char* names[] = {"PullDefault", "PullUp", "PullDown", "PullNone"};
        return names[pull];
    }
    static std::string vendor(const std::vector<std::uint8_t>& data) {
        return fmt::format("{:X}", fmt::join(data, " "));
    }
    static Fields range(Fields fields, std::uint64_t base, std::uint64_t length, int digits) {
        fields["Address Minimum"] = hex(base, digits);
        fields["Address Length"] = hex(length, digits);
        return fields;
    }
    Fields address_space(Fields fields, const char* type, std::uint64_t base,
                         std::uint64_t length) const {
        static const std::map<int, std::pair<const char*, int>> kinds = {
            {0x87, {"32-Bit DWORD Address Space Resource", 8}},
            {0x88, {"16-Bit WORD Address Space Resource", 4}},
            {0x8A, {"64-Bit QWORD Address Space Resource", 16}},
            {0x8B, {"64-Bit Extended Address Space Resource", 16}}};
        const auto& [kind, digits] = kinds.at(tag_);
        fields["Kind"] = kind;
        fields["Resource Type"] = type;
        return range(fields, base, length, digits);
    }
    static Fields connection(const char* kind, const auto& user) {
        return {{"Kind", kind},
                {"Resource Source", user.controller},
                {"Sharing", sharing(user.shared)},
                {"VendorData", vendor(user.vendor_data)}};
    }
    static Fields bus(const char* kind, const auto& user) {
        return {{"Kind", kind},
                {"Resource Source", user.bus},
                {"ConnectionSharing", sharing(user.shared)},
                {"VendorData", vendor(user.vendor_data)}};
    }
    static Fields pins(Fields fields, const std::vector<std::uint16_t>& list) {
        fields["PinTableLength"] = hex(list.size(), 4);
        for (std::size_t i = 0; i < list.size(); ++i) {
            fields[fmt::format("Word{:02X}", i)] = hex(list[i], 4);
        }
        return fields;
    }

    int tag_;
    std::size_t place_;  // of an interrupt in its descriptor
};

class Acpiexec : public LoadedTest {
  protected:
    void compare(const char* file) {
        if (std::system("acpiexec -h >/dev/null 2>&1") != 0) {
            GTEST_SKIP() << "not run here: acpiexec (package acpica-tools) is not installed";
        }
        const std::filesystem::path source = std::filesystem::path(GX_FIRMWARE_CORPUS) / file;
        auto tables = load_tables({source}, folder() / "out");
        ASSERT_TRUE(tables.ok()) << tables.error().text();
        Firmware& firmware = load_these(std::move(*tables));
        auto ours = firmware.resources("\\_SB.DEV0");
        ASSERT_TRUE(ours.ok()) << ours.error().text();
        std::string table;
        for (const auto& entry : std::filesystem::directory_iterator(folder() / "out")) {
            table = entry.path().string();
        }
        const std::vector<Fields> theirs = acpiexec_resources(table);
        ASSERT_EQ(static_cast<int>(theirs.size()), ours->back().descriptor + 2)
            << "and the end tag";
        for (std::size_t i = 0; i < ours->size(); ++i) {
            const Resource& resource = (*ours)[i];
            std::size_t place = 0;
            while (place < i && (*ours)[i - place - 1].descriptor == resource.descriptor) ++place;
            const Fields& actual = theirs[static_cast<std::size_t>(resource.descriptor)];
            for (const auto& [name, value] :
                 std::visit(AsAcpiexec(resource, place), resource.content)) {
                const auto field = actual.find(name);
                ASSERT_NE(field, actual.end()) << to_string(resource) << ": no " << name;
                // Relative names and lists of several small interrupts: ours is a part of theirs.
                const bool relative = name == "Resource Source" && !field->second.starts_with("\\");
                const bool list = name == "Interrupt List";
                const std::string& whole = relative ? value : field->second;
                const std::string& part = relative ? field->second : value;
                if (relative || list) {
                    EXPECT_NE(whole.find(part), std::string::npos) << to_string(resource);
                } else {
                    EXPECT_EQ(field->second, value) << to_string(resource) << ": " << name;
                }
            }
        }
    }
};

TEST_F(Acpiexec, F162_reads_gpio_as_we_do) { compare("gpio.asl"); }
TEST_F(Acpiexec, F162_reads_interrupts_as_we_do) { compare("interrupts.asl"); }
TEST_F(Acpiexec, F162_reads_mixed_as_we_do) { compare("mixed.asl"); }
TEST_F(Acpiexec, F162_reads_pins_as_we_do) { compare("pins.asl"); }
TEST_F(Acpiexec, F162_reads_ranges_as_we_do) { compare("ranges.asl"); }
TEST_F(Acpiexec, F162_reads_serial_buses_as_we_do) { compare("serial_buses.asl"); }
TEST_F(Acpiexec, F162_reads_unused_as_we_do) { compare("unused.asl"); }

}  // namespace
}  // namespace gpioclx::firmware
