#include "bench/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "bench/debugger.h"
#include "bench/finding_rule.h"
#include "bench/installed_values.h"
#include "diagnostics/stack_mark.h"
#include "driverkit/driver_image.h"
#include "driverkit/source_lines.h"
#include "firmware/asl.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// Each costs a call of the symbolizer.
constexpr std::size_t reports_max = 32;

Json user_mode_json(const driverkit::UmdfDirectives& said) {
    return {{"major", said.major},
            {"minor", said.minor},
            {"direct_hardware_access", said.direct_hardware_access},
            {"access_said", said.access_said},
            {"kernel_mode_clients", said.kernel_mode_clients},
            {"unknown_file_objects", said.unknown_file_objects},
            {"copy_method_neither", said.copy_method_neither}};
}

bool is_model(const worker::LoadedImage& image) { return image.path.ends_with(".so"); }

}  // namespace

Result<std::vector<std::string>> kernel_exports(const Installation& installation) {
    const fs::path file = installation.drivers / "exports.txt";
    std::ifstream stream(file);
    if (!stream)
        return Error{.message = "the list of kernel exports is missing", .file = file.string()};
    std::vector<std::string> names;
    for (std::string name; std::getline(stream, name);) names.push_back(name);
    return names;
}

Result<std::unique_ptr<Session>> Session::open(SessionOptions options) {
    std::unique_ptr<Session> session(new Session(std::move(options)));
    if (auto prepared = session->prepare(); !prepared) return prepared.error();
    return session;
}

Session::~Session() = default;

void Session::progress(std::string_view text) const {
    if (options_.progress) options_.progress(text);
}

Result<void> Session::prepare() {
    auto installation = find_installation(options_.home);
    if (!installation) return installation.error();
    installation_ = std::move(*installation);
    auto bench = read_bench_file(options_.bench);
    if (!bench) return bench.error();
    bench_ = std::move(*bench);
    options_.instrument = options_.instrument || bench_.instrument;
    options_.verify = options_.verify || options_.instrument;

    Json tables = Json::array();
    for (const fs::path& path : bench_.firmware) {
        if (!fs::exists(path))
            return Error{.message = "the firmware file does not exist", .file = path.string()};
        if (path.extension() != ".asl" && path.extension() != ".dsl") {
            tables.push_back({{"file", path.string()}});
            continue;
        }
        auto compiled = firmware::compile_asl(path, cache_folder() / "firmware");
        if (!compiled) return compiled.error();
        tables.push_back({{"file", compiled->string()}, {"source", path.string()}});
    }
    auto drivers = own_drivers();
    if (!drivers) return drivers.error();
    for (const DriverEntry& entry : bench_.drivers) {
        auto built = build_driver(entry);
        if (!built) return built.error();
        for (const std::string& id : built->at("hardware_ids").get<std::vector<std::string>>()) {
            for (const Json& other : *drivers) {
                const auto ids = other.at("hardware_ids").get<std::vector<std::string>>();
                if (std::find(ids.begin(), ids.end(), id) == ids.end()) continue;
                return Error{.message = fmt::format("two drivers serve hardware id {}: {} and {}",
                                                    id, other.at("name").get<std::string>(),
                                                    built->at("name").get<std::string>()),
                             .file = bench_.file.string(),
                             .line = entry.line};
            }
        }
        drivers->push_back(std::move(*built));
    }

    worker_options_ = {.executable = installation_.executable.string(),
                       .watchdog_ms = options_.watchdog_ms,
                       .wrapper = options_.wrapper};
    if (options_.debugger) {
        std::vector<fs::path> images;
        for (const Json& driver : *drivers)
            images.emplace_back(driver.at("image").get<std::string>());
        auto command = debugger_command(images, cache_folder() / "gdb", options_.stop_at_findings);
        if (!command) return command.error();
        worker_options_.wrapper = std::move(*command);
        worker_options_.watchdog_ms = 0;
        options_.settings.push_back({.device = "", .name = "umdf_in_machine", .value = 1});
    }
    Json settings = Json::array();
    for (const SettingEntry& setting : options_.settings) {
        settings.push_back(
            {{"device", setting.device}, {"name", setting.name}, {"value", setting.value}});
    }
    load_ = Json{{"do", "load"},
                 {"settings", settings},
                 {"bench", bench_.file.string()},
                 {"seed", options_.seed},
                 {"processors", options_.processors.value_or(bench_.processors)},
                 {"verify", options_.verify},
                 {"instrument", options_.instrument},
                 {"tables", tables},
                 {"drivers", *drivers},
                 {"maps", installation_.maps.string()}}
                .dump();
    return start_worker();
}

