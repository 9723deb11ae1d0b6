#include "bench/board_service.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "bench/board_explorer.h"
#include "bench/board_view.h"
#include "bench/direct_access.h"
#include "bench/user_requests.h"
#include "kernel/vf/fault_point.h"
#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;

std::vector<kernel::RegistryValue> values_from(const Json& list) {
    std::vector<kernel::RegistryValue> values;
    for (const Json& value : list) {
        values.push_back({.key = value.at("key"),
                          .name = value.at("name"),
                          .type = value.at("type"),
                          .data = value.at("data").get<std::vector<std::uint8_t>>()});
    }
    return values;
}

std::optional<kernel::UserModeInstall> user_mode_from(const Json& entry) {
    if (!entry.contains("user_mode")) return std::nullopt;
    const Json& said = entry.at("user_mode");
    return kernel::UserModeInstall{.major = said.at("major"),
                                   .minor = said.at("minor"),
                                   .direct_hardware_access = said.at("direct_hardware_access"),
                                   .access_said = said.at("access_said"),
                                   .kernel_mode_clients = said.at("kernel_mode_clients"),
                                   .unknown_file_objects = said.at("unknown_file_objects"),
                                   .copy_method_neither = said.at("copy_method_neither")};
}

std::vector<kernel::DriverInstall> drivers_from(const Json& list) {
    std::vector<kernel::DriverInstall> drivers;
    for (const Json& entry : list) {
        drivers.push_back(
            {.name = entry.at("name"),
             .image = entry.at("image"),
             .hardware_ids = entry.at("hardware_ids"),
             .values = values_from(entry.value("values", Json::array())),
             .boot = entry.value("boot", false),
             .hardware_values = values_from(entry.value("hardware_values", Json::array())),
             .software_values = values_from(entry.value("software_values", Json::array())),
             .user_mode = user_mode_from(entry)});
    }
    return drivers;
}

std::vector<BoardTable> tables_from(const Json& list) {
    std::vector<BoardTable> tables;
    for (const Json& entry : list) tables.push_back({entry.at("file"), entry.value("source", "")});
    return tables;
}

// Passes events on, and tells the supervisor of each image before its code runs.
class AnnouncingSink final : public machine::EventSink {
  public:
    explicit AnnouncingSink(worker::WorkerContext& context) : context_(context) {}
    void record(const machine::Event& event) override {
        if (event.kind == machine::EventKind::driver_state) announce();
        context_.events.record(event);
        if (event.kind == machine::EventKind::finding)
            worker::stop_debugger_at_finding(context_.names.text(event.subject));
    }
    machine::EventWindow& window() override {
        machine::EventWindow& window = context_.events.window();
        for (const auto kind : {machine::EventKind::driver_state, machine::EventKind::finding})
            window.watched |= std::uint64_t{1} << static_cast<unsigned>(kind);
        return window;
    }

    void announce_model(const std::string& path, std::uint64_t base, std::uint64_t size) {
        machine::OutsideArenaScope outside;
        const std::string name = std::filesystem::path(path).filename();
        context_.announce_image(name, path, base, size);
    }

  private:
    void announce() {
        machine::OutsideArenaScope outside;
        const std::vector<ImageView> images = loaded_images();
        for (; announced_ < images.size(); ++announced_) {
            const ImageView& image = images[announced_];
            context_.announce_image(image.name, image.path, image.base, image.size);
        }
    }

    worker::WorkerContext& context_;
    std::size_t announced_ = 0;
};

class BoardService final : public worker::Service {
  public:
    explicit BoardService(worker::WorkerContext& context) : context_(context), sink_(context) {
        serve_direct_accesses();
    }

    // Not destroyed with its board: the arena goes with the process.
    ~BoardService() override { board_.release(); }

