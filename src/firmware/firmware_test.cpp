#include "firmware/firmware.h"

#include <cstring>

#include "firmware/acpica_data.h"
#include "firmware/loaded_test.h"
#include "firmware/os_layer.h"

namespace gpioclx::firmware {
namespace {

using FirmwareLoad = LoadedTest;

TEST_F(FirmwareLoad, lone_ssdt_gets_the_tables_of_a_platform_around_it) {
    Firmware& firmware = load_blocks({block("Name (\\_SB.AAAA, 7)", "SSDT")});
    EXPECT_EQ(*firmware.evaluate("\\_SB.AAAA"), Value{7});
}

TEST_F(FirmwareLoad, dsdt_and_ssdts_form_one_namespace) {
    Firmware& firmware = load_blocks({block("Device (\\_SB.GPI0) { Name (_HID, \"TEST0001\") }"),
                                      block("External (\\_SB.GPI0, DeviceObj)\n"
                                            "Scope (\\_SB.GPI0) { Name (_UID, 3) }",
                                            "SSDT")});
    auto devices = firmware.devices();
    ASSERT_TRUE(devices.ok());
    ASSERT_EQ(devices->size(), 1u);
    EXPECT_EQ((*devices)[0].uid, "3");
}

TEST_F(FirmwareLoad, second_dsdt_is_refused_with_its_file) {
    auto loaded = try_load({block("Name (\\AAAA, 1)"), block("Name (\\BBBB, 1)")});
    ASSERT_FALSE(loaded.ok());
    EXPECT_TRUE(loaded.error().file.ends_with("t1.asl")) << loaded.error().text();
}

TEST_F(FirmwareLoad, scope_that_is_not_there_is_an_error_in_source) {
    auto loaded =
        try_load({block("External (\\_SB.GPIX, DeviceObj)\n"
                        "Scope (\\_SB.GPIX) { Name (AAAA, 1) }",
                        "SSDT")});
    ASSERT_FALSE(loaded.ok());
    EXPECT_TRUE(loaded.error().file.ends_with("t0.asl")) << loaded.error().text();
    EXPECT_NE(loaded.error().message.find("GPIX"), std::string::npos) << loaded.error().text();
}

TEST_F(FirmwareLoad, scope_that_is_not_there_is_a_message_in_a_binary_table) {
    const auto source = write("t.asl", block("External (\\_SB.GPIX, DeviceObj)\n"
                                             "Scope (\\_SB.GPIX) { Name (AAAA, 1) }\n"
                                             "Name (\\BBBB, 1)",
                                             "SSDT"));
    auto tables = load_tables({source}, folder());
    ASSERT_TRUE(tables.ok()) << tables.error().text();
    tables->front().from_source = false;
    auto loaded = Firmware::load(std::move(*tables), host());
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    EXPECT_TRUE((*loaded)->exists("\\BBBB"));
    EXPECT_NE(host().complaints().find("GPIX"), std::string::npos) << host().complaints();
}

TEST_F(FirmwareLoad, tables_that_only_a_platform_has_are_left_out_and_named) {
    Table madt;
    madt.file = "apic.dat";
    madt.bytes.assign(44, 0);
    const std::uint8_t head[] = {'A', 'P', 'I', 'C', 44, 0, 0, 0, 5};
    std::copy(std::begin(head), std::end(head), madt.bytes.begin());
    set_checksum(madt.bytes);
    auto loaded = Firmware::load({madt}, host());
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    EXPECT_EQ(host().lines().front().text, "apic.dat: table APIC is not used");
}

TEST_F(FirmwareLoad, is_possible_again_after_the_first_is_gone_and_gives_the_same) {
    std::vector<std::string> first;
    {
        Firmware& firmware = load("Name (\\AAAA, 1) Method (\\MMMM) { Debug = \"run\" }");
        EXPECT_TRUE(firmware.evaluate("\\MMMM").ok());
        auto second = try_load({block("Name (\\BBBB, 2)")});
        EXPECT_FALSE(second.ok()) << "one at a time";
        for (const auto& line : host().lines()) first.push_back(line.text);
        unload();
    }
    const std::size_t before = host().lines().size();
    Firmware& firmware = load("Name (\\AAAA, 1) Method (\\MMMM) { Debug = \"run\" }");
    EXPECT_TRUE(firmware.evaluate("\\MMMM").ok());
    EXPECT_FALSE(firmware.exists("\\BBBB"));
    std::vector<std::string> again;
    for (std::size_t i = before; i < host().lines().size(); ++i) {
        again.push_back(host().lines()[i].text);
    }
    EXPECT_EQ(first, again);
}

TEST_F(FirmwareLoad, ini_of_a_present_device_runs_once) {
    Firmware& firmware = load(
        "Device (\\_SB.DEV0) { Name (_HID, \"TEST0001\")\n"
        "Name (CNT0, 0) Method (_INI) { CNT0++ } }");
    EXPECT_EQ(*firmware.evaluate("\\_SB.DEV0.CNT0"), Value{1});
}

// A host whose heap can be saved and put back, as the machine's arena.
class ArenaHost : public SimpleHost {
  public:
    static constexpr std::size_t size = 4 << 20;

