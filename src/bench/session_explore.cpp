// Session's part in exploring: asks the worker to execute, puts source lines to what it found, and
// starts another worker when the driver has ended one.
#include <nlohmann/json.hpp>
#include <set>

#include "bench/explore_notes.h"
#include "bench/finding_rule.h"
#include "bench/session.h"

namespace gpioclx::bench {

using Json = nlohmann::json;

namespace {

// Each costs the start of a worker, and the executions of its batch once more.
constexpr std::uint64_t deaths_max = 40;

Json lines_of(const std::vector<ScriptLine>& script) {
    Json lines = Json::array();
    for (const ScriptLine& line : script)
        lines.push_back({{"text", line.text}, {"file", line.file}, {"line", line.line}});
    return lines;
}

class SupervisorNames final : public trace::Names {
  public:
    explicit SupervisorNames(const worker::Supervisor& supervisor) : supervisor_(supervisor) {}
    std::string_view name(machine::NameId id) const override { return supervisor_.name(id); }

  private:
    const worker::Supervisor& supervisor_;
};

}  // namespace

struct Session::Explored {
    std::vector<std::string> known;  // keys of what was told
    std::vector<std::uint64_t> skipped;
    std::vector<std::string> avoided;  // tokens
    std::set<std::string> deaths_known;
    std::uint64_t deaths = 0;
    std::string search;  // what skipped and avoided belong to
};

Result<Json> Session::explore_once(const std::vector<ScriptLine>& script, std::uint64_t first,
                                   std::uint64_t count, const ExploreOptions& options) {
    return call({{"do", "explore"},
                 {"seed", options_.seed},
                 {"script", lines_of(script)},
                 {"strategy", options.strategy},
                 {"bound", options.bound},
                 {"from", options.from},
                 {"shut_downs", options.shut_downs},
                 {"faults", options.faults},
                 {"coverage", options.coverage},
                 {"known", explored_->known},
                 {"skipped", explored_->skipped},
                 {"avoided", explored_->avoided},
                 {"first", first},
                 {"count", count}});
}

template <typename Execute>
Result<Json> Session::seen_by(std::vector<trace::InterleavingStep>& interleaving, Execute execute) {
    trace::Interleaving recorder({.before = 16, .after = 0});
    exhibit_ = [&](const machine::Event& event) {
        recorder.write(event, SupervisorNames(*worker_));
    };
    Result<Json> answer = execute();
    exhibit_ = nullptr;
    recorder.finish();
    interleaving = recorder.steps();
    return answer;
}

// The driver ended the worker: what that shows, and a new worker that stands where the old one
// began. False: there is no point in going on.
Result<bool> Session::go_on_after_death(const std::vector<ScriptLine>& script,
                                        const ExploreOptions& options, Exploration& result) {
    if (findings_.empty()) return false;
    const NotedExecution noted = read_notes(worker_->notes(), options_.seed);
    const worker::Death death = *worker_->death();
    if (noted.purpose == ExecutionPurpose::none || death.kind == worker::CrashKind::none)
        return false;
    Finding finding = std::move(findings_.back());
    findings_.pop_back();
    const explore::TextOf text_of = [this](machine::NameId id) { return worker_->name(id); };
    const auto token_of = [&](explore::Schedule schedule,
                              const std::vector<explore::Decision>& decisions) {
        schedule.variables = explore::variables_of(decisions, text_of);
        return explore::to_token(schedule);
    };
    const std::string token = token_of(noted.schedule, noted.decisions);
    const std::string place =
        finding.id + " " + (death.frames.empty() ? "" : std::to_string(death.frames.front()));
    Exploration::Found found{.finding = std::move(finding),
                             .token = token,
                             .execution = noted.number,
                             .decisions = {},
                             .interleaving = {}};
    const auto tell = [&](const std::vector<explore::Decision>& decisions) {
        found.decisions.clear();
        for (const explore::Decision& decision : decisions)
            found.decisions.push_back(explore::to_text(decision, text_of));
    };
    tell(noted.decisions);
    // Also if it happened while something that was found there was made shorter.
    if (!options.faults && options.strategy != "exhaustive")
        explored_->skipped.push_back(noted.number);
    explored_->avoided.push_back(token);
    const bool is_new = explored_->deaths_known.insert(place).second;
    const ExitCode code = death_code_;
    const bool plain = noted.purpose == ExecutionPurpose::plain ||
                       (noted.number == 0 && noted.schedule.deviations.empty());
    const bool last = ++explored_->deaths >= deaths_max || plain;
    if (!last) {
        death_code_ = ExitCode::clean;
        if (auto started = start_worker(); !started) return started.error();
        if (!alive()) return false;
        exhibit_ = [](const machine::Event&) {};  // what it shows was told at the first start
        auto devices = call({{"do", "start"}});
        exhibit_ = nullptr;
        if (!devices) return false;
        if (is_new) {
            auto shrunk = seen_by(found.interleaving, [&] {
                return call(
                    {{"do", "shrink_death"},
                     {"seed", options_.seed},
                     {"script", lines_of(script)},
                     {"token", token},
                     {"kind", static_cast<std::uint32_t>(death.kind)},
                     {"patience_ms", options_.watchdog_ms != 0 ? options_.watchdog_ms : 2'000u},
                     {"at", death.frames.empty() ? 0 : death.frames.front()}});
            });
            if (shrunk) {
                const auto decisions = read_notes(worker_->notes(), options_.seed).decisions;
                const auto shortest = explore::from_token(shrunk->at("token").get<std::string>());
                if (shortest) found.token = token_of(*shortest, decisions);
                tell(decisions);
            }
        }
    } else {
        death_code_ = code;
    }
    if (is_new) result.found.push_back(std::move(found));
    return !last;
}

Result<Session::Exploration> Session::explore(const std::vector<ScriptLine>& script,
                                              std::uint64_t first, std::uint64_t count,
                                              const ExploreOptions& options) {
    if (explored_ == nullptr) explored_ = std::make_shared<Explored>();
    const std::string search = options.strategy + " " + std::to_string(options.bound) + " " +
                               options.from + (options.faults ? " faults" : "") +
                               (options.shut_downs ? "" : " script alone");
    if (search != explored_->search) {
        explored_->search = search;
        explored_->skipped.clear();
        explored_->avoided.clear();
    }
    Exploration result;
    Result<Json> answer = explore_once(script, first, count, options);
    bool anew = false;
    while (!answer) {
        if (alive()) return answer.error();
        auto goes_on = go_on_after_death(script, options, result);
        if (!goes_on) return goes_on.error();
        if (!*goes_on) {
            if (result.found.empty() && !findings_.empty()) return answer.error();
            result.gave_up = true;
            result.deaths = explored_->deaths;
            return result;
        }
        // A search that follows from itself cannot begin in the middle.
        anew = options.strategy == "exhaustive" || options.faults;
        answer = explore_once(script, anew ? 0 : first, anew ? first + count : count, options);
    }
    result.executions = answer->at("executions").get<std::uint64_t>() - (anew ? first : 0);
    result.deaths = explored_->deaths;
    result.points = answer->at("points");
    result.overlaps = answer->at("overlaps");
    result.restored_bytes = answer->at("restored_bytes");
    result.left_out = answer->at("left_out");
    for (const Json& pair : answer->value("pairs", Json::array()))
        result.pairs.push_back({pair.at("first"), pair.at("second"), pair.at("count")});
    for (const Json& one : answer->at("found")) {
        Finding finding{.id = one.at("id"),
                        .sentence = one.at("sentence"),
                        .time_ns = one.at("time_ns"),
                        .processor = one.at("processor"),
                        .level = one.at("level"),
                        .actor = one.at("actor"),
                        .stack = {}};
        finding.stack = symbolize_stack_text(one.at("stack").get<std::string>());
        finding.other_stack = symbolize_stack_text(one.at("other_stack").get<std::string>());
        finding.held = one.value("held", std::string());
        complete(finding);
        explored_->known.push_back(one.at("key"));
        if (suppressed_in_exploration(finding)) continue;
        result.found.push_back({.finding = std::move(finding),
                                .token = one.at("token"),
                                .execution = one.at("execution"),
                                .decisions = one.at("decisions"),
                                .interleaving = {}});
        auto exhibited = seen_by(result.found.back().interleaving, [&] {
            return call({{"do", "exhibit"}, {"token", one.at("token")}});
        });
        if (!exhibited && !alive()) return exhibited.error();
    }
    return result;
}

Result<Json> Session::replay(const std::vector<ScriptLine>& script, const std::string& token) {
    return with_callbacks(call({{"do", "replay"}, {"script", lines_of(script)}, {"token", token}}));
}

}  // namespace gpioclx::bench
