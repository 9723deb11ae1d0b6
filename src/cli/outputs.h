// The files that a command leaves behind besides what it prints: one set of options for all
// commands, and one place that writes them.
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/session.h"
#include "cli/observers.h"
#include "report/output_file.h"
#include "report/report.h"
#include "trace/event_text.h"
#include "trace/interleaving.h"
#include "trace/perfetto.h"
#include "trace/vcd.h"
#include "trace/waveform.h"

namespace gpioclx::cli {

struct OutputArguments {
    // Of the whole command.
    std::string sarif, junit;
    bool github = false;
    // Of one schedule.
    std::string html, perfetto, vcd, events;

    bool wants_schedule() const {
        return !html.empty() || !perfetto.empty() || !vcd.empty() || !events.empty();
    }
};

// --sarif, --junit, --github, --html, --perfetto, --vcd and --events.
void add_output_options(CLI::App& command, OutputArguments& arguments);

// The files of one command. They appear when it ends (report/output_file.h); one that ends early
// leaves none.
class Outputs {
  public:
    explicit Outputs(OutputArguments arguments) : arguments_(std::move(arguments)) {}

    // Before anything else is done. Errors: a place that cannot be written.
    Result<void> open();
    // What is to be told of the events of the schedule; lives as long as this.
    std::vector<bench::EventObserver*> observers();
    // `wires`: the answer of Session::show("wires"), before the first event.
    void declare_wires(const nlohmann::json& wires);
    // What just happened is a problem, though it is no event: the steps before it are kept.
    void keep_recent_steps() { interleaving_.keep_recent(); }
    // Takes the steps of the schedule into the first scenario and writes everything.
    Result<void> finish(report::Report report);
    // "report.html", as they were given; those that people look at.
    std::vector<std::string> written() const;

  private:
    Result<void> open(const std::string& path, std::optional<report::OutputFile>& file);
    Result<void> write_report(const report::Report& report);

    OutputArguments arguments_;
    std::optional<report::OutputFile> sarif_, junit_, html_, perfetto_file_, vcd_file_,
        events_file_;
    std::unique_ptr<trace::Perfetto> perfetto_;
    std::unique_ptr<trace::Vcd> vcd_;
    std::unique_ptr<trace::EventText> events_;
    trace::Interleaving interleaving_;
    trace::Waveform waveform_;
    std::vector<std::unique_ptr<WriterObserver>> observers_;
};

}  // namespace gpioclx::cli
