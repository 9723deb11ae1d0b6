// Checker's part in making the board: our own firmware or the user's, the driver's pins, and the
// devices that use them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "check/bench_text.h"
#include "check/checker.h"

namespace gpioclx::check {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* does_not_start = "check-007";

// The number in front of a word: "memory-mapped, 8 pins in 1 bank" and " pins" -> 8.
std::optional<unsigned> number_before(const std::string& text, std::string_view word) {
    const auto end = text.find(word);
    if (end == std::string::npos) return std::nullopt;
    std::size_t begin = end;
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
    unsigned value = 0;
    std::from_chars(text.data() + begin, text.data() + end, value);
    return value;
}

// A device that did not start, as a sentence; "" if all did.
std::string failure_of(const Json& devices, const std::string& path) {
    for (const Json& device : devices) {
        const std::string state = device.at("state");
        if (device.at("path") != path || state == "started") continue;
        const std::string where = device.at("failed_in");
        const std::string message = device.at("message");
        return fmt::format(
            "{} did not start: {}", path,
            state == "no driver" ? "no driver serves it"
            : !where.empty()
                ? fmt::format("{} returned {}", where, device.at("status_name").get<std::string>())
                : fmt::format("{} ({})", message.empty() ? state : message,
                              device.at("status_name").get<std::string>()));
    }
    return {};
}

}  // namespace

// The controller alone, to see whether it starts and how many pins its driver has.
Result<void> Checker::make_bare_board() {
    bench::BenchFile& bench = board_.bench;
    if (!options_.bench.empty()) {
        auto read = bench::read_bench_file(options_.bench);
        if (!read) return read.error();
        bench = std::move(*read);
        bench.script.clear();
        const bool has = std::any_of(
            bench.drivers.begin(), bench.drivers.end(), [this](const bench::DriverEntry& entry) {
                return fs::weakly_canonical(entry.folder) == fs::weakly_canonical(subject_.folder);
            });
        if (!has) {
            return Error{.message = fmt::format("the bench does not have the driver {}",
                                                subject_.folder.string()),
                         .file = options_.bench.string()};
        }
    } else {
        bench.drivers.push_back({.folder = subject_.folder,
                                 .project = subject_.project,
                                 .hardware_ids = {},
                                 .registry = {}});
        if (!options_.firmware.empty()) bench.firmware = {fs::absolute(options_.firmware)};
    }
    bench.processors = options_.processors;
    bench.title = fmt::format("check of {}", subject_.name);
    if (options_.bench.empty() && options_.firmware.empty()) return try_interrupts();
    if (auto found = find_controller(); !found) return found;
    auto path = write("controller.toml", to_text(bench, ""));
    if (!path) return path.error();
    auto session = open(*path);
    if (!session) return session.error();
    auto started = (*session)->start();
    if (!started && (*session)->alive()) return started.error();
    const std::string failure =
        started ? failure_of(started->at("devices"), board_.controller) : "";
    if (!started || !failure.empty()) {
        starts_ = false;
        take_findings(**session, "start", nullptr);
        if (!failure.empty())
            add({.finding = {.id = does_not_start, .sentence = failure, .actor = {}, .stack = {}},
                 .scenario = "start",
                 .token = {},
                 .decisions = {},
                 .more_places = {}},
                nullptr);
        return {};
    }
    return learn_pins(**session);
}

// With our own firmware. How many interrupts the driver wants is its own business: one for each
// output of the model, one for all, one a bank.
Result<void> Checker::try_interrupts() {
    board_.controller = "\\_SB.GPI0";
    board_.forgets_pulses = subject_.facts.forgets_pulses;
    bench::BenchFile& bench = board_.bench;
    bench.firmware = {file("controller.asl")};
    bench.models = {{.device = board_.controller,
                     .model = subject_.model,
                     .properties = subject_.properties,
                     .outputs = {}}};
    std::vector<InterruptLayout> layouts;
    const auto outputs = static_cast<unsigned>(subject_.facts.outputs.size());
    for (unsigned count : {std::max(outputs, 1u), 1u, 2u, 4u}) {
        const bool known = std::any_of(layouts.begin(), layouts.end(),
                                       [count](const auto& one) { return one.count == count; });
        if (!known && (outputs == 0 || count <= outputs)) layouts.push_back({.count = count});
    }
    std::unique_ptr<bench::Session> first;
    std::string first_failure;
    for (std::size_t i = 0; i < layouts.size(); ++i) {
        const InterruptLayout layout = layouts[i];
        if (auto asl = write("controller.asl", controller_firmware(subject_, layout)); !asl)
            return asl.error();
        auto path = write("controller.toml", to_text(bench, ""));
        if (!path) return path.error();
        auto session = open(*path);
        if (!session) return session.error();
        auto started = (*session)->start();
        if (!started && (*session)->alive()) return started.error();
        const std::string failure =
            started ? failure_of(started->at("devices"), board_.controller) : "";
        if (started && failure.empty()) {
            board_.banks.clear();
            board_.pins.clear();
            auto learned = learn_pins(**session);
            if (!learned || !route_outputs(layout)) return learned;
            layouts.insert(layouts.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                           {.count = static_cast<unsigned>(board_.banks.size())});
            continue;
        }
        if (first == nullptr) {
            first = std::move(*session);
            first_failure = failure;
        }
    }
    starts_ = false;
    take_findings(*first, "start", nullptr);
    if (!first_failure.empty()) {
        add({.finding = {.id = does_not_start,
                         .sentence = first_failure +
                                     "; tried with registers and interrupts as the model has "
                                     "them. A driver that needs more than that of its firmware is "
                                     "checked with --firmware FILE.asl or --bench FILE.toml",
                         .actor = {},
                         .stack = {}},
             .scenario = "start",
             .token = {},
             .decisions = {},
             .more_places = {}},
            nullptr);
    }
    return {};
}