Result<void> Session::start_worker() {
    auto worker = worker::Supervisor::start(worker_options_);
    if (!worker) return worker.error();
    worker_ = std::move(*worker);
    worker_->on_event([this](const machine::Event& event) { take(event); });
    worker_->on_quiet_second([this] {
        if (options_.waiting) options_.waiting(now_ns_);
    });
    auto loaded = call(Json::parse(load_));
    // A C++ model may have taken the worker with it; that is a finding like any other.
    if (!loaded && alive()) return loaded.error();
    return {};
}

// The extension, the ACPI bus driver, the resource hub and the driver of virtual serial buses come
// with the tool. Those with hardware ids are loaded when a device needs them.
Result<Json> Session::own_drivers() {
    struct OwnDriver {
        const char* name;
        std::vector<std::string> hardware_ids;
    };
    const OwnDriver drivers[] = {{"acpi_bus", {}},
                                 {"resource_hub", {}},
                                 {"msgpioclx", {}},
                                 {"serialbus", {"GX_SERIAL_BUS"}},
                                 {"pinuser", {"GXCK0001"}}};
    Json list = Json::array();
    for (const auto& [name, hardware_ids] : drivers) {
        const fs::path image = installation_.drivers / (std::string(name) + ".sys");
        if (!fs::exists(image))
            return Error{.message = "a driver of the tool itself is missing",
                         .file = image.string()};
        list.push_back({{"name", name},
                        {"image", image.string()},
                        {"hardware_ids", hardware_ids},
                        {"values", Json::array()},
                        {"boot", hardware_ids.empty()}});
    }
    return list;
}

Result<Json> Session::build_driver(const DriverEntry& entry) {
    if (!fs::exists(entry.folder)) {
        return Error{
            .message = fmt::format("driver folder {} does not exist", entry.folder.string()),
            .file = bench_.file.string(),
            .line = entry.line};
    }
    auto names = kernel_exports(installation_);
    if (!names) return names.error();
    const std::set<std::string, std::less<>> provided(names->begin(), names->end());
    driverkit::BuildOptions options;
    options.project = entry.project;
    options.wdk = installation_.wdk;
    options.exports = [&provided](std::string_view name) { return provided.contains(name); };
    options.cache = cache_folder() / "drivers";
    options.instrument = options_.instrument;
    options.progress = [this](std::string_view step) { progress(step); };
    options.tool_output = options_.tool_output;
    auto image = driverkit::build(entry.folder, options);
    if (!image) return image.error();
    std::vector<std::string> ids = image->hardware_ids;
    ids.insert(ids.end(), entry.hardware_ids.begin(), entry.hardware_ids.end());
    using Scope = driverkit::InfRegistryValue::Scope;
    Json values = installed_values(*image, Scope::service);
    add_numbers(values, entry.registry);
    Json driver{{"name", image->service.empty() ? image->name : image->service},
                {"image", image->image.string()},
                {"hardware_ids", ids},
                {"values", std::move(values)},
                {"hardware_values", installed_values(*image, Scope::device)},
                {"software_values", installed_values(*image, Scope::driver)}};
    if (image->umdf) driver["user_mode"] = user_mode_json(*image->umdf);
    return driver;
}

Result<Json> Session::call(const Json& request) {
    auto answer = worker_->call(request);
    if (worker_->death() && death_code_ == ExitCode::clean) add_death();
    if (!answer) return answer.error();
    now_ns_ = answer->value("now_ns", now_ns_);
    halted_ = answer->value("halted", halted_);
    return answer;
}

Result<Json> Session::start() { return with_callbacks(call({{"do", "start"}})); }
Result<Json> Session::stop() { return with_callbacks(call({{"do", "stop"}})); }
Result<Json> Session::with_callbacks(Result<Json> answer) const {
    // A controller's own callback says more than that of the extension in which it was made.
    Json none = Json::array();
    for (Json& device : answer ? (*answer)["devices"] : none) {
        const auto failed = failed_callbacks_.find(device.at("path").get<std::string>());
        if (failed == failed_callbacks_.end() || device.at("state") != "failed") continue;
        if (device.at("status") == failed->second.second)
            device["failed_in"] = failed->second.first;
    }
    if (answer && answer->contains("timeout"))
        (*answer)["timeout"] = answer->at("timeout").get<std::string>() + unfinished_callbacks();
    return answer;
}
Result<Json> Session::show(const std::string& what) {
    return call({{"do", "show"}, {"what", what}});
}

Result<Json> Session::request(Json request) {
    request["do"] = "request";
    return call(request);
}

Result<StepResult> Session::step(const ScriptLine& line) {
    auto answer =
        call({{"do", "step"}, {"text", line.text}, {"file", line.file}, {"line", line.line}});
    if (!answer) return answer.error();
    StepResult result{.failed = answer->at("failed"),
                      .message = answer->at("message"),
                      .timed_out = answer->at("timed_out"),
                      .finding = answer->at("finding")};
    if (result.timed_out) result.message += unfinished_callbacks();
    return result;
}