    Result<Json> handle(const Json& request) override {
        const std::string what = request.at("do");
        if (what == "load") return load(request);
        if (board_ == nullptr) return Error{.message = "no board is loaded"};
        Result<Json> answer = what == "start"          ? start()
                              : what == "stop"         ? stop()
                              : what == "step"         ? step(request)
                              : what == "run"          ? run(request)
                              : what == "request"      ? requests_->handle(request)
                              : what == "explore"      ? explore(request)
                              : what == "replay"       ? replay(request)
                              : what == "exhibit"      ? exhibit(request)
                              : what == "shrink_death" ? shrink_death(request)
                              : what == "show"
                                  ? show_board(*board_, request.at("what"))
                                  : Result<Json>(Error{.message = "unknown request " + what});
        if (answer) {
            (*answer)["now_ns"] = board_->machine().now_ns();
            (*answer)["halted"] = board_->machine().halted();
        }
        return answer;
    }

  private:
    Result<Json> load(const Json& request) {
        auto bench = read_bench_file(request.at("bench").get<std::string>());
        if (!bench) return bench.error();
        bench_ = std::make_unique<BenchFile>(std::move(*bench));
        for (const Json& setting : request.value("settings", Json::array())) {
            bench_->settings.push_back({.device = setting.at("device"),
                                        .name = setting.at("name"),
                                        .value = setting.at("value")});
        }
        const BoardOptions options{.seed = request.at("seed"),
                                   .processors = request.at("processors"),
                                   .verify = request.at("verify"),
                                   .instrument = request.at("instrument"),
                                   .tables = tables_from(request.at("tables")),
                                   .drivers = drivers_from(request.at("drivers")),
                                   .maps = request.at("maps"),
                                   .model_loaded = [this](const auto& path, auto base, auto size) {
                                       sink_.announce_model(path, base, size);
                                   }};
        machine::Arena::instance().reset();
        auto board = Board::create(*bench_, options, context_.names, sink_);
        if (!board) return board.error();
        board_ = std::move(*board);
        context_.machine = &board_->machine();
        runner_ = std::make_unique<ScriptRunner>(*board_);
        requests_ = std::make_unique<UserRequests>(*board_);
        return Json::object();
    }

    Result<Json> start() {
        before_start_.emplace(machine::Checkpoint::take());
        return with_devices(board_->start());
    }

    Result<Json> stop() { return with_devices(board_->stop()); }

    // How far each device came, and why not all came to the end.
    Result<Json> with_devices(const std::optional<std::string>& timeout) {
        auto answer = show_board(*board_, "devices");
        if (answer && timeout) (*answer)["timeout"] = *timeout;
        return answer;
    }

    Result<Json> step(const Json& request) {
        auto outcome = runner_->run({.text = request.at("text"),
                                     .file = request.value("file", ""),
                                     .line = request.value("line", 0)});
        if (!outcome) return outcome.error();
        return Json{{"failed", outcome->failed},
                    {"message", outcome->message},
                    {"timed_out", outcome->timed_out},
                    {"finding", outcome->finding}};
    }

    Result<Json> run(const Json& request) {
        if (request.contains("idle_ns")) {
            return Json{
                {"idle", board_->run_until_idle(request.at("idle_ns").get<std::uint64_t>())}};
        }
        board_->run_for(request.at("for_ns").get<std::uint64_t>());
        return Json::object();
    }

    static std::vector<ScriptLine> script_from(const Json& lines) {
        std::vector<ScriptLine> script;
        for (const Json& line : lines)
            script.push_back({line.at("text"), line.at("file"), line.at("line")});
        return script;
    }

