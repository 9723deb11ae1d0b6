// A board with its drivers, under a test: load a bench, start it, move wires, look at what
// happened.
//
//     gpioclx::Board board("pushbutton.toml");
//     board.start();
//     board.button("button").press();
//     board.run_until_idle();
//     EXPECT_TRUE(board.led("led").is_on());
//
// Time is virtual and stands still unless a function says that it runs the board. The same bench,
// options and calls give the same events, byte for byte, on every machine.
//
// Each board has a worker process of its own; several can live side by side, but one board is for
// one thread at a time. Handles (Wire, Part, File) keep that process alive; snapshots (Pin, Device,
// Event, Finding) are plain values.
//
// Every function may throw BadInput for a name that does not exist, and WorkerDied if a driver took
// the worker with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gpioclx/device.h>
#include <gpioclx/event.h>
#include <gpioclx/exception.h>
#include <gpioclx/file.h>
#include <gpioclx/finding.h>
#include <gpioclx/part.h>
#include <gpioclx/pin.h>
#include <gpioclx/wire.h>

namespace gpioclx {

// As [[setting]] in a bench file (user guide, Settings).
struct Setting {
    std::string name;
    std::uint64_t value = 0;
    std::string device = {};  // ACPI path; "" = all
};

// Where the CMake package (GPIOCLX_HOME) or gpioclx.pc (GPIOCLX_PREFIX, without quotes, which no
// shell keeps) was found: the prefix of the tool that belongs to this library.
#define GX_TEXT_OF(...) #__VA_ARGS__
#define GX_TEXT(...) GX_TEXT_OF(__VA_ARGS__)
#if defined(GPIOCLX_HOME)
#define GX_FOUND_AT GPIOCLX_HOME
#elif defined(GPIOCLX_PREFIX)
#define GX_FOUND_AT GX_TEXT(GPIOCLX_PREFIX)
#else
#define GX_FOUND_AT ""
#endif

struct BoardOptions {
    std::uint64_t seed = 1;                   // of the schedule; 0 never deviates from the plainest
    std::optional<unsigned> processors = {};  // 1 to 8; else what the bench says
    std::vector<Setting> settings = {};       // replace those of the bench
    bool keep_events = true;  // false: events() stays empty, for runs that are very long
    // Also finds what did not go wrong in this run but could (docs/findings.md).
    bool verify = false;
    // Wall clock that a driver may run without a call before it counts as hanging; 0 = for ever.
    std::chrono::milliseconds watchdog{10'000};
    // Starts the worker under gdb, with the drivers' symbols and without the watchdog; the test's
    // standard input is gdb's then.
    bool debugger = false;
    // Told of each step of building a driver.
    std::function<void(std::string_view)> progress = {};
    // Installation prefix of gpioclx. The environment's GPIOCLX_HOME goes before it.
    std::filesystem::path home = GX_FOUND_AT;
};
#undef GX_FOUND_AT
#undef GX_TEXT_OF
#undef GX_TEXT

class Board {
  public:
    // Reads the bench, builds what changed of its drivers, puts the board together. Nothing runs.
    explicit Board(const std::filesystem::path& bench, BoardOptions options = {});
    Board(Board&& other) noexcept;
    Board& operator=(Board&& other) noexcept;
    // Without stop(): the power is cut, no driver's unload code runs.
    ~Board();

    // Power on; runs the board until each device is started. Throws StartFailed, with every device
    // that failed, if a driver returned an error or never came to an end.
    void start();
    // Runs the board until all devices are removed and all drivers unloaded, as at shutdown. Throws
    // Exception, with the callbacks that did not return, if that does not end.
    void stop();

    // Runs the board.
    void run_for(std::chrono::nanoseconds time);
    // Until nothing is left to do: no thread, DPC or timer. False: still busy after `limit`.
    bool run_until_idle(std::chrono::nanoseconds limit = std::chrono::seconds(1));
    // Until `done()`, which is asked every `step`. False: not within `limit`.
    bool run_until(const std::function<bool()>& done, std::chrono::nanoseconds limit,
                   std::chrono::nanoseconds step = std::chrono::microseconds(10));

    // One statement of the script language (user guide): "press button for 20ms". False: an
    // expectation was not met; last_message() says why.
    bool step(std::string_view statement);
    // The bench's own script. What failed, one "file:line: message" each; empty if all was as
    // expected.
    std::vector<std::string> play();
    const std::string& last_message() const;

    std::chrono::nanoseconds now() const;  // virtual, since power on
    bool is_halted() const;                // by a bug check; nothing runs any more
    bool is_alive() const;                 // false: the worker died
    std::uint64_t seed() const;
    const std::filesystem::path& bench() const;  // absolute

    std::vector<Device> devices() const;
    Device device(std::string_view path) const;
    // Orderly (query remove, remove), or as if it was pulled out; runs the board until it is idle.
    void remove(std::string_view path, bool surprise = false);

    std::vector<Wire> wires() const;
    Wire wire(std::string_view name) const;  // also by a pin on it: "\\_SB.GPI0:3"
    Part part(std::string_view name) const;
    Button button(std::string_view name) const;
    Led led(std::string_view name) const;

    std::vector<Pin> pins(std::string_view controller) const;
    Pin pin(std::string_view controller, unsigned number) const;

    // A device name, a symbolic link or an ACPI path: "\\Device\\Led", "\\??\\Led", "\\_SB.LED0".
    // Runs the board until the request is completed. Throws OpenFailed.
    File open(std::string_view name);

    // Since power on.
    const Events& events() const;
    const std::vector<Finding>& findings() const;
    // Since the last call of this: what one step of a test brought about.
    Events take_new_events();

  private:
    std::shared_ptr<BoardLink> link_;
};

}  // namespace gpioclx
