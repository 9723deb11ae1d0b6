#include "check/board_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace gpioclx::check {
namespace {

constexpr std::uint64_t controller_base = 0x40000000;
constexpr std::uint64_t source_base = 0xE0000000;
constexpr unsigned first_interrupt = 40;
// pin_user/source.h
constexpr unsigned source_bank_pins = 32;
constexpr unsigned source_bank_bytes = 0x20;
// A GPIO I/O connection has at most so many pins.
constexpr std::size_t connection_pins = 64;

// Such a controller has no power in D3, and loses its registers there.
constexpr const char* loses_power = "    Method (_PS0) {}\n    Method (_PS3) {}\n";

unsigned unit_banks(const CheckedBoard& board) {
    return (static_cast<unsigned>(board.pins.size()) + source_bank_pins - 1) / source_bank_pins;
}

std::string source_memory(const CheckedBoard& board) {
    return fmt::format("        Memory32Fixed (ReadWrite, 0x{:08X}, 0x{:08X})\n", source_base,
                       2 * unit_banks(board) * source_bank_bytes);
}

// "\\_SB.GPI0" as ASL writes it in a text.
std::string escaped(const std::string& path) {
    std::string text;
    for (char c : path) text += c == '\\' ? std::string("\\\\") : std::string(1, c);
    return text;
}

std::string device(const char* path, const char* hardware_id, unsigned uid,
                   const std::string& resources, const char* methods = "") {
    return fmt::format(
        "Device ({})\n{{\n    Name (_HID, \"{}\")\n    Name (_UID, {})\n"
        "    Name (_CRS, ResourceTemplate ()\n    {{\n{}    }})\n{}}}\n\n",
        std::string_view(path).substr(5), hardware_id, uid, resources, methods);
}

std::string interrupts(const CheckedBoard& board, const char* kind, const char* sharing) {
    std::string text;
    for (unsigned pin : board.pins) {
        text += fmt::format(
            "        GpioInt ({}, {}, PullDefault, 0, \"{}\", 0, ResourceConsumer) {{ {} }}\n",
            kind, sharing, escaped(board.controller), pin);
    }
    return text;
}

std::string connection(const CheckedBoard& board, const std::vector<unsigned>& pins,
                       const char* restriction = "IoRestrictionNone",
                       const char* pull = "PullDefault") {
    std::string list;
    for (unsigned pin : pins) list += fmt::format("{}{}", list.empty() ? "" : ", ", pin);
    return fmt::format(
        "        GpioIo (Exclusive, {}, 0, 0, {}, \"{}\", 0, ResourceConsumer) {{ {} }}\n", pull,
        restriction, escaped(board.controller), list);
}

}  // namespace

const std::array<Trigger, 5> triggers = {
    {{"lh", "\\_SB.CKLH", "high level", "Level, ActiveHigh", true, true, false},
     {"ll", "\\_SB.CKLL", "low level", "Level, ActiveLow", true, false, false},
     {"re", "\\_SB.CKRE", "rising edge", "Edge, ActiveHigh", false, true, false},
     {"fe", "\\_SB.CKFE", "falling edge", "Edge, ActiveLow", false, false, false},
     {"be", "\\_SB.CKBE", "both edges", "Edge, ActiveBoth", false, true, true}}};

std::size_t CheckedBoard::index_of(unsigned pin) const {
    return static_cast<std::size_t>(
        std::distance(pins.begin(), std::find(pins.begin(), pins.end(), pin)));
}

std::vector<unsigned> CheckedBoard::pins_of_bank(std::size_t bank) const {
    std::vector<unsigned> result;
    for (unsigned pin : pins) {
        if (pin >= banks[bank].first && pin < banks[bank].first + banks[bank].count)
            result.push_back(pin);
    }
    if (result.size() > connection_pins) result.resize(connection_pins);
    return result;
}

unsigned CheckedBoard::pulled_pin(std::size_t bank) const {
    const std::vector<unsigned> tried = pins_of_bank(bank);
    return tried.empty() ? pins.front() : tried[tried.size() / 2];
}

unsigned CheckedBoard::source_pin(unsigned pin, unsigned unit) const {
    return unit * unit_banks(*this) * source_bank_pins + static_cast<unsigned>(index_of(pin));
}

