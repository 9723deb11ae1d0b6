// The controller's _DSM: which level of an emulated ActiveBoth pin is the asserted one (10.5).
#include "board_test.h"

namespace gpioclx::bench {
namespace {

class AssertedLevelTest : public BoardTest {
  protected:
    // Pins 3 and 4 are ActiveBoth events; `result` is what _DSM function 1 returns.
    Result<nlohmann::json> start_with(const std::string& result,
                                      const std::string& query = "Buffer () {3}") {
        write("board.asl", asl(R"(
        Name (_AEI, ResourceTemplate () {
            GpioInt (Edge, ActiveBoth, Exclusive, PullNone, 0, "\\_SB.GPI0") { 3 }
            GpioInt (Edge, ActiveBoth, Exclusive, PullNone, 0, "\\_SB.GPI0") { 4 }
        })
        Method (_EVT, 1) { }
        Method (_DSM, 4, Serialized) {
            If (Arg0 != ToUUID ("4F248F40-D5E2-499F-834C-27758EA1CD3F")) { Return (Buffer () {0}) }
            If (Arg2 == 0) { Return ()" +
                                   query + R"() }
            Return ()" + result + R"()
        })",
                               "}", "GXEM0001"));
        const std::string driver =
            fmt::format("[[driver]]\nfolder = \"{}/emulating\"\n", GX_TEST_DRIVERS);
        EXPECT_EQ(open(write("board.toml", bench("\"board.asl\"", driver))), "");
        // Each at the level that is not asserted for it, so that neither fires at once.
        EXPECT_EQ(try_step("set GPI0.3 low"), "");
        EXPECT_EQ(try_step("set GPI0.4 high"), "");
        return session_->start();
    }
    std::string trigger(int pin) {
        auto pins = session_->show("pins");
        for (const auto& row : pins->at("pins")) {
            if (row.at("pin") == pin) return row.at("trigger");
        }
        return "?";
    }
};

TEST_F(AssertedLevelTest, F101_pins_that_DSM_lists_start_with_ActiveHigh) {
    ASSERT_TRUE(start_with("Package () {3}").ok());
    EXPECT_EQ(trigger(3), "high level");
    EXPECT_EQ(trigger(4), "low level");
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(AssertedLevelTest, A31_without_function_1_all_pins_start_with_ActiveLow) {
    ASSERT_TRUE(start_with("Package () {4}", "Buffer () {1}").ok());
    EXPECT_EQ(trigger(4), "low level");
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(AssertedLevelTest, F102_0xffff_is_ignored) {
    ASSERT_TRUE(start_with("Package () {0xffff, 3, 0xffff}").ok());
    EXPECT_EQ(trigger(3), "high level");
    EXPECT_EQ(session_->findings().size(), 0u) << findings();
}

TEST_F(AssertedLevelTest, F102_malformed_data_is_bug_check_138_cause_7) {
    for (const char* result :
         {"Buffer () {1, 2}", "Package () {3, \"three\"}", "Package () {8}", "3"}) {
        session_.reset();
        start_with(result);
        EXPECT_TRUE(session_->halted()) << result;
        EXPECT_TRUE(found("firmware-103")) << result << "\n" << findings();
        EXPECT_NE(findings().find("_DSM function 1"), std::string::npos) << findings();
        EXPECT_TRUE(found("fault-001")) << result << "\n" << findings();
    }
}

TEST_F(AssertedLevelTest, F102_malformed_answer_to_the_query_names_function_0) {
    start_with("Package () {3}", "\"yes\"");
    EXPECT_TRUE(session_->halted());
    EXPECT_NE(findings().find("_DSM function 0"), std::string::npos) << findings();
}

}  // namespace
}  // namespace gpioclx::bench
