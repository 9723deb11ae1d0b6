// A process that runs the functions of one image for the machine. Made by fork, so that everything
// stands at the same addresses; then it gives up what is the machine's: its memory, its files, its
// other processes' memory. Exactly one of both runs at a time, so what the driver does has its
// place in the machine's order, whichever process it is in.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "umdf/channel.h"
#include "umdf/user_slice.h"

namespace gpioclx::umdf {

// Bytes of the image's code as they are in the host; the machine's process has something else
// there.
struct CodeBytes {
    std::uintptr_t start = 0;
    std::vector<std::uint8_t> bytes;
};

struct HostSetup {
    UserSlice slice{0};
    std::uintptr_t image_start =
        0;  // stays visible in the host, as does nothing else of the machine's
    std::size_t image_size = 0;
    std::vector<CodeBytes> code;
};

class HostProcess {
  public:
    // How long a host may run without coming back before it counts as hanging. Wall clock, because
    // nobody else's runs meanwhile; only a driver that hangs ever notices.
    static constexpr unsigned patience_ms = 4000;

    explicit HostProcess(HostSetup setup) : setup_(std::move(setup)) {}
    ~HostProcess() { kill(); }
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    // The slice is mapped anew. False: no memory, no process.
    bool start();
    // Gives the host its turn and waits until it is back with a message. False: it died; death()
    // says of what.
    bool exchange(Message& message);
    // Notices a death between two turns.
    bool is_alive();
    // From outside, as an impatient user would.
    void kill();
    // It handed the machine a pointer that leads nowhere.
    void kill_for(const Death& death);

    pid_t pid() const { return pid_; }
    const UserSlice& slice() const { return setup_.slice; }
    const Death& death() const { return death_; }

  private:
    Channel& channel() const { return *static_cast<Channel*>(setup_.slice.channel()); }
    bool wait_for_turn();
    bool reap(bool wait);
    void end_hang();

    HostSetup setup_;
    pid_t pid_ = -1;
    Death death_;
};

// In the child, on any stack; never returns.
[[noreturn]] void host_main(const HostSetup& setup, pid_t machine);

}  // namespace gpioclx::umdf
