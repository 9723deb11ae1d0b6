// Tables of the size that real machines have: hundreds of devices, of which the board serves a few.
#include <algorithm>
#include <map>

#include "board_test.h"
#include "firmware/asl.h"
#include "firmware/table.h"

namespace gpioclx::bench {
namespace {

constexpr int device_count = 450;

class LargeTableTest : public BoardTest {
  protected:
    // Controllers GPI0 (with driver and model) and BIG0 (without), a bus, and users of their pins.
    static std::string devices() {
        std::string text = "}\n";  // of DEV0
        text += R"(
        Device (BIG0) {
            Name (_HID, "TESTFF01")
            Name (_CRS, ResourceTemplate () { Memory32Fixed (ReadWrite, 0xfed80000, 0x1000) })
        }
        Device (I2C0) { Name (_HID, "TESTFF02") }
)";
        for (int i = 0; i < device_count; ++i) {
            text += fmt::format(R"(
        Device (D{0:03X}) {{
            Name (_HID, "TEST{0:04X}")
            Name (_UID, {0})
            Name (_DEP, Package () {{ \_SB.I2C0, \_SB.BIG0 }})
            Method (_STA) {{ Return (0xF) }}
            Method (_CRS) {{
                Name (RBUF, ResourceTemplate () {{
                    I2cSerialBusV2 (0x{1:02x}, ControllerInitiated, 400000, AddressingMode7Bit, "\\_SB.I2C0")
                    GpioInt (Level, ActiveLow, Exclusive, PullUp, 0, "\\_SB.BIG0") {{ {2} }}
                    GpioIo (Exclusive, PullDefault, 0, 0, IoRestrictionOutputOnly, "\\_SB.BIG0") {{ {3} }}
                }})
                Return (RBUF)
            }}
        }}
)",
                                i, 8 + i % 100, 2 * i, 2 * i + 1);
        }
        text += R"(
        Device (LED0) {
            Name (_HID, "GXLD0001")
            Name (_CRS, ResourceTemplate () {
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly, "\\_SB.GPI0") { 5 }
            })
        )";
        return text + "}";
    }
    static std::string led_driver() {
        return fmt::format("[[driver]]\nfolder = \"{}/drivers/led\"\n", GX_EXAMPLES);
    }

    // Who uses a pin of BIG0, by its resource text.
    void check_listing() {
        auto shown = session_->show("resources");
        ASSERT_TRUE(shown.ok());
        std::map<std::string, std::string> user_of;
        std::map<std::string, nlohmann::json> by_path;
        for (const auto& row : shown->at("resources")) {
            const std::string text = row.at("resource");
            if (text.find("Gpio") == 0) user_of[text.substr(0, text.find(','))] = row.at("path");
            by_path[row.at("path")] = row;
        }
        EXPECT_EQ(user_of["GpioInt \\_SB.BIG0 pin 0"], "\\_SB.D000");
        EXPECT_EQ(user_of["GpioInt \\_SB.BIG0 pin 898"], "\\_SB.D1C1");
        EXPECT_EQ(user_of["GpioIo \\_SB.BIG0 pin 899"], "\\_SB.D1C1");
        EXPECT_EQ(user_of["GpioIo \\_SB.GPI0 pin 5"], "\\_SB.LED0");
        EXPECT_EQ(by_path.size(), device_count + 5u);
        EXPECT_EQ(by_path["\\_SB.D000"].at("driver"), "none");
        EXPECT_EQ(by_path["\\_SB.LED0"].at("driver"), "led");
        EXPECT_EQ(by_path["\\_SB.BIG0"].at("model"), "none");
        EXPECT_EQ(by_path["\\_SB.GPI0"].at("model"), "pl061");
        EXPECT_EQ(by_path["\\_SB.D000"].at("model"), "");
        EXPECT_EQ(shown->at("problems").size(), 0u) << shown->at("problems").dump(1);
    }
    void check_run(int unserved = device_count + 1) {
        auto started = session_->start();
        ASSERT_TRUE(started.ok());
        std::map<std::string, int> states;
        for (const auto& device : started->at("devices")) ++states[device.at("state")];
        EXPECT_EQ(states["started"], 4)
            << "GPI0, DEV0, LED0, and the I2C bus by the tool's own driver";
        EXPECT_EQ(states["no driver"], unserved);
        EXPECT_EQ(session_->findings().size(), 0u) << findings();
    }
};

TEST_F(LargeTableTest, from_source_loads_lists_all_users_of_pins_and_starts_what_is_served) {
    write("board.asl", asl("", devices()));
    ASSERT_EQ(open(write("board.toml", bench("\"board.asl\"", led_driver()))), "");
    check_listing();
    check_run();
}

// As acpixtract writes the tables of a dump: a DSDT, SSDTs, and tables that nobody needs here.
TEST_F(LargeTableTest, binary_tables_of_a_dump_are_the_same_board) {
    const auto table = [&](const std::string& name, const std::string& source) {
        auto file = firmware::compile_asl(write(name + ".asl", source), folder_ / "out");
        ASSERT_TRUE(file.ok()) << file.error().text();
        std::filesystem::copy_file(*file, folder_ / (name + ".dat"));
    };
    table("dsdt", R"(DefinitionBlock ("", "DSDT", 2, "GXTEST", "BOARD", 1) {
        Device (\_SB.ROOT) { Name (_HID, "TEST00FF") } })");
    std::string second = asl("", devices());
    second.replace(second.find("DSDT"), 4, "SSDT");
    table("ssdt1", second);
    std::string facs(64, '\0');
    facs.replace(0, 4, "FACS");
    facs[4] = 64;
    write("facs.dat", facs);
    write("rsdp.dat", "RSD PTR " + std::string(28, '\0'));
    ASSERT_EQ(
        open(write("board.toml",
                   bench("\"dsdt.dat\", \"ssdt1.dat\", \"facs.dat\", \"rsdp.dat\"", led_driver()))),
        "");
    auto shown = session_->show("resources");
    ASSERT_TRUE(shown.ok());
    EXPECT_EQ(shown->at("problems").size(), 0u) << shown->at("problems").dump(1);
    check_run(device_count + 2);
}

}  // namespace
}  // namespace gpioclx::bench
