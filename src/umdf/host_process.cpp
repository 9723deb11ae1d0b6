#include "umdf/host_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>

#include "umdf/futex.h"

namespace gpioclx::umdf {
namespace {

constexpr unsigned slice_of_wait_ms = 5;
constexpr int spins = 200;
// What a host that was told to end because it hangs may take to write down where.
constexpr unsigned last_words_ms = 500;

}  // namespace

bool HostProcess::start() {
    if (!setup_.slice.map()) return false;
    new (setup_.slice.channel()) Channel;
    death_ = {};
    const pid_t machine = getpid();
    const pid_t child = fork();
    if (child < 0) return false;
    if (child == 0) host_main(setup_, machine);
    pid_ = child;
    return true;
}

bool HostProcess::exchange(Message& message) {
    if (pid_ < 0) return false;
    Channel& channel = this->channel();
    channel.message = message;
    channel.turn.store(Channel::host, std::memory_order_release);
    futex_wake(channel.turn);
    if (!wait_for_turn()) return false;
    message = channel.message;
    return true;
}

bool HostProcess::wait_for_turn() {
    Channel& channel = this->channel();
    const auto ours = [&channel] {
        return channel.turn.load(std::memory_order_acquire) == Channel::machine;
    };
    for (int i = 0; i < spins && !ours(); ++i) __builtin_ia32_pause();
    for (unsigned waited = 0; !ours(); waited += slice_of_wait_ms) {
        futex_wait(channel.turn, Channel::host, slice_of_wait_ms);
        if (!ours() && reap(false)) return false;
        if (waited >= patience_ms) {
            end_hang();
            return false;
        }
    }
    if (channel.death.kind == DeathKind::none) return true;
    reap(true);
    return false;
}

void HostProcess::end_hang() {
    ::kill(pid_, SIGUSR2);
    for (unsigned waited = 0; waited < last_words_ms; waited += slice_of_wait_ms) {
        futex_wait(channel().turn, Channel::host, slice_of_wait_ms);
        if (reap(false)) return;
    }
    kill();
    death_.kind = DeathKind::hang;
}

// What it wrote down before, and how it ended.
bool HostProcess::reap(bool wait) {
    if (pid_ < 0) return true;
    int status = 0;
    if (waitpid(pid_, &status, wait ? 0 : WNOHANG) != pid_) return false;
    pid_ = -1;
    death_ = channel().death;
    if (death_.kind != DeathKind::none) return true;
    death_.kind = WIFSIGNALED(status) ? DeathKind::killed : DeathKind::ended;
    death_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return true;
}

bool HostProcess::is_alive() { return pid_ >= 0 && !reap(false); }

void HostProcess::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    reap(true);
}

void HostProcess::kill_for(const Death& death) {
    kill();
    death_ = death;
}

}  // namespace gpioclx::umdf