// An interrupt is for one bank or for all. Where the chip's outputs stand for other pins than the
// driver's banks, the board's designer would have wired them so; true if that was not so yet.
bool Checker::route_outputs(const InterruptLayout& layout) {
    const auto& outputs = subject_.facts.outputs;
    if (layout.count <= 1 || board_.banks.size() <= 1 || outputs.size() < board_.banks.size())
        return false;
    std::vector<std::pair<std::string, std::string>> wanted = subject_.properties;
    bool differs = layout.count != board_.banks.size();
    for (std::size_t i = 0; i < board_.banks.size(); ++i) {
        const PinBank& bank = board_.banks[i];
        const bool given = std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) {
            return one.first == outputs[i].name;
        });
        if (given) continue;
        wanted.emplace_back(outputs[i].name,
                            fmt::format("{}-{}", bank.first, bank.first + bank.count - 1));
        differs = differs || outputs[i].pins.size() != bank.count ||
                  outputs[i].pins.front() != bank.first;
    }
    if (!differs || board_.bench.models.front().properties == wanted) return false;
    board_.bench.models.front().properties = std::move(wanted);
    return true;
}

// On a board of the user's.
Result<void> Checker::find_controller() {
    bench::BenchFile& bench = board_.bench;
    auto path = write("controller.toml", to_text(bench, ""));
    if (!path) return path.error();
    auto session = open(*path);
    if (!session) return session.error();
    auto shown = (*session)->show("resources");
    if (!shown) return shown.error();
    for (const Json& row : shown->at("resources")) {
        const std::string id = row.at("hardware_id");
        if (std::find(subject_.hardware_ids.begin(), subject_.hardware_ids.end(), id) ==
            subject_.hardware_ids.end())
            continue;
        board_.controller = row.at("path");
        break;
    }
    if (board_.controller.empty()) {
        return Error{.message = fmt::format("the firmware has no device {}",
                                            fmt::join(subject_.hardware_ids, " or ")),
                     .file = bench.firmware.empty() ? "" : bench.firmware.front().string()};
    }
    const bool has_model =
        std::any_of(bench.models.begin(), bench.models.end(),
                    [this](const auto& model) { return model.device == board_.controller; });
    if (!has_model) {
        bench.models.push_back({.device = board_.controller,
                                .model = subject_.model,
                                .properties = subject_.properties,
                                .outputs = {}});
    }
    return {};
}

// "\\_SB.GPI0: started, memory-mapped, 8 pins in 1 bank" and "  bank 0: 8 pins, ..."
Result<void> Checker::learn_pins(bench::Session& session) {
    auto shown = session.show("extension");
    if (!shown) return shown.error();
    std::istringstream text(shown->at("extension").get<std::string>());
    bool ours = false;
    unsigned first = 0;
    for (std::string line; std::getline(text, line);) {
        if (!line.starts_with(" ")) {
            ours = line.starts_with(board_.controller + ": ");
            if (ours) board_.serial = line.find(", serial,") != std::string::npos;
        } else if (ours && line.starts_with("  bank ")) {
            const unsigned count = number_before(line, " pin").value_or(0);
            board_.banks.push_back({first, count});
            first += count;
        }
    }
    if (first == 0) {
        return Error{.message = fmt::format("{} has no pins that GpioClx knows of: is it a GPIO "
                                            "controller's driver?",
                                            subject_.name)};
    }
    std::vector<bool> used(first, false);
    auto pins = session.show("pins");
    if (!pins) return pins.error();
    unsigned in_model = 0;
    for (const Json& pin : pins->at("pins")) {
        if (pin.at("controller") != board_.controller) continue;
        ++in_model;
        const unsigned number = pin.at("pin");
        if (number < first && (!pin.at("owners").empty() || pin.at("wire") != ""))
            used[number] = true;
    }
    for (unsigned pin = 0; pin < first; ++pin) {
        if (!used[pin] && (in_model == 0 || pin < in_model)) board_.pins.push_back(pin);
    }
    if (board_.pins.empty())
        return Error{.message = "the firmware uses every pin: there is none to try"};
    return {};
}

// The devices that use the pins, and what drives their wires.
Result<void> Checker::add_users() {
    auto source = write("source.toml", source_map(board_));
    if (!source) return source.error();
    auto firmware = write("pins.asl", pin_firmware(board_));
    if (!firmware) return firmware.error();
    bench::BenchFile& bench = board_.bench;
    bench.firmware.push_back(*firmware);
    bench.models.push_back(
        {.device = "\\_SB.CKSR", .model = source->string(), .properties = {}, .outputs = {}});
    for (unsigned pin : board_.pins) {
        bench.wires.push_back({.name = fmt::format("pin{}", pin),
                               .pins = {fmt::format("{}:{}", board_.controller, pin),
                                        fmt::format("\\_SB.CKSR:{}", board_.source_pin(pin, 0)),
                                        fmt::format("\\_SB.CKSR:{}", board_.source_pin(pin, 1))}});
    }
    // As on a checked build of Windows: enabled interrupts are compared with the hardware (I66).
    const bool checked = std::any_of(bench.settings.begin(), bench.settings.end(),
                                     [](const auto& one) { return one.name == "checked"; });
    if (!checked) bench.settings.push_back({.device = "", .name = "checked", .value = 1});
    return {};
}

}  // namespace gpioclx::check
