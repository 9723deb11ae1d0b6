#include "bench/board.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include <algorithm>

#include "bench/duration.h"
#include "firmware/acpica_data.h"
#include "firmware/table_set.h"
#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

constexpr std::uint64_t start_limit_ns = 60'000'000'000;

Result<std::vector<firmware::Table>> read_all_tables(const std::vector<BoardTable>& files) {
    std::vector<firmware::Table> tables;
    for (const BoardTable& entry : files) {
        auto read = firmware::read_tables(entry.file);
        if (!read) return read.error();
        for (firmware::Table& table : *read) {
            table.from_source = !entry.source.empty();
            if (table.from_source) table.file = entry.source;
            tables.push_back(std::move(table));
        }
    }
    return tables;
}

// What is wrong with source of one's own is to be corrected; a machine's tables are as they are.
bool all_from_source(const std::vector<BoardTable>& tables) {
    return std::all_of(tables.begin(), tables.end(),
                       [](const BoardTable& table) { return !table.source.empty(); });
}

// Errors about the content of tables name the source, if there is one.
Error in_source(Error error, const std::vector<BoardTable>& tables) {
    if (error.file.empty() && tables.size() == 1) error.file = tables.front().source;
    return error;
}

}  // namespace

Result<std::unique_ptr<Board>> Board::create(const BenchFile& bench, const BoardOptions& options,
                                             machine::NameTable& names, machine::EventSink& sink) {
    machine::ArenaScope inside;
    std::unique_ptr<Board> board(new Board(bench));
    if (auto built = board->build(options, names, sink); !built) return built.error();
    return board;
}

Board::~Board() = default;

Result<void> Board::build(const BoardOptions& options, machine::NameTable& names,
                          machine::EventSink& sink) {
    policy_ = std::make_unique<machine::SeededPolicy>(options.seed);
    machine_ = std::make_unique<machine::Machine>(
        machine::MachineOptions{.processors = options.processors}, names, sink, *policy_);
    for (const firmware::MutableRegion& region : firmware::acpica_data()) {
        machine::Arena::instance().add_region(region.begin, region.size);
    }
    auto tables = read_all_tables(options.tables);
    if (!tables) return tables.error();
    host_ = std::make_unique<MachineHost>(*machine_);
    auto loaded = firmware::Firmware::load(std::move(*tables), *host_);
    if (!loaded) return loaded.error();
    loaded_ = std::move(*loaded);
    auto provider = FirmwareProvider::create(*loaded_, bench_, all_from_source(options.tables));
    if (!provider) return in_source(provider.error(), options.tables);
    provider_ = std::move(*provider);

    if (auto checked = check_drivers(options.drivers); !checked) return checked.error();
    if (auto checked = check_settings(); !checked) return checked.error();
    if (auto checked = check_devices(); !checked) return checked.error();

    auto library = hardware::ModelLibrary::open(options.maps);
    if (!library) return library.error();
    library->announce_with(options.model_loaded);
    auto board = HardwareBoard::create(bench_, *provider_, *library, *machine_);
    if (!board) return board.error();
    hardware_ = std::move(*board);

    kernel::KernelOptions kernel_options;
    kernel_options.drivers = options.drivers;
    kernel_options.verify = options.verify;
    for (const SettingEntry& setting : bench_.settings) {
        kernel_options.settings.push_back({setting.device, setting.name, setting.value});
    }
    for (const DeviceEntry& device : bench_.devices) {
        kernel::DeviceValues values{.device = device.path, .values = {}};
        for (const auto& [path, number] : device.registry) {
            const RegistryPath place = registry_path(path);
            std::vector<std::uint8_t> data;
            for (int shift = 0; shift < 32; shift += 8)
                data.push_back(static_cast<std::uint8_t>(number >> shift));
            values.values.push_back(
                {.key = place.key, .name = place.name, .data = std::move(data)});
        }
        kernel_options.device_values.push_back(std::move(values));
    }
    kernel_ = kernel::Kernel::create(*machine_, *provider_, kernel_options);
    hardware_->attach(*kernel_);
    hardware_->attach(*host_);
    if (options.verify) {
        instrumented_ = options.instrument;
        verifier_ = std::make_unique<VerifierLink>(*machine_, instrumented_);
        verifier_->watch(*hardware_);
    }
    return {};
}

Result<void> Board::remove_device(std::string_view path, bool surprise) {
    if (surprise && verifier_ != nullptr) verifier_->verifier().hardware_vanishes();
    return kernel_->remove_device(path, surprise);
}

void Board::set_memory_points(verify::MemoryPoints* points,
                              const std::vector<explore::Variable>* known) {
    if (verifier_ == nullptr) return;
    verifier_->verifier().set_memory_points(points);
    verifier_->know(known);
}