Result<void> Session::run_for(std::uint64_t ns) {
    auto answer = call({{"do", "run"}, {"for_ns", ns}});
    if (!answer) return answer.error();
    return {};
}

Result<bool> Session::run_until_idle(std::uint64_t limit_ns) {
    auto answer = call({{"do", "run"}, {"idle_ns", limit_ns}});
    if (!answer) return answer.error();
    return answer->at("idle").get<bool>();
}

void Session::take(const machine::Event& event) {
    using machine::EventKind;
    if (exhibit_) return exhibit_(event);
    std::vector<StackFrame>* stack = std::exchange(wants_stack_, nullptr);
    if (event.kind == EventKind::finding || event.kind == EventKind::mark) sorted_is_old_ = true;
    if (event.kind == EventKind::finding) {
        add_finding(event);
    } else if (event.kind == EventKind::hardware_report) {
        add_report(event);
    } else if (event.kind == EventKind::mark) {
        const std::string_view text = worker_->name(event.subject);
        if (stack != nullptr && text.starts_with(stack_mark))
            *stack = symbolize_stack_text(text.substr(stack_mark.size()));
        if (!findings_.empty()) add_to_finding(event, text);
    }
    follow_callbacks(event);
    now_ns_ = std::max(now_ns_, event.time_ns);
    for (EventObserver* observer : options_.observers) observer->observe(event, *worker_);
}

void Session::follow_callbacks(const machine::Event& event) {
    using machine::EventKind;
    if (event.kind != EventKind::callback_enter && event.kind != EventKind::callback_exit) return;
    const std::string_view name = worker_->name(event.subject);
    if (event.kind == EventKind::callback_exit && name.starts_with("CLIENT_") &&
        (event.c >> 31 & 1) != 0)
        failed_callbacks_[std::string(worker_->name(event.detail))] = {
            std::string(name), static_cast<std::uint32_t>(event.c)};
    std::vector<std::string>& open = callbacks_[event.actor];
    if (event.kind == EventKind::callback_enter) {
        open.push_back(
            fmt::format("{} of {}", worker_->name(event.subject), worker_->name(event.detail)));
    } else if (!open.empty()) {
        open.pop_back();
    }
}

// "; not finished: EvtDevicePrepareHardware of \\_SB.LED0"
std::string Session::unfinished_callbacks() const {
    std::string text;
    for (const auto& [actor, open] : callbacks_) {
        if (!open.empty()) text += (text.empty() ? "; not finished: " : ", ") + open.back();
    }
    return text;
}

void Session::add_finding(const machine::Event& event) {
    findings_.push_back(
        {.id = std::string(worker_->name(event.subject)),
         .sentence = std::string(worker_->name(event.detail)),
         .time_ns = event.time_ns,
         .processor = event.processor == machine::no_processor ? -1 : event.processor,
         .level = event.level,
         .actor = std::string(worker_->name(event.actor)),
         .stack = {}});
    complete(findings_.back());
    wants_stack_ = &findings_.back().stack;
}

void Session::add_report(const machine::Event& event) {
    const std::string_view sentence = worker_->name(event.detail);
    const auto known =
        std::find_if(reports_.begin(), reports_.end(),
                     [sentence](const auto& other) { return other.sentence == sentence; });
    if (known != reports_.end()) {
        ++known->count;
        return;
    }
    if (reports_.size() == reports_max) return;
    reports_.push_back({.sentence = std::string(sentence),
                        .first_time_ns = event.time_ns,
                        .count = 1,
                        .stack = {}});
    wants_stack_ = &reports_.back().stack;
}

// "led+0x1234 < led+0x88"
std::vector<StackFrame> Session::symbolize_stack_text(std::string_view text) {
    std::vector<std::uint64_t> addresses;
    const std::vector<worker::LoadedImage> images = worker_->images();
    while (!text.empty()) {
        const auto end = text.find(" < ");
        const std::string_view frame = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 3);
        const auto plus = frame.rfind('+');
        if (plus == std::string_view::npos) continue;
        const auto image = std::find_if(images.begin(), images.end(), [&](const auto& candidate) {
            return candidate.name == frame.substr(0, plus);
        });
        if (image == images.end()) continue;
        addresses.push_back(
            image->base + std::strtoull(std::string(frame.substr(plus + 1)).c_str(), nullptr, 16));
    }
    return symbolize(addresses);
}

