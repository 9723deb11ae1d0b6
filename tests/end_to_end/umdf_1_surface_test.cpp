// What a UMDF 1 driver may rely on, asked by a driver that does nothing else.
#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include "scratch.h"

namespace gpioclx::end_to_end {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t ask = 0x222000;
constexpr std::uint32_t hold = 0x222004;
constexpr std::uint32_t park = 0x222008;
constexpr std::uint32_t unpark = 0x22200C;
constexpr std::uint32_t counts = 0x222010;

class Umdf1SurfaceTest : public testing::Test {
  protected:
    Umdf1SurfaceTest() {
        write_file(scratch.path() / "surface.asl",
                   "DefinitionBlock (\"s.aml\", \"DSDT\", 2, \"GPIOCX\", \"SURFACE\", 1)\n"
                   "{ Scope (\\_SB) { Device (SURF) { Name (_HID, \"GXSF0001\") } } }\n");
        write_file(scratch.path() / "bench.toml",
                   "schema = 1\nfirmware = [\"surface.asl\"]\n[[driver]]\nfolder = \"" +
                       std::string(GX_UMDF_1_SURFACE) + "\"\n");
        board = std::make_unique<Board>(scratch.path() / "bench.toml");
        board->start();
    }
    void TearDown() override {
        board->stop();
        EXPECT_TRUE(nothing_found(*board));
    }
    ScratchFolder scratch;
    std::unique_ptr<Board> board;
};

TEST_F(Umdf1SurfaceTest, interfaces_contexts_memory_targets_work_items_and_queues) {
    File file = board->open("\\_SB.SURF");
    const Completion answer = file.ioctl(ask, {}, 4);
    ASSERT_EQ(answer.output.size(), 4u);
    EXPECT_EQ(answer.output[0] | answer.output[1] << 8, 0) << "line of surface.cpp";
}

TEST_F(Umdf1SurfaceTest, held_request_is_cancelled_by_the_drivers_callback) {
    File file = board->open("\\_SB.SURF");
    PendingRequest request = file.begin_ioctl(hold);
    EXPECT_TRUE(board->run_until_idle());
    EXPECT_FALSE(request.is_completed());
    EXPECT_TRUE(request.cancel());
    EXPECT_EQ(request.wait().status, Status("STATUS_CANCELLED"));
}

TEST_F(Umdf1SurfaceTest, request_in_a_manual_queue_is_taken_from_it) {
    File file = board->open("\\_SB.SURF");
    PendingRequest request = file.begin_ioctl(park, {}, 4);
    EXPECT_TRUE(board->run_until_idle());
    EXPECT_FALSE(request.is_completed());
    EXPECT_EQ(file.ioctl(unpark).status, Status("STATUS_SUCCESS"));
    EXPECT_EQ(request.wait().output, (Bytes{7, 0, 0, 0}));
    EXPECT_EQ(file.ioctl(unpark).status, Status("STATUS_NO_MORE_ENTRIES"));
}

TEST_F(Umdf1SurfaceTest, driver_sees_files_come_and_go) {
    { File file = board->open("\\_SB.SURF"); }
    File file = board->open("\\_SB.SURF");
    const Completion answer = file.ioctl(counts, {}, 16);
    // attached once, two creates, one cleanup, one close
    EXPECT_EQ(answer.output, (Bytes{1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0}));
}

TEST_F(Umdf1SurfaceTest, refused_code_has_the_status_of_its_error) {
    File file = board->open("\\_SB.SURF");
    EXPECT_EQ(file.ioctl(0x222FFC).status, Status("STATUS_NOT_SUPPORTED"));
}

}  // namespace
}  // namespace gpioclx::end_to_end