std::string controller_firmware(const Subject& subject, const InterruptLayout& interrupts) {
    const ModelFacts& facts = subject.facts;
    std::string resources, bus;
    switch (facts.bus) {
        case ModelFacts::Bus::memory:
            resources += fmt::format("        Memory32Fixed (ReadWrite, 0x{:08X}, 0x{:08X})\n",
                                     controller_base, facts.window);
            break;
        case ModelFacts::Bus::i2c:
            bus = "Device (BUS0)\n{\n    Name (_HID, \"GXCK0003\")\n    Name (_UID, Zero)\n}\n\n";
            resources +=
                "        I2cSerialBusV2 (0x0020, ControllerInitiated, 400000, AddressingMode7Bit,\n"
                "                        \"\\\\_SB.BUS0\", 0, ResourceConsumer, , Exclusive)\n";
            break;
        case ModelFacts::Bus::spi:
            bus = "Device (BUS0)\n{\n    Name (_HID, \"GXCK0003\")\n    Name (_UID, Zero)\n}\n\n";
            resources +=
                "        SpiSerialBusV2 (0x0000, PolarityLow, FourWireMode, 8, ControllerInitiated,"
                "\n                        8000000, ClockPolarityLow, ClockPhaseFirst,\n"
                "                        \"\\\\_SB.BUS0\", 0, ResourceConsumer, , Exclusive)\n";
            break;
    }
    for (unsigned i = 0; i < interrupts.count; ++i) {
        const bool low = i < facts.outputs.size() && facts.outputs[i].active_low;
        resources +=
            fmt::format("        Interrupt (ResourceConsumer, {}, {}, {}) {{ {} }}\n",
                        interrupts.edge ? "Edge" : "Level", low ? "ActiveLow" : "ActiveHigh",
                        "Exclusive", first_interrupt + i);
    }
    return "DefinitionBlock (\"check.aml\", \"DSDT\", 2, \"GPIOCX\", \"CHECK\", 0x00000001)\n{\n"
           "Scope (\\_SB)\n{\n\n" +
           bus +
           device("\\_SB.GPI0", subject.hardware_ids.front().c_str(), 0, resources, loses_power) +
           "}\n}\n";
}

std::string pin_firmware(const CheckedBoard& board) {
    const std::string memory = source_memory(board);
    std::string text = device("\\_SB.CKSR", "GXCK0002", 0, memory);
    unsigned uid = 0;
    for (const Trigger& trigger : triggers) {
        text += device(trigger.device, "GXCK0001", uid++,
                       memory + interrupts(board, trigger.resource, "Exclusive"));
    }
    for (const char* path : shared_low_devices) {
        text += device(path, "GXCK0001", uid++,
                       memory + interrupts(board, "Level, ActiveLow", "Shared"));
    }
    for (const char* path : shared_high_devices) {
        text += device(path, "GXCK0001", uid++,
                       memory + interrupts(board, "Level, ActiveHigh", "Shared"));
    }
    std::string connections = memory;
    for (unsigned pin : board.pins) connections += connection(board, {pin});
    for (std::size_t bank = 0; bank < board.banks.size(); ++bank) {
        // A bank without a pin to try has a connection too, so that numbers stay simple.
        const std::vector<unsigned> pins = board.pins_of_bank(bank);
        connections += connection(board, pins.empty() ? std::vector{board.pins.front()} : pins);
    }
    for (std::size_t bank = 0; bank < board.banks.size(); ++bank) {
        const std::vector<unsigned> pins = board.pins_of_bank(bank);
        connections += connection(board, {pins.empty() ? board.pins.front() : pins.front()},
                                  "IoRestrictionNoneAndPreserve");
    }
    for (std::size_t bank = 0; bank < board.banks.size(); ++bank)
        connections +=
            connection(board, {board.pulled_pin(bank)}, "IoRestrictionInputOnly", "PullUp");
    return text + device(io_device, "GXCK0001", uid, connections);
}

std::string source_map(const CheckedBoard& board) {
    const unsigned banks = 2 * unit_banks(board);
    return fmt::format(
        "# Drives the wires of level-triggered interrupts, on behalf of the devices that use "
        "them.\n"
        "controller = {{ name = \"check_source\", title = \"Sources of gpioclx check\", source = "
        "\"gpioclx\", pins = {0}, size = {1}, width = 32 }}\n"
        "banks = {{ count = {2}, pins = 32, stride = {3} }}\n\n"
        "register = [\n"
        "  {{ name = \"OUTPUT\",       offset = 0x00, role = \"output\" }},\n"
        "  {{ name = \"OUTPUT_SET\",   offset = 0x04, role = \"set\" }},\n"
        "  {{ name = \"OUTPUT_CLEAR\", offset = 0x08, role = \"clear\" }},\n"
        "  {{ name = \"ENABLE\",       offset = 0x0C, role = \"output_enable\" }},\n"
        "  {{ name = \"ENABLE_SET\",   offset = 0x10, role = \"set\", of = \"output_enable\" }},\n"
        "  {{ name = \"ENABLE_CLEAR\", offset = 0x14, role = \"clear\", of = \"output_enable\" "
        "}},\n"
        "]\n",
        banks * source_bank_pins, banks * source_bank_bytes, banks, source_bank_bytes);
}

}  // namespace gpioclx::check
