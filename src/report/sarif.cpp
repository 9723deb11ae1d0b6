#include "report/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/finding_rule.h"
#include "diagnostics/function_name.h"
#include "report/place.h"
#include "trace/writer.h"

namespace gpioclx::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* base_id = "SRCROOT";
// This project has no address of its own; the contract that it checks is documented here.
constexpr const char* contract_uri = "https://learn.microsoft.com/windows-hardware/drivers/gpio/";
constexpr std::size_t flow_steps_max = 60;

Json text_of(const std::string& text) { return {{"text", as_utf8(text)}}; }

std::string sentence_of(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    if (!text.ends_with('.')) text += '.';
    return text;
}

class Writer {
  public:
    Writer(const Report& report, const std::filesystem::path& base, SourceText& sources)
        : report_(report), base_(base), sources_(sources) {}

    std::string write() {
        Json tool = {{"driver", driver()}};  // numbers the rules
        Json results = Json::array();
        for (const Scenario& scenario : report_.scenarios) {
            for (const Problem& problem : scenario.problems)
                results.push_back(result(scenario, problem));
            for (const bench::SuppressedFinding& known : scenario.suppressed) {
                results.push_back(
                    result(scenario, {.finding = known.finding, .command = report_.command}));
                results.back()["suppressions"] =
                    Json::array({{{"kind", "external"},
                                  {"status", "accepted"},
                                  {"justification", as_utf8(known.reason)}}});
            }
        }
        Json run = {{"tool", std::move(tool)},
                    {"invocations", Json::array({invocation()})},
                    {"originalUriBaseIds", {{base_id, {{"uri", base_uri()}}}}},
                    {"automationDetails", {{"id", automation_id()}}},
                    {"columnKind", "utf16CodeUnits"},
                    {"results", std::move(results)}};
        const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                          {"version", "2.1.0"},
                          {"runs", Json::array({std::move(run)})}};
        return log.dump(2) + "\n";
    }

  private:
    std::string base_uri() const {
        const std::string uri = uri_of(base_.generic_string());
        return uri.ends_with('/') ? uri : uri + "/";
    }

    // Tells one bench's alerts from another's; services replace those of the same id.
    std::string automation_id() const {
        return "gpioclx/" + relative_to(base_, report_.bench.string()) + "/";
    }

    Json invocation() const {
        const bool whole = report_.exit_code == ExitCode::clean ||
                           report_.exit_code == ExitCode::findings ||
                           report_.exit_code == ExitCode::watchdog;
        return {{"commandLine", as_utf8(report_.command)},
                {"exitCode", static_cast<int>(report_.exit_code)},
                {"executionSuccessful", whole}};
    }

    Json driver() {
        Json rules = Json::array();
        for (const bench::FindingRule& rule : bench::finding_rules()) {
            index_[rule.id] = rules.size();
            rules.push_back(
                {{"id", rule.id},
                 {"name", name_of(rule.id)},
                 {"shortDescription", text_of(sentence_of(plain(rule.rule)))},
                 {"fullDescription", text_of(rule.from + ": " + plain(rule.rule) + ".")},
                 {"help", text_of(help_of(rule))},
                 {"defaultConfiguration", {{"level", "error"}}},
                 {"properties", {{"tags", Json::array({rule.from})}}}});
        }
        return {{"name", "gpioclx"},
                {"fullName", "gpioclx " GX_VERSION},
                {"semanticVersion", GX_VERSION},
                {"informationUri", contract_uri},
                {"rules", std::move(rules)}};
    }

    // "RuleLock001": in the form that SARIF asks for, and never the id itself.
    static std::string name_of(const std::string& id) {
        std::string name = "Rule";
        bool capital = true;
        for (const char c : id) {
            if (c != '-')
                name += capital && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            capital = c == '-';
        }
        return name;
    }

    static std::string help_of(const bench::FindingRule& rule) {
        std::string help = sentence_of(rule.remedy.empty() ? plain(rule.rule) : rule.remedy);
        if (!rule.document.empty())
            help += fmt::format(" Microsoft's documentation: {}.", rule.document);
        return help + fmt::format(" gpioclx explain {} says more.", rule.id);
    }

    // Without the marks of Markdown.
    static std::string plain(std::string text) {
        std::erase(text, '`');
        return text;
    }

    Json artifact(const std::string& file) const {
        const std::string path = relative_to(base_, file);
        if (path.starts_with('/')) return {{"uri", uri_of(path)}};
        return {{"uri", uri_of(path)}, {"uriBaseId", base_id}};
    }

    Json physical(const std::string& file, int line) {
        Json region = {{"startLine", line}};
        const auto exact = sources_.quote(file, line, 0);
        if (!exact.empty()) region["snippet"] = text_of(exact.front().text);
        Json place = {{"artifactLocation", artifact(file)}, {"region", std::move(region)}};
        const auto around = sources_.quote(file, line, 3);
        if (around.size() > 1) {
            std::string text;
            for (const SourceLine& each : around) text += each.text + "\n";
            place["contextRegion"] = {{"startLine", around.front().number},
                                      {"endLine", around.back().number},
                                      {"snippet", text_of(text)}};
        }
        return place;
    }

    Json location(const bench::StackFrame& frame) {
        Json place = Json::object();
        if (!frame.file.empty() && frame.line > 0)
            place["physicalLocation"] = physical(frame.file, frame.line);
        if (!frame.function.empty())
            place["logicalLocations"] =
                Json::array({{{"name", as_utf8(short_function_name(frame.function))},
                              {"fullyQualifiedName",
                               as_utf8(frame.image + "!" + short_function_name(frame.function))},
                              {"kind", "function"}}});
        return place;
    }

    Json stack(const std::vector<bench::StackFrame>& frames, const std::string& message) {
        Json list = Json::array();
        for (const bench::StackFrame& frame : frames) {
            Json place = location(frame);
            if (place.empty())
                place["message"] = text_of(fmt::format("{}+{:#x}", frame.image, frame.offset));
            list.push_back({{"location", std::move(place)}, {"module", as_utf8(frame.image)}});
        }
        return {{"message", text_of(message)}, {"frames", std::move(list)}};
    }

    Json result(const Scenario& scenario, const Problem& problem) {
        const bench::Finding& finding = problem.finding;
        Json result = {{"ruleId", finding.id}};
        if (const auto index = index_.find(finding.id); index != index_.end())
            result["ruleIndex"] = index->second;
        result["level"] = "error";
        result["message"] = text_of(sentence_of(finding.sentence));
        result["locations"] = Json::array({place(finding)});
        if (const bench::StackFrame* other = place_of(finding.other_stack)) {
            Json related = location(*other);
            related["id"] = 1;
            related["message"] = text_of("the other side");
            result["relatedLocations"] = Json::array({std::move(related)});
        }
        Json stacks = Json::array();
        if (!finding.stack.empty()) stacks.push_back(stack(finding.stack, "where it happened"));
        if (!finding.other_stack.empty())
            stacks.push_back(stack(finding.other_stack, "the other side"));
        if (!stacks.empty()) result["stacks"] = std::move(stacks);
        if (Json flow = code_flow(scenario, finding); !flow.empty())
            result["codeFlows"] = Json::array({std::move(flow)});
        const bench::StackFrame* at = place_of(finding);
        const auto line =
            at == nullptr ? std::vector<SourceLine>{} : sources_.quote(at->file, at->line, 0);
        result["partialFingerprints"] = {
            {"gpioclxFinding/v1", fingerprint(finding, line.empty() ? "" : line.front().text)}};
        if (finding.count > 1) result["occurrenceCount"] = finding.count;
        result["properties"] = properties(scenario, problem);
        return result;
    }

    // Services show nothing without a place: at worst it is the bench.
    Json place(const bench::Finding& finding) {
        Json place = Json::object();
        if (const bench::StackFrame* frame = place_of(finding)) {
            place = location(*frame);
        } else {
            place["physicalLocation"] = physical(report_.bench.string(), 1);
        }
        return place;
    }

    Json properties(const Scenario& scenario, const Problem& problem) const {
        const bench::Finding& finding = problem.finding;
        Json bag = {{"scenario", as_utf8(scenario.name)},
                    {"command", as_utf8(problem.command)},
                    {"virtualTimeNs", finding.time_ns}};
        if (!problem.token.empty()) bag["token"] = problem.token;
        if (!problem.decisions.empty()) {
            bag["decisions"] = Json::array();
            for (const std::string& decision : problem.decisions)
                bag["decisions"].push_back(as_utf8(decision));
        }
        if (finding.processor >= 0) {
            bag["processor"] = finding.processor;
            bag["irql"] = std::string(trace::irql_name(static_cast<machine::Level>(finding.level)));
            bag["actor"] = as_utf8(finding.actor);
        }
        if (!finding.held.empty()) bag["held"] = as_utf8(finding.held);
        return bag;
    }

    // A thread flow a processor, in one order of execution.
    Json code_flow(const Scenario& scenario, const bench::Finding& finding) {
        std::map<int, Json> flows;
        int order = 0;
        for (const trace::InterleavingStep& step : steps_to(scenario, finding, flow_steps_max)) {
            Json place = Json::object();
            if (step.kind == trace::InterleavingKind::finding) place = this->place(finding);
            place["message"] = text_of(fmt::format("{}: {}", step.actor, step.what));
            Json state = {{"time", text_of(fmt::format("{} ns", step.time_ns))}};
            if (step.processor >= 0)
                state["irql"] = text_of(std::string(trace::irql_name(step.level)));
            if (!step.locks.empty())
                state["locks"] = text_of(fmt::format("{}", fmt::join(step.locks, ", ")));
            Json& locations = flows[step.processor];
            if (locations.is_null()) locations = Json::array();
            locations.push_back({{"location", std::move(place)},
                                 {"state", std::move(state)},
                                 {"executionOrder", ++order}});
        }
        if (flows.empty()) return {};
        Json threads = Json::array();
        for (auto& [processor, locations] : flows) {
            threads.push_back(
                {{"id", processor < 0 ? "outside" : fmt::format("processor {}", processor)},
                 {"locations", std::move(locations)}});
        }
        return {{"message", text_of("what the processors did until then")},
                {"threadFlows", std::move(threads)}};
    }

    const Report& report_;
    const std::filesystem::path& base_;
    SourceText& sources_;
    std::map<std::string, std::size_t> index_;
};

}  // namespace

std::string to_sarif(const Report& report, const std::filesystem::path& base, SourceText& sources) {
    return Writer(report, base, sources).write();
}

}  // namespace gpioclx::report