namespace {

bool same_id(std::string_view left, std::string_view right) {
    return std::equal(
        left.begin(), left.end(), right.begin(), right.end(),
        [](unsigned char a, unsigned char b) { return std::toupper(a) == std::toupper(b); });
}

}  // namespace

// A driver that no device asks for would never be loaded, and the run would say that all is well.
Result<void> Board::check_drivers(const std::vector<kernel::DriverInstall>& drivers) const {
    const auto served = [this](const std::string& id) {
        const auto devices = provider_->devices();
        return std::any_of(devices.begin(), devices.end(), [&id](const kernel::AcpiDevice& device) {
            const auto& others = device.compatible_ids;
            return same_id(device.hardware_id, id) ||
                   std::any_of(others.begin(), others.end(),
                               [&id](const auto& one) { return same_id(one, id); });
        });
    };
    std::string present;
    for (const kernel::AcpiDevice& device : provider_->devices()) {
        if (!device.hardware_id.empty())
            present += (present.empty() ? "" : ", ") + device.hardware_id;
    }
    // The tool's own drivers, which are not in the bench, come first.
    const std::size_t own = drivers.size() - std::min(drivers.size(), bench_.drivers.size());
    for (std::size_t i = own; i < drivers.size(); ++i) {
        const kernel::DriverInstall& driver = drivers[i];
        const DriverEntry& named = bench_.drivers[i - own];
        for (const std::string& id : named.hardware_ids) {
            if (served(id)) continue;
            return Error{.message = fmt::format(
                             "hardware_ids of driver '{}': no device of the firmware has the id {}",
                             driver.name, id),
                         .file = bench_.file.string(),
                         .line = named.line,
                         .hint = "devices that are present: " + present};
        }
        if (std::any_of(driver.hardware_ids.begin(), driver.hardware_ids.end(), served)) continue;
        return Error{
            .message = fmt::format("driver '{}' serves no device of the firmware; it is for {}",
                                   driver.name,
                                   driver.hardware_ids.empty()
                                       ? "no hardware id at all: it has no .inx or .inf"
                                       : fmt::format("{}", fmt::join(driver.hardware_ids, ", "))),
            .file = bench_.file.string(),
            .line = named.line,
            .hint = "devices that are present: " + present + "; hardware_ids = [...] adds ids"};
    }
    return {};
}

Result<void> Board::check_settings() const {
    for (const SettingEntry& setting : bench_.settings) {
        if (setting.device.empty() || provider_->find(setting.device) != nullptr) continue;
        return Error{.message = fmt::format("setting '{}': the firmware has no device {}",
                                            setting.name, setting.device),
                     .file = bench_.file.string(),
                     .line = setting.line};
    }
    return {};
}

Result<void> Board::check_devices() const {
    for (const DeviceEntry& device : bench_.devices) {
        if (provider_->find(device.path) != nullptr) continue;
        return Error{.message = fmt::format("the firmware has no device {}", device.path),
                     .file = bench_.file.string(),
                     .line = device.line,
                     .hint = "gpioclx show devices lists them"};
    }
    return {};
}

std::optional<std::string> Board::start() {
    machine::ArenaScope inside;
    mark("power on");
    hardware_->power_on();
    kernel_->start();
    const std::uint64_t begun_ns = machine_->now_ns();
    return finish("starting", run_until([this] { return kernel_->started(); }, start_limit_ns),
                  begun_ns);
}

std::optional<std::string> Board::stop() {
    machine::ArenaScope inside;
    if (machine_->halted()) return {};
    mark("shut down");
    kernel_->shut_down();
    const std::uint64_t begun_ns = machine_->now_ns();
    const bool done = run_until([this] { return kernel_->is_shut_down(); }, start_limit_ns);
    if (!done && !machine_->halted()) kernel_->report_incomplete_requests();
    return finish("shutting down", done, begun_ns);
}

std::optional<std::string> Board::finish(std::string_view doing, bool done,
                                         std::uint64_t begun_ns) const {
    if (done || machine_->halted()) return std::nullopt;
    const std::uint64_t spent_ns = machine_->now_ns() - begun_ns;
    if (spent_ns >= start_limit_ns) {
        return fmt::format("the system did not finish {} within {} of virtual time", doing,
                           duration_text(start_limit_ns));
    }
    return fmt::format("the system came to rest while {}: somebody waits for what nobody will do",
                       doing);
}

void Board::run_for(std::uint64_t ns) { machine_->run(machine_->now_ns() + ns); }

bool Board::run_until_idle(std::uint64_t limit_ns) {
    return machine_->run_until_idle(machine_->now_ns() + limit_ns) == machine::RunResult::idle;
}

void Board::mark(std::string_view text) {
    machine_->emit(machine::EventKind::mark, machine_->name(text));
}

}  // namespace gpioclx::bench
