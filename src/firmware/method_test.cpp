#include "firmware/loaded_test.h"

namespace gpioclx::firmware {
namespace {

using Method = LoadedTest;

TEST_F(Method, gets_arguments_of_every_type_and_returns_them) {
    Firmware& firmware = load("Method (\\ECHO, 1) { Return (Arg0) }");
    const std::vector<Value> values{7, 0x1'0000'0000u, "text", Buffer{1, 2, 3},
                                    Package{1, "two", Buffer{3}, Package{4}}};
    for (const Value& value : values) {
        auto result = firmware.evaluate("\\ECHO", {value});
        ASSERT_TRUE(result.ok()) << result.error().text();
        EXPECT_EQ(*result, value) << to_string(value);
    }
}

TEST_F(Method, gets_several_arguments_in_order) {
    Firmware& firmware = load("Method (\\SUB0, 2) { Return (Arg0 - Arg1) }");
    EXPECT_EQ(*firmware.evaluate("\\SUB0", {9, 4}), Value{5});
}

TEST_F(Method, that_returns_nothing_gives_an_empty_value) {
    Firmware& firmware = load("Name (\\AAAA, 0) Method (\\SET0, 1) { AAAA = Arg0 }");
    auto result = firmware.evaluate("\\SET0", {9});
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(*result, Value{});
    EXPECT_EQ(*firmware.evaluate("\\AAAA"), Value{9});
}

TEST_F(Method, reference_in_a_package_is_a_path) {
    Firmware& firmware = load(
        "Device (\\_SB.GPI0) { Name (_HID, \"TEST0001\") }\n"
        "Name (\\LIST, Package () { \\_SB.GPI0, 2 })");
    EXPECT_EQ(*firmware.evaluate("\\LIST"), (Value{Package{Reference{"\\_SB.GPI0"}, 2}}));
}

TEST_F(Method, that_does_not_exist_is_named) {
    Firmware& firmware = load("Name (\\AAAA, 0)");
    auto result = firmware.evaluate("\\_SB.NONE");
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().message, "\\_SB.NONE does not exist");
    EXPECT_FALSE(firmware.evaluate("AAAA").ok()) << "paths are absolute";
    EXPECT_FALSE(firmware.has_method("\\AAAA"));
    EXPECT_TRUE(firmware.exists("\\AAAA"));
}

TEST_F(Method, that_fails_says_why) {
    Firmware& firmware =
        load("Method (\\FAIL) { Local0 = \"\\\\NONE\" Return (DerefOf (Local0)) }");
    auto result = firmware.evaluate("\\FAIL");
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().message, "\\FAIL: AE_NOT_FOUND");
    EXPECT_NE(result.error().hint, "");
}

TEST_F(Method, messages_contain_no_pointers) {
    Firmware& firmware = load(
        "OperationRegion (\\REGN, GeneralPurposeIo, 0, 1)\n"
        "Method (\\FAIL) { Local0 = \"\\\\NONE\" Return (DerefOf (Local0)) }\n"
        "Method (\\SHOW) { Debug = Buffer () {1, 2, 3} Debug = FAIL }");
    EXPECT_FALSE(firmware.evaluate("\\FAIL").ok());
    EXPECT_FALSE(firmware.evaluate("\\SHOW").ok());
    for (const auto& line : host().lines()) {
        EXPECT_EQ(line.text.find("0x0000"), std::string::npos) << line.text;
        EXPECT_EQ(line.text.find("0x7f"), std::string::npos) << line.text;
        EXPECT_EQ(line.text.find("0x55"), std::string::npos) << line.text;
    }
}

TEST_F(Method, debug_output_reaches_the_host) {
    Firmware& firmware = load("Method (\\SHOW) { Debug = \"pin\"  Debug = 0x2A }");
    ASSERT_TRUE(firmware.evaluate("\\SHOW").ok());
    std::vector<std::string> lines;
    for (const auto& line : host().lines()) {
        if (line.level == LogLevel::aml_debug) lines.push_back(line.text);
    }
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_NE(lines[0].find("\"pin\""), std::string::npos) << lines[0];
    EXPECT_NE(lines[1].find("000000000000002A"), std::string::npos) << lines[1];
}

