#include "api/board_link.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/known_settings.h"

namespace gpioclx {
namespace {

void check(const BoardOptions& options) {
    if (options.processors && (*options.processors < 1 || *options.processors > 8)) {
        throw BadInput(fmt::format("{} processors: there can be 1 to 8", *options.processors), "",
                       0);
    }
    if (options.watchdog.count() < 0 || options.watchdog.count() > 0xFFFFFFFF)
        throw BadInput("the watchdog's time is out of range", "", 0);
    for (const Setting& setting : options.settings) {
        const auto& known = bench::known_settings;
        if (std::find(known.begin(), known.end(), setting.name) == known.end()) {
            throw BadInput(
                fmt::format("there is no setting '{}' ({})", setting.name, fmt::join(known, ", ")),
                "", 0);
        }
    }
}

}  // namespace

BoardLink::BoardLink(const std::filesystem::path& bench, BoardOptions given)
    : options(std::move(given)) {
    check(options);
    bench::SessionOptions wanted;
    wanted.bench = bench;
    wanted.seed = options.seed;
    if (options.processors) wanted.processors = *options.processors;
    for (const Setting& setting : options.settings)
        wanted.settings.push_back({setting.device, setting.name, setting.value});
    wanted.home = options.home;
    wanted.verify = options.verify;
    wanted.watchdog_ms = static_cast<std::uint32_t>(options.watchdog.count());
    wanted.debugger = options.debugger;
    wanted.progress = options.progress;
    if (options.keep_events) wanted.observers.push_back(this);
    auto opened = bench::Session::open(std::move(wanted));
    if (!opened) throw BadInput(opened.error().text(), opened.error().file, opened.error().line);
    session_ = std::move(*opened);
    if (!session_->alive()) fail(Error{.message = "the worker died while it loaded the board"});
}

void BoardLink::observe(const machine::Event& event, const worker::Supervisor& names) {
    Event copy{.time = std::chrono::nanoseconds(event.time_ns),
               .sequence = event.sequence,
               .kind = static_cast<EventKind>(event.kind),
               .processor = {},
               .irql = Irql(event.level),
               .actor = std::string(names.name(event.actor)),
               .subject = std::string(names.name(event.subject)),
               .detail = std::string(names.name(event.detail)),
               .a = event.a,
               .b = event.b,
               .c = event.c};
    if (event.processor != machine::no_processor) copy.processor = event.processor;
    events.push_back(std::move(copy));
}

void BoardLink::fail(const Error& error) {
    if (session_->alive()) throw BadInput(error.text(), error.file, error.line);
    const auto& all = session_->findings();
    throw WorkerDied(all.empty() ? error.text() : bench::to_text(all.back()));
}

nlohmann::json BoardLink::show(const char* what) { return take(session_->show(what)).at(what); }

bool BoardLink::step(const bench::ScriptLine& line) {
    const bench::StepResult result = take(session_->step(line));
    last_message = result.message;
    return !result.failed;
}

bool BoardLink::step(std::string_view text) {
    return step(bench::ScriptLine{.text = std::string(text), .file = "", .line = 0});
}

const std::vector<Finding>& BoardLink::findings() {
    // A finding's stack arrives after it, so the last one is made anew.
    const auto& all = session_->findings();
    if (!findings_.empty()) findings_.back() = finding_of(all[findings_.size() - 1]);
    while (findings_.size() < all.size()) findings_.push_back(finding_of(all[findings_.size()]));
    return findings_;
}

std::string script_word(std::string_view word) {
    if (word.find('"') != std::string_view::npos || word.find('\n') != std::string_view::npos)
        throw BadInput(fmt::format("'{}' is no name of anything", word), "", 0);
    const bool plain = !word.empty() && word.find_first_of(" \t") == std::string_view::npos;
    return plain ? std::string(word) : fmt::format("\"{}\"", word);
}

}  // namespace gpioclx
