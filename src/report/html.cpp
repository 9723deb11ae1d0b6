#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/finding_rule.h"
#include "diagnostics/function_name.h"
#include "report/html_parts.h"
#include "report/place.h"
#include "trace/writer.h"

namespace gpioclx::report {

std::string html_text(std::string_view text) {
    std::string result;
    for (const char c : as_utf8(text)) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            default:
                result += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
        }
    }
    return result;
}

namespace {

constexpr int lines_around = 3;

std::string meaning_of(const std::string& id) {
    const bench::FindingRule* rule = bench::finding_rule(id);
    if (rule == nullptr) return {};
    std::string meaning = rule->from + ": " + rule->rule;
    if (!rule->remedy.empty()) meaning += ". What to do: " + rule->remedy;
    std::erase(meaning, '`');
    return meaning;
}

class Page {
  public:
    Page(const Report& report, const std::filesystem::path& base, SourceText& sources)
        : report_(report), base_(base), sources_(sources) {}

    std::string write() {
        static const Scenario nothing;
        const Scenario& scenario = report_.scenarios.empty() ? nothing : report_.scenarios.front();
        head(scenario);
        problems(scenario);
        again(scenario);
        interleaving(scenario);
        wires(scenario);
        hardware(scenario);
        others();
        text_ += "</main>\n</body>\n</html>\n";
        return std::move(text_);
    }

  private:
    template <typename... Values>
    void add(fmt::format_string<Values...> format, Values&&... values) {
        text_ += fmt::format(format, std::forward<Values>(values)...);
    }

    static std::string title_of(const Scenario& scenario) {
        if (scenario.problems.empty()) return scenario.name + ": nothing found";
        const bench::Finding& first = scenario.problems.front().finding;
        return fmt::format("{}: {}", first.id, first.sentence);
    }

    void head(const Scenario& scenario) {
        add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"generator\" content=\"gpioclx " GX_VERSION
            "\">\n<title>{}</title>\n"
            "<style>{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#interleaving\">To the "
            "interleaving</a>\n<header>\n<p class=\"quiet\">gpioclx, <span "
            "class=\"mono\">{}</span>, "
            "{}</p>\n<nav aria-label=\"Parts of the page\"><ul>",
            html_text(title_of(scenario)), html_style,
            html_text(relative_to(base_, report_.bench.string())), html_text(scenario.summary));
        for (const auto& [id, name] : {std::pair{"findings", "findings"},
                                       {"again", "see it again"},
                                       {"interleaving", "interleaving"},
                                       {"wires", "wires"}})
            add("<li><a href=\"#{}\">{}</a></li>", id, name);
        add("</ul></nav>\n</header>\n<main>\n");
    }

    void problems(const Scenario& scenario) {
        add("<section id=\"findings\" aria-label=\"Findings\">\n");
        if (scenario.problems.empty())
            add("<h1>Nothing found</h1>\n<p class=\"clean\">{}: {}</p>\n", html_text(scenario.name),
                html_text(scenario.summary));
        bool first = true;
        for (const Problem& problem : scenario.problems) {
            if (!first) add("<h2>And</h2>\n");
            one_problem(scenario, problem, first);
            first = false;
        }
        add("</section>\n");
    }

    void one_problem(const Scenario& scenario, const Problem& problem, bool first) {
        const bench::Finding& finding = problem.finding;
        const char* heading = first ? "h1" : "h3";
        add("<article class=\"finding\">\n<{0}><span class=\"id mono\">{1}</span> {2}</{0}>\n",
            heading, html_text(finding.id), html_text(finding.sentence));
        if (const std::string meaning = meaning_of(finding.id); !meaning.empty())
            add("<p class=\"quiet\">{}</p>\n", html_text(meaning));
        add("<p>At {}", microseconds(finding.time_ns));
        if (finding.processor >= 0)
            add(", processor {}, IRQL {}, in <span class=\"mono\">{}</span>", finding.processor,
                trace::irql_name(static_cast<machine::Level>(finding.level)),
                html_text(finding.actor));
        const auto steps = steps_to(scenario, finding, 1);
        if (!steps.empty())
            add(" (<a href=\"#s{}\">in the interleaving</a>)", steps.front().sequence);
        add(".</p>\n");
        stack("Where it happened", finding.stack);
        stack("The other side", finding.other_stack);
        add("</article>\n");
    }

    // The innermost frame with a source line stands open, what called it is folded.
    void stack(const char* title, const std::vector<bench::StackFrame>& frames) {
        if (frames.empty()) return;
        add("<h3>{}</h3>\n", title);
        const bench::StackFrame* open = place_of(frames);
        for (const bench::StackFrame& each : frames) frame(each, &each == open);
    }