    // From where the board stands now: the first request says what.
    Result<Json> explore(const Json& request) {
        if (!before_start_) return Error{.message = "the devices were not started"};
        // Another search begins anew, from where the board stands all the same.
        std::string search;
        for (const char* part : {"script", "strategy", "bound", "from", "shut_downs", "faults"})
            search += request.at(part).dump() + "\n";
        if (explorer_ == nullptr || search != search_) {
            search_ = std::move(search);
            auto strategy = explore::strategy_named(request.at("strategy").get<std::string>());
            if (!strategy) return strategy.error();
            BoardExplorerOptions options{.seed = request.at("seed"),
                                         .strategy = *strategy,
                                         .bound = request.at("bound"),
                                         .from = from_named(request.at("from")),
                                         .shut_downs = request.at("shut_downs"),
                                         .faults = request.at("faults"),
                                         .known = request.at("known"),
                                         .skipped = request.at("skipped"),
                                         .avoided = {}};
            for (const Json& token : request.at("avoided")) {
                if (auto schedule = explore::from_token(token.get<std::string>()))
                    options.avoided.push_back(std::move(*schedule));
            }
            explorer_ = std::make_unique<BoardExplorer>(*board_, *before_start_, context_.shared,
                                                        std::move(options),
                                                        script_from(request.at("script")));
        }
        auto answer = explorer_->explore(request.at("first"), request.at("count"));
        if (answer && request.at("coverage")) (*answer)["pairs"] = explorer_->coverage();
        return answer;
    }

    static ExploredFrom from_named(const std::string& name) {
        return name == "started"    ? ExploredFrom::started
               : name == "power-on" ? ExploredFrom::power_on
                                    : ExploredFrom::both;
    }

    // By an explorer of its own: that of the search may have to know other things.
    Result<Json> shrink_death(const Json& request) {
        auto schedule = explore::from_token(request.at("token").get<std::string>());
        if (!schedule) return schedule.error();
        BoardExplorer explorer(*board_, *before_start_, context_.shared,
                               {.seed = request.at("seed"), .faults = schedule->faults},
                               script_from(request.at("script")));
        const explore::Schedule shortest = explorer.shrink_death(
            *schedule, static_cast<worker::CrashKind>(request.at("kind").get<std::uint32_t>()),
            request.at("at"), request.at("patience_ms"), sink_);
        context_.events.read_again();
        return Json{{"token", explore::to_token(shortest)}};
    }

    // As it was decided before, from the beginning that the token names.
    Result<Json> replay(const Json& request) {
        auto schedule = explore::from_token(request.at("token").get<std::string>());
        if (!schedule) return schedule.error();
        ScriptPlayer player(*board_, script_from(request.at("script")));
        const bool from_power_on = schedule->beginning == explore::Beginning::power_on;
        if (!from_power_on) {
            auto started = start();
            if (!started || started->contains("timeout")) return started;
        }
        conductor_ = std::make_unique<explore::Conductor>(board_->machine().names());
        conductor_->conduct(explore::repeat(*schedule), schedule->faults);
        board_->machine().set_policy(*conductor_, true);
        known_ = schedule->variables;
        board_->set_memory_points(&memory_points_, &known_);
        if (schedule->faults) {
            machine::ArenaScope inside;
            kernel::vf::ask_about_faults();
        }
        if (auto played = player.play({.start = from_power_on, .removals = schedule->faults});
            !played)
            return played.error();
        return with_devices({});
    }

    // What explore found, once more with its events.
    Result<Json> exhibit(const Json& request) {
        auto schedule = explore::from_token(request.at("token").get<std::string>());
        if (!schedule) return schedule.error();
        if (explorer_ == nullptr) return Error{.message = "nothing was explored"};
        if (auto exhibited = explorer_->exhibit(*schedule, sink_); !exhibited)
            return exhibited.error();
        return Json::object();
    }

    worker::WorkerContext& context_;
    AnnouncingSink sink_;
    std::unique_ptr<explore::Conductor> conductor_;
    verify::MemoryPoints memory_points_;    // of a replay: all
    std::vector<explore::Variable> known_;  // of a replay
    std::optional<machine::Checkpoint> before_start_;
    std::unique_ptr<BoardExplorer> explorer_;
    std::string search_;  // what the explorer does, as it was asked for
    std::unique_ptr<BenchFile> bench_;
    std::unique_ptr<Board> board_;
    std::unique_ptr<ScriptRunner> runner_;
    std::unique_ptr<UserRequests> requests_;
};

}  // namespace

std::unique_ptr<worker::Service> make_board_service(worker::WorkerContext& context) {
    return std::make_unique<BoardService>(context);
}

}  // namespace gpioclx::bench