TEST_F(Method, sleep_and_stall_advance_the_hosts_clock_and_timer_reads_it) {
    Firmware& firmware =
        load("Method (\\WAIT) { Local0 = Timer  Sleep (3)  Stall (50)  Return (Timer - Local0) }");
    EXPECT_EQ(*firmware.evaluate("\\WAIT"), Value{3 * 10'000 + 500});
}

TEST_F(Method, acquire_of_a_free_mutex_succeeds_and_wait_for_an_event_times_out) {
    Firmware& firmware = load(
        "Mutex (\\MTX0, 0) Event (\\EVT0)\n"
        "Method (\\LOCK) { Local0 = Acquire (MTX0, 100)\n"
        "  Release (MTX0) Return (Local0) }\n"
        "Method (\\WAIT) { Return (Wait (EVT0, 20)) }\n"
        "Method (\\SIGN) { Signal (EVT0) Return (Wait (EVT0, 20)) }");
    EXPECT_EQ(*firmware.evaluate("\\LOCK"), Value{0});
    const std::uint64_t before = host().now_100ns();
    EXPECT_EQ(*firmware.evaluate("\\WAIT"), Value{~std::uint64_t{0}});
    EXPECT_EQ(host().now_100ns() - before, 20u * 10'000);
    EXPECT_EQ(*firmware.evaluate("\\SIGN"), Value{0});
}

TEST_F(Method, system_memory_and_ports_are_the_hosts) {
    Firmware& firmware = load(
        "OperationRegion (\\REGM, SystemMemory, 0x100000, 0x10)\n"
        "Field (\\REGM, DWordAcc, NoLock, Preserve) { RG00, 32, RG04, 4 }\n"
        "OperationRegion (\\REGP, SystemIO, 0x600, 4)\n"
        "Field (\\REGP, ByteAcc, NoLock, Preserve) { PRT0, 8 }\n"
        "Method (\\SET0) { RG04 = 5  PRT0 = 0x33 }");
    host().write_memory(0x100000, 32, 0xDEADBEEF);
    host().write_memory(0x100004, 32, 0x000000F0);
    EXPECT_EQ(*firmware.evaluate("\\RG00"), Value{0xDEADBEEFu});
    ASSERT_TRUE(firmware.evaluate("\\SET0").ok());
    EXPECT_EQ(*host().read_memory(0x100004, 32), 0xF5u);
    EXPECT_EQ(*host().read_port(0x600, 8), 0x33u);
}

TEST_F(Method, notify_reaches_the_handler_as_deferred_work) {
    class Listener : public NotifyHandler {
      public:
        void notify(const std::string& device, std::uint32_t code) override {
            heard += device + " " + std::to_string(code) + ";";
        }
        std::string heard;
    } listener;
    Firmware& firmware = load(
        "Device (\\_SB.BTN0) { Name (_HID, \"TEST0002\") }\n"
        "Method (\\PING) { Notify (\\_SB.BTN0, 0x80) Notify (\\_SB.BTN0, 1) }");
    firmware.set_notify_handler(&listener);
    ASSERT_TRUE(firmware.evaluate("\\PING").ok());
    EXPECT_EQ(listener.heard, "");
    host().run_executed();
    EXPECT_EQ(listener.heard, "\\_SB.BTN0 128;\\_SB.BTN0 1;");
    firmware.set_notify_handler(nullptr);
    ASSERT_TRUE(firmware.evaluate("\\PING").ok());
    host().run_executed();
}

// The controller's list of ActiveBoth pins that are asserted high (A30).
constexpr char active_both_dsm[] = R"(
Device (\_SB.GPI0) {
    Name (_HID, "TEST0001")
    Method (_DSM, 4, Serialized) {
        If (Arg0 == ToUUID ("4F248F40-D5E2-499F-834C-27758EA1CD3F")) {
            Switch (ToInteger (Arg2)) {
                Case (0) { Return (Buffer () { 3 }) }
                Case (1) { Return (Package () { 4, 0xFFFF }) }
            }
        }
        Return (Buffer () { 0 })
    }
})";
constexpr char active_both_uuid[] = "{4F248F40-D5E2-499F-834C-27758EA1CD3F}";

TEST_F(Method, A30_dsm_answers_by_uuid_and_function) {
    Firmware& firmware = load(active_both_dsm);
    EXPECT_EQ(*firmware.dsm("\\_SB.GPI0", active_both_uuid, 0, 1), (Value{Package{4, 0xFFFF}}));
    EXPECT_TRUE(*firmware.dsm_supports("\\_SB.GPI0", active_both_uuid, 0, 1));
    EXPECT_FALSE(*firmware.dsm_supports("\\_SB.GPI0", active_both_uuid, 0, 2));
}

TEST_F(Method, A32_dsm_of_an_unknown_uuid_supports_nothing) {
    Firmware& firmware = load(active_both_dsm);
    EXPECT_FALSE(
        *firmware.dsm_supports("\\_SB.GPI0", "00000000-d5e2-499f-834c-27758ea1cd3f", 0, 0));
    EXPECT_FALSE(firmware.dsm("\\_SB.GPI0", "no uuid", 0, 0).ok());
}

}  // namespace
}  // namespace gpioclx::firmware