    void frame(const bench::StackFrame& frame, bool open) {
        const std::string function = html_text(short_function_name(frame.function));
        if (frame.file.empty() || frame.line <= 0) {
            add("<p class=\"mono\">{}+{:#x} {}</p>\n", html_text(frame.image), frame.offset,
                function);
            return;
        }
        add("<details{}><summary class=\"mono\">{}:{} {}{}</summary>\n", open ? " open" : "",
            html_text(relative_to(base_, frame.file)), frame.line, function,
            frame.image.empty() ? "" : fmt::format(" ({})", html_text(frame.image)));
        const auto lines = sources_.quote(frame.file, frame.line, lines_around);
        if (lines.empty()) add("<p class=\"quiet\">The file cannot be read any more.</p>\n");
        if (!lines.empty()) add("<pre class=\"source\" tabindex=\"0\">");
        for (const SourceLine& line : lines)
            add("<span{}><i>{:>4}</i>{}</span>", line.number == frame.line ? " class=\"here\"" : "",
                line.number, html_text(line.text));
        if (!lines.empty()) add("</pre>\n");
        add("</details>\n");
    }

    void again(const Scenario& scenario) {
        add("<section id=\"again\">\n<h2>See it again</h2>\n");
        std::string last;
        for (const Problem& problem : scenario.problems) {
            if (problem.command != last)
                add("<pre class=\"command\" tabindex=\"0\">{}</pre>\n", html_text(problem.command));
            last = problem.command;
            if (!problem.token.empty())
                add("<p>Token of the schedule: <code>{}</code></p>\n", html_text(problem.token));
            if (problem.decisions.empty()) continue;
            add("<p>What was decided otherwise than in the plain run:</p>\n<ol>");
            for (const std::string& decision : problem.decisions)
                add("<li>{}</li>", html_text(decision));
            add("</ol>\n");
        }
        if (scenario.problems.empty())
            add("<pre class=\"command\" tabindex=\"0\">{}</pre>\n", html_text(report_.command));
        add("</section>\n");
    }

    void interleaving(const Scenario& scenario) {
        add("<section id=\"interleaving\" aria-labelledby=\"interleaving-title\">\n"
            "<h2 id=\"interleaving-title\">Interleaving</h2>\n");
        const std::string table = html_interleaving(scenario);
        if (table.empty()) {
            add("<p class=\"quiet\">Nobody watched the steps of this run.</p>\n</section>\n");
            return;
        }
        add("<p class=\"quiet\">A row a step, in their order; a column a processor; grounds show "
            "the "
            "IRQL.</p>\n");
        for (const auto& [id, name] : {std::pair{"locks", "locks"},
                                       {"accesses", "register accesses"},
                                       {"schedule", "threads, waits and ends of routines"}})
            add("<input type=\"checkbox\" id=\"{0}\" checked> <label for=\"{0}\">{1}</label>\n", id,
                name);
        add("<div class=\"scroll\" role=\"region\" aria-labelledby=\"interleaving-title\" "
            "tabindex=\"0\">\n{}</div>\n</section>\n",
            table);
    }

    void wires(const Scenario& scenario) {
        add("<section id=\"wires\">\n<h2>Wires</h2>\n");
        const std::string curves = html_wires(scenario);
        text_ += curves.empty() ? "<p class=\"quiet\">No wire changed.</p>\n" : curves;
        add("</section>\n");
    }

    void hardware(const Scenario& scenario) {
        if (scenario.hardware_reports.empty()) return;
        add("<section>\n<h2>What the hardware noticed</h2>\n");
        for (const bench::HardwareReport& report : scenario.hardware_reports) {
            add("<p>{} ({} times, first at {})</p>\n", html_text(report.sentence), report.count,
                microseconds(report.first_time_ns));
            for (const bench::StackFrame& each : report.stack) frame(each, false);
        }
        add("</section>\n");
    }

    // A page shows one schedule; what else was found is named.
    void others() {
        if (report_.scenarios.size() < 2) return;
        add("<section>\n<h2>Also</h2>\n<ul>\n");
        for (std::size_t i = 1; i < report_.scenarios.size(); ++i) {
            const Scenario& scenario = report_.scenarios[i];
            add("<li>{}", html_text(title_of(scenario)));
            for (const Problem& problem : scenario.problems)
                add("<pre class=\"command\" tabindex=\"0\">{}</pre>", html_text(problem.command));
            add("</li>\n");
        }
        add("</ul>\n</section>\n");
    }

    const Report& report_;
    const std::filesystem::path& base_;
    SourceText& sources_;
    std::string text_;
};

}  // namespace

std::string to_html(const Report& report, const std::filesystem::path& base, SourceText& sources) {
    return Page(report, base, sources).write();
}

}  // namespace gpioclx::report
