#include "bench/board.h"

#include <fmt/format.h>

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

    auto library = hardware::ModelLibrary::open(options.maps);
    if (!library) return library.error();
    auto board = HardwareBoard::create(bench_, *provider_, *library, *machine_);
    if (!board) return board.error();
    hardware_ = std::move(*board);

    kernel::KernelOptions kernel_options;
    kernel_options.drivers = options.drivers;
    for (const SettingEntry& setting : bench_.settings) {
        kernel_options.settings.push_back({setting.device, setting.name, setting.value});
    }
    kernel_ = kernel::Kernel::create(*machine_, *provider_, kernel_options);
    hardware_->attach(*kernel_);
    hardware_->attach(*host_);
    return {};
}

Result<void> Board::start() {
    machine::ArenaScope inside;
    mark("power on");
    hardware_->power_on();
    kernel_->start();
    if (run_until([this] { return kernel_->started(); }, start_limit_ns) || machine_->halted())
        return {};
    return Error{
        .message = fmt::format("the system did not finish starting within {} of virtual time",
                               duration_text(start_limit_ns)),
        .hint = "a driver waits for something that never happens; see --trace"};
}

Result<void> Board::stop() {
    machine::ArenaScope inside;
    if (machine_->halted()) return {};
    mark("shut down");
    kernel_->shut_down();
    if (run_until([this] { return kernel_->is_shut_down(); }, start_limit_ns) || machine_->halted())
        return {};
    return Error{.message = "the system did not finish shutting down",
                 .hint = "a driver waits for something that never happens; see --trace"};
}

void Board::run_for(std::uint64_t ns) {
    machine_->run(machine_->now_ns() + ns);
}

bool Board::run_until_idle(std::uint64_t limit_ns) {
    return machine_->run_until_idle(machine_->now_ns() + limit_ns) == machine::RunResult::idle;
}

void Board::mark(std::string_view text) {
    machine_->emit(machine::EventKind::mark, machine_->name(text));
}

}  // namespace gpioclx::bench
