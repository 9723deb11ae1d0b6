// What an .inx lets a driver in user mode have (H11, F190).
#include "user_mode_board.h"

namespace gpioclx::umdf_tests {
namespace {

using DirectiveTest = UserModeBoard;

constexpr const char* inx = "drivers/umbutton/umbutton.inx";
constexpr const char* access_line =
    "UmdfDirectHardwareAccess = AllowDirectHardwareAccess   ; its interrupt, its connection";

TEST_F(DirectiveTest, F190_with_the_directive_the_driver_gets_interrupt_and_connection) {
    Board board(shipped());
    board.start();
    board.button("second").press_for(300us);
    EXPECT_TRUE(board.run_until_idle());
    EXPECT_TRUE(board.led("lamp").is_on());
    board.stop();
    EXPECT_TRUE(nothing_found(board));
}

// The driver looks for its connection and fails without one; the finding says what is missing.
TEST_F(DirectiveTest, F190_without_the_directive_the_driver_gets_no_connection_ids) {
    const auto bench = changed(inx, access_line, "");
    // It makes its interrupt in EvtDriverDeviceAdd, which is not allowed then either.
    replace_in_file(bench.parent_path() / "../../drivers/umbutton/umbutton.c",
                    "    if (!NT_SUCCESS(Status)) {\n        return Status;\n    }\n\n"
                    "    return WdfIoTargetCreate",
                    "    return WdfIoTargetCreate");
    Board board(bench);
    EXPECT_THROW(board.start(), StartFailed);
    const Device device = board.device(user_device);
    EXPECT_EQ(device.state, DeviceState::failed);
    EXPECT_EQ(device.failed_in, "EvtDevicePrepareHardware");
    ASSERT_EQ(board.findings().size(), 1u) << text_of(board.findings());
    EXPECT_EQ(board.findings()[0].id, "umdf-002");
    EXPECT_NE(board.findings()[0].sentence.find("UmdfDirectHardwareAccess"), std::string::npos);
}

TEST_F(DirectiveTest, F190_interrupt_in_device_add_needs_the_directive) {
    Board board(changed(inx, access_line, "UmdfDirectHardwareAccess = RejectDirectHardwareAccess"));
    EXPECT_THROW(board.start(), StartFailed);
    const Device device = board.device(user_device);
    EXPECT_EQ(device.failed_in, "EvtDriverDeviceAdd");
    EXPECT_EQ(device.status, Status("STATUS_ACCESS_DENIED"));
    // Said on purpose, so nobody is told.
    EXPECT_TRUE(nothing_found(board));
}

TEST_F(DirectiveTest, bad_directive_has_file_and_line) {
    const auto bench = changed(inx, "AllowDirectHardwareAccess ", "AllowHardware ");
    try {
        Board board(bench);
        FAIL() << "it was read";
    } catch (const BadInput& error) {
        EXPECT_TRUE(error.file().ends_with("umbutton.inx")) << error.what();
        EXPECT_EQ(error.line(), 48) << error.what();
        EXPECT_NE(std::string(error.what())
                      .find("AllowDirectHardwareAccess or "
                            "RejectDirectHardwareAccess"),
                  std::string::npos)
            << error.what();
    }
}

TEST_F(DirectiveTest, function_of_the_kernel_is_named_when_the_driver_is_linked) {
    const auto bench = changed("drivers/umbutton/umbutton.c", "    WDF_DRIVER_CONFIG_INIT(&Config",
                               "    WdfDeviceWdmGetDeviceObject(NULL);\n"
                               "    WDF_DRIVER_CONFIG_INIT(&Config");
    try {
        Board board(bench);
        FAIL() << "it was linked";
    } catch (const BadInput& error) {
        EXPECT_NE(std::string(error.what())
                      .find("WdfDeviceWdmGetDeviceObject, which is a function "
                            "of KMDF, not of UMDF"),
                  std::string::npos)
            << error.what();
        EXPECT_TRUE(error.file().ends_with("umbutton.c"));
    }
}

// METHOD_NEITHER carries addresses of the caller's process.
TEST_F(DirectiveTest, method_neither_is_rejected_unless_it_is_copied) {
    constexpr std::uint32_t neither = get_presses | 3;
    const auto bench = changed("drivers/umbutton/umbuttonioctl.h", "0x801, METHOD_BUFFERED",
                               "0x801, METHOD_NEITHER");
    {
        Board board(bench);
        board.start();
        EXPECT_EQ(board.open(user_device).ioctl(neither, {}, 4).status,
                  Status("STATUS_INVALID_DEVICE_REQUEST"));
    }
    Board board(changed(inx, "UmdfHostProcessSharing ",
                        "UmdfMethodNeitherAction = Copy\nUmdfHostProcessSharing "));
    board.start();
    const Completion answer = board.open(user_device).ioctl(neither, {}, 4);
    EXPECT_EQ(answer.status, Status("STATUS_SUCCESS"));
    EXPECT_EQ(answer.output, (Bytes{0, 0, 0, 0}));
}

}  // namespace
}  // namespace gpioclx::umdf_tests
