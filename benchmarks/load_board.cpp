#include "load_board.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "bench/installation.h"
#include "bench/session.h"
#include "driverkit/driver_image.h"
#include "firmware/asl.h"
#include "machine/arena.h"
#include "probe.h"

namespace gpioclx::benchmarks {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t limit_ns = 60'000'000'000;
constexpr std::uint64_t forever = std::uint64_t{1} << 62;
constexpr std::uint32_t ioctl_pinload_write = 0x222000;   // IOCTL_PINLOAD_WRITE
constexpr std::uint32_t ioctl_pinload_access = 0x222004;  // IOCTL_PINLOAD_ACCESS

[[noreturn]] void fail(const std::string& text) {
    std::fprintf(stderr, "benchmark: %s\n", text.c_str());
    std::exit(1);
}

template <typename T>
T value_of(Result<T> result) {
    if (!result) fail(result.error().text());
    return std::move(*result);
}

worker::SharedMemory new_shared_memory() { return value_of(worker::SharedMemory::create()); }

}  // namespace

LoadBoard& LoadBoard::instance() {
    // Never destroyed: the arena goes with the process.
    static LoadBoard& board =
        *new LoadBoard(fs::path(GX_BENCHMARK_SOURCE) / "board/benchmark.toml", "\\_SB.WID0:1");
    return board;
}

LoadBoard::LoadBoard(const fs::path& bench_file, const std::string& pin)
    : bench_(value_of(bench::read_bench_file(bench_file))),
      shared_(new_shared_memory()),
      names_(shared_.layout()),
      sink_(shared_.layout()) {
    build();
    start(pin);
    open();
}

void LoadBoard::build() {
    const bench::Installation installation = value_of(bench::find_installation());
    const fs::path cache = GX_BENCHMARK_CACHE;
    const fs::path source = bench_.firmware.front();
    tables_.push_back(
        {value_of(firmware::compile_asl(source, cache / "firmware")).string(), source.string()});
    for (const char* name : {"acpi_bus", "resource_hub", "msgpioclx"}) {
        kernel::DriverInstall own;
        own.name = name;
        own.image = (installation.drivers / (std::string(name) + ".sys")).string();
        own.boot = true;
        drivers_.push_back(std::move(own));
    }
    const std::vector<std::string> kernel = value_of(bench::kernel_exports(installation));
    std::set<std::string, std::less<>> provided(kernel.begin(), kernel.end());
    provided.insert(probe_exports().begin(), probe_exports().end());
    for (const bench::DriverEntry& entry : bench_.drivers) {
        driverkit::BuildOptions options;
        options.wdk = installation.wdk;
        options.cache = cache / "drivers";
        options.exports = [&provided](std::string_view name) { return provided.contains(name); };
        const driverkit::DriverImage image = value_of(driverkit::build(entry.folder, options));
        kernel::DriverInstall install;
        install.name = image.name;
        install.image = image.image.string();
        install.hardware_ids = image.hardware_ids;
        drivers_.push_back(std::move(install));
    }
}

void LoadBoard::start(const std::string& pin) {
    // Nobody reads the events of the start, of which a large board has more than the ring.
    shared_.layout().consumed.store(forever, std::memory_order_release);
    const std::uint64_t begun = ticks();
    bench::BoardOptions options;
    options.seed = 0;  // everywhere the default: no two runs differ
    options.tables = tables_;
    options.drivers = drivers_;
    options.maps = GX_BENCHMARK_SOURCE "/board/maps";
    machine::Arena::instance().reset();
    board_ = value_of(bench::Board::create(bench_, options, names_, sink_));
    if (const auto timeout = board_->start()) fail(*timeout);
    for (const kernel::DeviceStatus& device : board_->kernel().devices()) {
        if (!device.driver.empty() && device.state != "started")
            fail(device.path + ": " + device.state + ": " + device.message);
    }
    start_ns_ = static_cast<double>(ticks() - begun) * ns_per_tick();
    wire_ = board_->hardware().wire(pin);
    if (wire_ == nullptr) fail("the interrupt pin has no wire");
    set_wire(false);
}

void LoadBoard::open() {
    machine::ArenaScope inside;
    using Request = kernel::Kernel::UserRequest;
    Request* opened = new Request;
    opened->operation = Request::Operation::open;
    opened->name = "\\Device\\PinLoad";
    board_->kernel().submit(*opened);
    board_->run_until_idle(limit_ns);
    if (!opened->finished || opened->status != 0) fail("pinload cannot be opened");
    request_ = new Request;
    request_->operation = Request::Operation::ioctl;
    request_->handle = opened->handle;
}

void LoadBoard::request(std::uint32_t code, const std::vector<std::uint32_t>& input) {
    {
        machine::ArenaScope inside;
        request_->code = code;
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(input.data());
        request_->input.assign(bytes, bytes + input.size() * sizeof(input[0]));
        request_->finished = false;
        board_->kernel().submit(*request_);
    }
    board_->run_until_idle(limit_ns);
    if (!request_->finished || request_->status != 0) fail("pinload failed a request");
}

void LoadBoard::write(std::uint32_t count, bool wide, bool toggle) {
    request(ioctl_pinload_write, {count, wide ? 1u : 0u, toggle ? 1u : 0u});
}

void LoadBoard::access(std::uint32_t count, bool write) {
    request(ioctl_pinload_access, {count, 0, write ? 1u : 0u});
}

void LoadBoard::set_wire(bool high) {
    {
        machine::ArenaScope inside;
        board_->hardware().drive(*wire_, high ? hardware::Drive::high : hardware::Drive::low);
    }
    board_->run_until_idle(limit_ns);
}

std::uint64_t LoadBoard::drop_events() {
    worker::SharedLayout& layout = shared_.layout();
    const std::uint64_t written = layout.written.load(std::memory_order_relaxed);
    layout.consumed.store(written, std::memory_order_release);
    return written;
}

}  // namespace gpioclx::benchmarks
