#include "cli/outputs.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "report/github.h"
#include "report/html.h"
#include "report/junit.h"
#include "report/place.h"
#include "report/sarif.h"
#include "report/source_text.h"

namespace gpioclx::cli {

void add_output_options(CLI::App& command, OutputArguments& arguments) {
    const auto file = [&](const char* name, std::string& value, const char* what) {
        command.add_option(name, value, what)->type_name("FILE")->group("Output files");
    };
    file("--sarif", arguments.sarif, "Write the findings as SARIF 2.1.0");
    file("--junit", arguments.junit, "Write the outcome as JUnit XML");
    command
        .add_flag("--github", arguments.github,
                  "Print the findings as annotations of GitHub Actions")
        ->group("Output files");
    file("--html", arguments.html, "Write a page about the schedule that failed");
    file("--perfetto", arguments.perfetto, "Write the schedule as a Perfetto trace");
    file("--vcd", arguments.vcd, "Write the wires as a value change dump");
    file("--events", arguments.events, "Write the whole event stream as text");
}

Result<void> Outputs::open(const std::string& path, std::optional<report::OutputFile>& file) {
    if (path.empty()) return {};
    auto opened = report::OutputFile::open(path);
    if (!opened) return opened.error();
    file.emplace(std::move(*opened));
    return {};
}

Result<void> Outputs::open() {
    const std::pair<const std::string&, std::optional<report::OutputFile>&> files[] = {
        {arguments_.sarif, sarif_},  {arguments_.junit, junit_},
        {arguments_.html, html_},    {arguments_.perfetto, perfetto_file_},
        {arguments_.vcd, vcd_file_}, {arguments_.events, events_file_}};
    for (const auto& [path, file] : files)
        if (auto opened = open(path, file); !opened) return opened.error();
    if (perfetto_file_) perfetto_ = std::make_unique<trace::Perfetto>(perfetto_file_->stream());
    if (vcd_file_) vcd_ = std::make_unique<trace::Vcd>(vcd_file_->stream(), "board");
    if (events_file_) events_ = std::make_unique<trace::EventText>(events_file_->stream());
    return {};
}

std::vector<bench::EventObserver*> Outputs::observers() {
    std::vector<trace::Writer*> writers = {perfetto_.get(), vcd_.get(), events_.get()};
    if (html_ || sarif_) writers.push_back(&interleaving_);
    if (html_) writers.push_back(&waveform_);
    std::vector<bench::EventObserver*> list;
    for (trace::Writer* writer : writers) {
        if (writer == nullptr) continue;
        observers_.push_back(std::make_unique<WriterObserver>(*writer));
        list.push_back(observers_.back().get());
    }
    return list;
}

void Outputs::declare_wires(const nlohmann::json& wires) {
    for (const nlohmann::json& wire : wires.at("wires")) {
        const std::string name = wire.at("name");
        const std::string level = wire.at("level");
        const char symbol = level == "high" ? '1' : level == "low" ? '0' : 'z';
        if (vcd_) vcd_->declare(name, symbol);
        if (perfetto_) perfetto_->declare(name, symbol);
        waveform_.declare(name, symbol);
    }
}

Result<void> Outputs::finish(report::Report report) {
    for (trace::Writer* writer :
         {static_cast<trace::Writer*>(perfetto_.get()), static_cast<trace::Writer*>(vcd_.get()),
          static_cast<trace::Writer*>(&interleaving_)})
        if (writer != nullptr) writer->finish();
    if (!report.scenarios.empty()) {
        report::Scenario& scenario = report.scenarios.front();
        scenario.interleaving = interleaving_.steps();
        scenario.wires = waveform_.rows();
    }
    if (auto written = write_report(report); !written) return written.error();
    for (auto* file : {&perfetto_file_, &vcd_file_, &events_file_}) {
        if (!*file) continue;
        if (auto kept = (*file)->keep(); !kept) return kept.error();
    }
    return {};
}

Result<void> Outputs::write_report(const report::Report& report) {
    const std::filesystem::path base = report::base_folder(std::filesystem::current_path());
    report::SourceText sources;
    if (sarif_) {
        if (auto kept = write_file(*sarif_, to_sarif(report, base, sources)); !kept)
            return kept.error();
    }
    if (junit_) {
        if (auto kept = write_file(*junit_, to_junit(report)); !kept) return kept.error();
    }
    if (html_) {
        if (auto kept = write_file(*html_, to_html(report, base, sources)); !kept)
            return kept.error();
    }
    if (arguments_.github) fmt::print("{}", to_github(report, base));
    return {};
}

std::vector<std::string> Outputs::written() const {
    std::vector<std::string> lines;
    for (const auto& [what, path] : {std::pair{"waveform", arguments_.vcd},
                                     {"trace", arguments_.perfetto},
                                     {"page", arguments_.html}})
        if (!path.empty()) lines.push_back(fmt::format("{}: {}", what, path));
    return lines;
}

}  // namespace gpioclx::cli
