#include "worker/supervisor.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

namespace gpioclx::worker {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int poll_ms = 10;

std::string reason() { return std::strerror(errno); }

[[noreturn]] void become_worker(const SupervisorOptions& options, int socket, int memory) {
    std::vector<std::string> words = options.wrapper;
    words.insert(words.end(),
                 {options.executable, "worker", std::to_string(socket), std::to_string(memory)});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
}

}  // namespace

Result<std::unique_ptr<Supervisor>> Supervisor::start(const SupervisorOptions& options) {
    auto memory = SharedMemory::create();
    if (!memory) return memory.error();
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) {
        return Error{.message = "cannot create a socket for the worker: " + reason()};
    }
    fcntl(sockets[0], F_SETFD, FD_CLOEXEC);
    const pid_t process = fork();
    if (process < 0) return Error{.message = "cannot start the worker: " + reason()};
    if (process == 0) become_worker(options, sockets[1], memory->descriptor());
    close(sockets[1]);
    return std::unique_ptr<Supervisor>(
        new Supervisor(std::move(*memory), Channel(sockets[0]), process, options));
}

Supervisor::Supervisor(SharedMemory memory, Channel channel, pid_t process,
                       const SupervisorOptions& options)
    : memory_(std::move(memory)),
      reader_(memory_.layout()),
      channel_(std::move(channel)),
      process_(process),
      options_(options) {}

Supervisor::~Supervisor() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

void Supervisor::drain() {
    reader_.drain([this](const machine::Event& event) {
        ++events_;
        if (take_) take_(event);
    });
}

bool Supervisor::wait_for_answer() {
    std::uint64_t heartbeat = memory_.layout().heartbeat.load();
    auto alive_at = Clock::now();
    std::uint64_t events = events_;
    auto event_at = alive_at;
    while (!channel_.wait(poll_ms)) {
        drain();
        if (events != events_) {
            events = events_;
            event_at = Clock::now();
        } else if (Clock::now() - event_at > std::chrono::seconds(1)) {
            if (tell_quiet_) tell_quiet_();
            event_at = Clock::now();
        }
        const std::uint64_t now = memory_.layout().heartbeat.load();
        if (now != heartbeat) {
            heartbeat = now;
            alive_at = Clock::now();
        } else if (options_.watchdog_ms > 0 &&
                   Clock::now() - alive_at > std::chrono::milliseconds(options_.watchdog_ms)) {
            end_hanging_worker();
            return false;
        }
    }
    return true;
}

void Supervisor::end_hanging_worker() {
    kill(process_, SIGUSR2);
    for (int i = 0; i < 100; ++i) {
        if (memory_.layout().crash.kind.load(std::memory_order_acquire) != CrashKind::none) break;
        usleep(10'000);
    }
    kill(process_, SIGKILL);
}

void Supervisor::collect_death() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    drain();
    const CrashRecord& crash = memory_.layout().crash;
    Death death;
    death.kind = crash.kind.load(std::memory_order_acquire);
    death.signal = WIFSIGNALED(status) ? WTERMSIG(status) : crash.signal;
    death.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (death.kind != CrashKind::none) {
        death.access = crash.access;
        death.address = crash.address;
        death.processor = static_cast<int>(crash.processor_plus_1) - 1;
        death.level = static_cast<int>(crash.level);
        death.actor = crash.actor;
        death.time_ns = crash.time_ns;
        death.frames.assign(crash.frames, crash.frames + crash.frame_count);
    }
    death_ = std::move(death);
}

Result<nlohmann::json> Supervisor::call(const nlohmann::json& request) {
    if (death_) return Error{.message = "the worker is gone"};
    std::optional<std::string> answer;
    if (channel_.send(request.dump()) && wait_for_answer()) answer = channel_.receive();
    drain();
    if (!answer) {
        collect_death();
        return Error{.message = "the worker died"};
    }
    nlohmann::json parsed = nlohmann::json::parse(*answer, nullptr, false);
    if (parsed.is_discarded()) return Error{.message = "the worker's answer is not understood"};
    if (const auto error = parsed.find("error"); error != parsed.end()) {
        return Error{.message = error->value("message", ""),
                     .file = error->value("file", ""),
                     .line = error->value("line", 0),
                     .hint = error->value("hint", "")};
    }
    return parsed;
}

std::vector<LoadedImage> Supervisor::images() const {
    const SharedLayout& layout = memory_.layout();
    std::vector<LoadedImage> result;
    for (std::uint32_t i = 0; i < layout.image_count.load(std::memory_order_acquire); ++i) {
        const ImageRecord& image = layout.images[i];
        result.push_back({image.name, image.path, image.base, image.size});
    }
    return result;
}

}  // namespace gpioclx::worker
