// Session's part in exploring: asks the worker to execute, and puts source lines to what it found.
#include <nlohmann/json.hpp>

#include "bench/finding_rule.h"
#include "bench/session.h"

namespace gpioclx::bench {

using Json = nlohmann::json;

Result<Session::Exploration> Session::explore(const std::vector<ScriptLine>& script,
                                              std::uint64_t first, std::uint64_t count) {
    Json lines = Json::array();
    for (const ScriptLine& line : script)
        lines.push_back({{"text", line.text}, {"file", line.file}, {"line", line.line}});
    auto answer = call({{"do", "explore"},
                        {"seed", options_.seed},
                        {"script", std::move(lines)},
                        {"first", first},
                        {"count", count}});
    if (!answer) return answer.error();
    Exploration result{.executions = answer->at("executions"),
                       .points = answer->at("points"),
                       .overlaps = answer->at("overlaps"),
                       .found = {}};
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
        if (suppressed_in_exploration(finding)) continue;
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
