#include "scale_board.h"

#include <fmt/format.h>

#include <fstream>

namespace gpioclx::benchmarks {
namespace {

namespace fs = std::filesystem;

constexpr unsigned pins_per_bank = 64;
constexpr unsigned quiet_per_bank = 4;
constexpr unsigned first_interrupt = 39;

// An interrupt for each bank, or the same for all of them: there are not enough numbers for 1024
// banks.
std::string controller_asl(unsigned index, unsigned banks, bool shares_interrupt) {
    std::string interrupts;
    for (unsigned bank = 0; bank < banks; ++bank) {
        interrupts += fmt::format(
            "                Interrupt (ResourceConsumer, Level, ActiveHigh, {}) {{ {} }}\n",
            shares_interrupt ? "Shared" : "Exclusive",
            first_interrupt + index + (shares_interrupt ? 0 : bank));
    }
    return fmt::format(R"(
        Device (W{0:03X})
        {{
            Name (_HID, "GXWD0001")
            Name (_UID, {0})
            Name (_CRS, ResourceTemplate ()
            {{
                Memory32Fixed (ReadWrite, 0x{1:08X}, 0x{2:X})
{3}            }})
        }}
)",
                       index, 0x10000000 + index * 0x10000, banks * 0x60, interrupts);
}

// Its pins are the bank's last ones: the first are those that are measured.
std::string quiet_peripheral_asl(unsigned index, unsigned banks) {
    std::string pins;
    for (unsigned bank = 0; bank < banks; ++bank) {
        for (unsigned i = 0; i < quiet_per_bank; ++i) {
            pins += fmt::format(
                "                GpioInt (Edge, ActiveBoth, Exclusive, PullNone, 0, "
                "\"\\\\_SB.W{:03X}\") {{ {} }}\n",
                index, (bank + 1) * pins_per_bank - quiet_per_bank + i);
        }
    }
    return fmt::format(R"(
        Device (Q{0:03X})
        {{
            Name (_HID, "GXQP0001")
            Name (_UID, {0})
            Name (_CRS, ResourceTemplate ()
            {{
{1}            }})
        }}
)",
                       index, pins);
}

std::string load_asl(unsigned controller, unsigned first_pin) {
    return fmt::format(R"(
        Device (PIN0)
        {{
            Name (_HID, "GXPL0001")
            Name (_UID, Zero)
            Name (_CRS, ResourceTemplate ()
            {{
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly, "\\_SB.W{0:03X}") {{ {1} }}
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly, "\\_SB.W{0:03X}") {{ {2}, {3} }}
                GpioInt (Edge, ActiveHigh, Exclusive, PullNone, 0, "\\_SB.W{0:03X}") {{ {4} }}
            }})
        }}
)",
                       controller, first_pin, first_pin + 2, first_pin + 3, first_pin + 1);
}

}  // namespace

ScaleBoard write_scale_board(const fs::path& folder, unsigned controllers, bool small) {
    fs::create_directories(folder);
    const unsigned banks = small ? 1 : 4;
    const unsigned first_pin = (banks - 1) * pins_per_bank;
    const fs::path drivers = fs::path(GX_BENCHMARK_SOURCE) / "drivers";
    std::ofstream asl(folder / "scale.asl");
    std::ofstream bench(folder / "scale.toml");
    asl << "DefinitionBlock (\"scale.aml\", \"DSDT\", 2, \"GPIOCX\", \"SCALE\", 1)\n{\n"
           "    Scope (\\_SB)\n    {\n";
    bench << "schema = 1\nfirmware = [\"scale.asl\"]\n";
    for (const char* name : {"widegpio", "pinload", "quietpin"})
        bench << fmt::format("\n[[driver]]\nfolder = '{}'\n", (drivers / name).string());
    for (unsigned i = 0; i < controllers; ++i) {
        asl << controller_asl(i, banks, i + 1 < controllers) << quiet_peripheral_asl(i, banks);
        bench << fmt::format("\n[[model]]\ndevice = '\\_SB.W{:03X}'\nmodel = \"{}\"\n", i,
                             small ? "wide" : "wide256");
    }
    asl << load_asl(controllers - 1, first_pin) << "    }\n}\n";
    return {folder / "scale.toml", fmt::format("\\_SB.W{:03X}:{}", controllers - 1, first_pin + 1)};
}

}  // namespace gpioclx::benchmarks