std::vector<StackFrame> Session::symbolize(const std::vector<std::uint64_t>& addresses) {
    std::vector<StackFrame> frames;
    const std::vector<worker::LoadedImage> images = worker_->images();
    for (std::uint64_t address : addresses) {
        const auto image = std::find_if(
            images.begin(), images.end(),
            [address](const auto& candidate) { return address - candidate.base < candidate.size; });
        if (image == images.end()) continue;
        const std::uint64_t offset = address - image->base;
        auto places = driverkit::find_source_lines(image->path, {offset});
        if (!places || places->empty() || places->front().frames.empty()) {
            frames.push_back(
                {.image = image->name, .function = "??", .file = "", .line = 0, .offset = offset});
            continue;
        }
        for (const driverkit::SourceFrame& source : places->front().frames) {
            frames.push_back({.image = image->name,
                              .function = source.function,
                              .file = source.file,
                              .line = source.line,
                              .offset = offset});
        }
    }
    return frames;
}

namespace {

std::string fault_sentence(const worker::Death& death, std::string_view who) {
    switch (death.signal) {
        case SIGFPE: return fmt::format("{} divided by zero", who);
        case SIGILL:
        case SIGTRAP:
            return fmt::format(
                "{} executed an instruction that stops it (__debugbreak, __ud2, unreachable code)",
                who);
        case SIGABRT: return "an assertion of gpioclx failed";
        default: break;
    }
    constexpr std::uint64_t null_page_end = 0x10000;
    const bool null = death.address < null_page_end;
    switch (death.access) {
        case worker::CrashAccess::execute:
            return null ? fmt::format(
                              "{} called a function at address {:#x}: the function pointer is null",
                              who, death.address)
                        : fmt::format("{} called address {:#x}, where no code is", who,
                                      death.address);
        case worker::CrashAccess::read:
        case worker::CrashAccess::write: {
            const char* verb = death.access == worker::CrashAccess::read ? "read" : "wrote";
            return null ? fmt::format("{} {} address {:#x}: a null pointer was dereferenced", who,
                                      verb, death.address)
                        : fmt::format("{} {} address {:#x}, which it may not", who, verb,
                                      death.address);
        }
        case worker::CrashAccess::unknown: break;
    }
    return fmt::format(
        "{} used a pointer that is no address: it was read from memory that was freed or never "
        "initialized",
        who);
}

}  // namespace

void Session::add_death() {
    const worker::Death& death = *worker_->death();
    Finding finding;
    now_ns_ = std::max(now_ns_, death.time_ns);
    finding.time_ns = now_ns_;
    finding.processor = death.processor;
    finding.level = death.level;
    finding.actor = std::string(worker_->name(death.actor));
    finding.stack = symbolize(death.frames);
    const bool driver_on_stack = !finding.stack.empty();
    // Whose code it was: a C++ model's is as foreign as a driver's.
    std::string who = "the driver";
    bool model = false;
    for (const worker::LoadedImage& image : worker_->images()) {
        if (!is_model(image) || !driver_on_stack || finding.stack.front().image != image.name)
            continue;
        who = fmt::format("the model '{}'", image.path);
        model = true;
    }
    death_code_ = ExitCode::findings;
    switch (death.kind) {
        case worker::CrashKind::stack_overflow:
            finding.id = model ? "fault-014" : "fault-011";
            finding.sentence = who + " overflowed its stack";
            break;
        case worker::CrashKind::hang:
            finding.id = "fault-012";
            finding.sentence = fmt::format("{} did not return: no step of the machine for {} ms{}",
                                           who, options_.watchdog_ms, unfinished_callbacks());
            death_code_ = ExitCode::watchdog;
            break;
        case worker::CrashKind::fault:
            finding.id = model ? "fault-013" : "fault-010";
            finding.sentence = fault_sentence(death, who);
            break;
        case worker::CrashKind::none:
            if (options_.debugger) return;  // somebody ended it there
            finding.id = "tool-001";
            finding.sentence =
                death.signal != 0
                    ? fmt::format("the worker was ended by signal {} ({})", death.signal,
                                  strsignal(death.signal))
                    : fmt::format("the worker ended with exit status {}", death.exit_status);
            break;
    }
    if (!driver_on_stack && death.kind != worker::CrashKind::none) {
        finding.sentence += "; no driver is on the stack: this is a fault of gpioclx";
    }
    if (!driver_on_stack) death_code_ = ExitCode::tool_fault;
    complete(finding);
    sorted_is_old_ = true;
    findings_.push_back(std::move(finding));
}

ExitCode Session::exit_code() const {
    if (options_.debugger && worker_->death() && findings().empty()) return ExitCode::clean;
    if (death_code_ != ExitCode::clean) return death_code_;
    return findings().empty() ? ExitCode::clean : ExitCode::findings;
}

}  // namespace gpioclx::bench
