#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/board_link.h"

namespace gpioclx {
namespace {

using Json = nlohmann::json;
using std::chrono::nanoseconds;

constexpr nanoseconds open_limit = std::chrono::seconds(10);

std::uint64_t ns_of(nanoseconds time) {
    if (time.count() < 0) throw BadInput("a time is negative", "", 0);
    return static_cast<std::uint64_t>(time.count());
}

// Why the board did not finish what it was to do; "" if it did.
std::string timeout_of(const Json& answer) { return answer.value("timeout", ""); }

std::string names_of(const Json& rows, const char* key) {
    std::string names;
    for (const Json& row : rows)
        names += (names.empty() ? "" : ", ") + row.at(key).get<std::string>();
    return names.empty() ? "there are none" : names;
}

// The row whose `key` is `name`; throws BadInput with the names there are.
Json find_row(const Json& rows, const char* key, std::string_view name, const char* what) {
    for (const Json& row : rows) {
        if (row.at(key) == name) return row;
    }
    throw BadInput(fmt::format("there is no {} '{}' ({})", what, name, names_of(rows, key)), "", 0);
}

Json find_part(BoardLink& link, std::string_view name, const char* model) {
    Json row = find_row(link.show("parts"), "name", name, "part");
    if (model != nullptr && row.at("model") != model) {
        throw BadInput(fmt::format("part '{}' is no {} but a {}", name, model,
                                   row.at("model").get<std::string>()),
                       "", 0);
    }
    return row;
}

}  // namespace

Board::Board(const std::filesystem::path& bench, BoardOptions options)
    : link_(std::make_shared<BoardLink>(bench, std::move(options))) {}
Board::Board(Board&&) noexcept = default;
Board& Board::operator=(Board&&) noexcept = default;
Board::~Board() = default;

void Board::start() {
    const Json answer = link_->take(link_->session().start());
    std::string failed;
    for (const Json& row : answer.at("devices")) {
        const Device device = device_of(row);
        if (device.state == DeviceState::started || device.state == DeviceState::no_driver)
            continue;
        failed += fmt::format("\n    {}", to_string(device));
    }
    const std::string timeout = timeout_of(answer);
    if (!timeout.empty()) throw StartFailed(timeout + failed);
    if (!failed.empty()) throw StartFailed("not all devices started:" + failed);
}

void Board::stop() {
    const std::string timeout = timeout_of(link_->take(link_->session().stop()));
    if (!timeout.empty()) throw Exception(timeout);
}

void Board::run_for(nanoseconds time) { link_->take(link_->session().run_for(ns_of(time))); }

bool Board::run_until_idle(nanoseconds limit) {
    return link_->take(link_->session().run_until_idle(ns_of(limit)));
}

bool Board::run_until(const std::function<bool()>& done, nanoseconds limit, nanoseconds step) {
    if (step.count() <= 0) throw BadInput("a step of time must be positive", "", 0);
    const nanoseconds end = now() + limit;
    while (!done()) {
        if (now() >= end || is_halted()) return false;
        run_for(std::min(step, end - now()));
    }
    return true;
}

bool Board::step(std::string_view statement) { return link_->step(statement); }

std::vector<std::string> Board::play() {
    std::vector<std::string> failures;
    for (const bench::ScriptLine& line : link_->session().bench().script) {
        if (!link_->step(line))
            failures.push_back(
                Error{.message = link_->last_message, .file = line.file, .line = line.line}.text());
        if (is_halted()) break;
    }
    return failures;
}

const std::string& Board::last_message() const { return link_->last_message; }

nanoseconds Board::now() const { return nanoseconds(link_->session().now_ns()); }
bool Board::is_halted() const { return link_->session().halted(); }
bool Board::is_alive() const { return link_->session().alive(); }
std::uint64_t Board::seed() const { return link_->options.seed; }
const std::filesystem::path& Board::bench() const { return link_->session().bench().file; }

std::vector<Device> Board::devices() const {
    std::vector<Device> devices;
    for (const Json& row : link_->show("devices")) devices.push_back(device_of(row));
    return devices;
}

Device Board::device(std::string_view path) const {
    return device_of(find_row(link_->show("devices"), "path", path, "device"));
}

void Board::remove(std::string_view path, bool surprise) {
    (void)device(path);
    if (!link_->step(fmt::format("remove {}{}", script_word(path), surprise ? " surprise" : "")))
        throw Exception(link_->last_message);
}

std::vector<Wire> Board::wires() const {
    std::vector<Wire> wires;
    for (const Json& row : link_->show("wires")) wires.push_back(Wire(link_, row.at("name")));
    return wires;
}

Wire Board::wire(std::string_view name) const {
    if (const auto colon = name.rfind(':'); colon != std::string_view::npos) {
        for (const Json& row : link_->show("pins")) {
            const std::string pin = fmt::format("{}:{}", row.at("controller").get<std::string>(),
                                                row.at("pin").get<unsigned>());
            if (pin == name && row.at("wire") != "") return Wire(link_, row.at("wire"));
        }
        throw BadInput(fmt::format("there is no wire at pin '{}'", name), "", 0);
    }
    return Wire(link_, find_row(link_->show("wires"), "name", name, "wire").at("name"));
}

Part Board::part(std::string_view name) const {
    const Json row = find_part(*link_, name, nullptr);
    return Part(link_, row.at("name"), row.at("model"));
}
Button Board::button(std::string_view name) const {
    const Json row = find_part(*link_, name, "button");
    return Button(link_, row.at("name"), row.at("model"));
}
Led Board::led(std::string_view name) const {
    const Json row = find_part(*link_, name, "led");
    return Led(link_, row.at("name"), row.at("model"));
}

std::vector<Pin> Board::pins(std::string_view controller) const {
    (void)find_row(link_->show("controllers"), "path", controller, "controller");
    std::vector<Pin> pins;
    for (const Json& row : link_->show("pins")) {
        if (row.at("controller") == controller) pins.push_back(pin_of(row));
    }
    return pins;
}

Pin Board::pin(std::string_view controller, unsigned number) const {
    const std::vector<Pin> all = pins(controller);
    if (number < all.size()) return all[number];
    throw BadInput(fmt::format("{} has no pin {}: it has {}", controller, number, all.size()), "",
                   0);
}

File Board::open(std::string_view name) {
    const Json answer = link_->take(link_->session().request(
        {{"operation", "open"}, {"name", name}, {"limit_ns", ns_of(open_limit)}}));
    if (!answer.at("finished")) {
        throw Exception(fmt::format("opening {} was not completed within 10 s", name));
    }
    const Status status(answer.at("status").get<std::uint32_t>());
    if (!status.is_success())
        throw OpenFailed(fmt::format("opening {} failed with {}", name, status.name()), status);
    return File(link_, std::string(name), answer.at("handle"));
}

const Events& Board::events() const { return link_->events; }

const std::vector<Finding>& Board::findings() const { return link_->findings(); }

Events Board::take_new_events() {
    const Events& all = link_->events;
    std::vector<Event> fresh(all.begin() + static_cast<std::ptrdiff_t>(link_->taken), all.end());
    link_->taken = all.size();
    return Events(std::move(fresh));
}

}  // namespace gpioclx