    void* allocate(std::size_t bytes) override {
        const std::size_t at = used();
        const std::size_t end = at + (bytes + 15) / 16 * 16;
        if (end > size) return nullptr;
        std::memcpy(arena_.data(), &end, sizeof end);
        return arena_.data() + at;
    }
    void free(void*) override {}
    std::vector<std::byte> save() const {
        std::vector<std::byte> saved(arena_.begin(), arena_.begin() + used());
        for (const MutableRegion& region : acpica_data()) {
            saved.insert(saved.end(), region.begin, region.begin + region.size);
        }
        return saved;
    }
    void restore(const std::vector<std::byte>& saved) {
        std::size_t heap = saved.size();
        for (const MutableRegion& region : acpica_data()) heap -= region.size;
        // What came after the checkpoint is gone, and whoever still points at it shall notice.
        std::memset(arena_.data() + heap, 0xDD, used() - heap);
        std::memcpy(arena_.data(), saved.data(), heap);
        for (const MutableRegion& region : acpica_data()) {
            std::memcpy(region.begin, saved.data() + heap, region.size);
            heap += region.size;
        }
    }

  private:
    std::size_t used() const {
        std::size_t end = 0;
        std::memcpy(&end, arena_.data(), sizeof end);
        return end == 0 ? 16 : end;
    }
    std::vector<std::byte> arena_ = std::vector<std::byte>(size);
};

class Listener : public NotifyHandler {
  public:
    void notify(const std::string& device, std::uint32_t code) override {
        heard.push_back(device + " " + std::to_string(code));
    }
    std::vector<std::string> heard;
};

class Pins : public PinRegionHandler {
  public:
    Result<void> access(const PinAccess&, std::uint64_t& value) override {
        value = 1;
        return {};
    }
};

using Checkpoint = ScratchTest;

TEST_F(Checkpoint, of_acpica_data_and_host_heap_restores_the_namespace) {
    const auto path = write("t.asl", R"(
DefinitionBlock ("", "DSDT", 2, "GXTEST", "FIRMWARE", 1)
{
    Device (\_SB.GPI0) {
        Name (_HID, "TEST0001")
        Name (CNT0, 0)
        Name (REG0, 0)
        Method (_REG, 2) { REG0 = Arg1 }
        Method (MAKE, 1) {
            Increment (CNT0)
            Name (TEMP, 5)
            Notify (GPI0, 0x80)
            Return (CNT0)
        }
    }
})");
    ArenaHost host;
    auto tables = load_tables({path}, folder());
    ASSERT_TRUE(tables.ok()) << tables.error().text();
    auto loaded = Firmware::load(std::move(*tables), host);
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    Firmware& firmware = **loaded;
    EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.MAKE", {1}), Value{1});

    host.run_executed();
    const auto saved = host.save();
    Listener listener;
    Pins pins;
    for (int round = 0; round < 3; ++round) {
        firmware.set_notify_handler(&listener);
        ASSERT_TRUE(firmware.connect_region("\\_SB.GPI0", pins).ok());
        EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.REG0"), Value{1});
        EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.MAKE", {"text"}), Value{2});
        EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.MAKE", {2}), Value{3});
        host.run_executed();
        EXPECT_EQ(listener.heard.size(), 2u * (round + 1));
        host.restore(saved);
        EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.CNT0"), Value{1});
        EXPECT_EQ(*firmware.evaluate("\\_SB.GPI0.REG0"), Value{0});
        EXPECT_FALSE(firmware.disconnect_region("\\_SB.GPI0").ok()) << "was not connected";
    }
    EXPECT_EQ(host.complaints(), "");
}

// So that the list of connections and the handlers go back with ACPICA's variables.
TEST(AcpicaData, contains_the_os_layer) {
    const auto* begin = reinterpret_cast<const std::byte*>(&os_layer);
    const MutableRegion& region = acpica_data().front();
    EXPECT_GE(begin, region.begin);
    EXPECT_LE(begin + sizeof os_layer, region.begin + region.size);
}

// One allocation that fails: the load fails or goes on, and everything is given back.
class PoorHost : public SimpleHost {
  public:
    explicit PoorHost(int failing) : failing_(failing) {}
    ~PoorHost() override { EXPECT_EQ(held_, 0); }
    void* allocate(std::size_t bytes) override {
        if (failing_-- == 0) return nullptr;
        ++held_;
        return SimpleHost::allocate(bytes);
    }
    void free(void* memory) override {
        if (memory != nullptr) --held_;
        SimpleHost::free(memory);
    }

  private:
    int failing_;
    int held_ = 0;
};

TEST_F(FirmwareLoad, survives_any_one_allocation_that_fails) {
    const auto path = write("t.asl",
                            "DefinitionBlock (\"\", \"DSDT\", 2, \"GXTEST\", \"FIRMWARE\", 1)\n"
                            "{ Device (\\_SB.DEV0) { Name (_HID, \"TEST0001\") } }\n");
    auto tables = load_tables({path}, folder());
    ASSERT_TRUE(tables.ok());
    int refused = 0;
    for (int failing = 0; failing < 600; ++failing) {
        PoorHost host(failing);
        auto loaded = Firmware::load(*tables, host);
        if (!loaded) ++refused;
    }
    EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace gpioclx::firmware
