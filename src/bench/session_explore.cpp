// Session's part in exploring: asks the worker to execute, and puts source lines to what it found.
#include <nlohmann/json.hpp>

#include "bench/session.h"

namespace gpioclx::bench {

using Json = nlohmann::json;

Result<Session::Exploration> Session::explore(const std::vector<ScriptLine>& script,
                                              std::uint64_t first, std::uint64_t count,
                                              const ExploreOptions& options) {
    Json lines = Json::array();
    for (const ScriptLine& line : script)
        lines.push_back({{"text", line.text}, {"file", line.file}, {"line", line.line}});
    auto answer = call({{"do", "explore"},
                        {"seed", options_.seed},
                        {"script", std::move(lines)},
                        {"strategy", options.strategy},
                        {"bound", options.bound},
                        {"coverage", options.coverage},
                        {"known", explored_},
                        {"first", first},
                        {"count", count}});
    if (!answer) return answer.error();
    Exploration result{.executions = answer->at("executions"),
                       .points = answer->at("points"),
                       .overlaps = answer->at("overlaps"),
                       .restored_bytes = answer->at("restored_bytes"),
                       .left_out = answer->at("left_out"),
                       .found = {}};
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
        explored_.push_back(one.at("key"));
        result.found.push_back({.finding = std::move(finding),
                                .token = one.at("token"),
                                .execution = one.at("execution"),
                                .decisions = one.at("decisions")});
    }
    return result;
}

Result<void> Session::follow(const std::string& token) {
    auto answer = call({{"do", "schedule"}, {"token", token}});
    if (!answer) return answer.error();
    return {};
}

}  // namespace gpioclx::bench
