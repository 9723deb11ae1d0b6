#include "worker/worker_process.h"

#include <sys/prctl.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "worker/channel.h"
#include "worker/fault_handler.h"

// A debugger stops here (bench/debugger.cpp) and reads the symbols of the image.
extern "C" __attribute__((noinline, used)) void gx_debugger_image_announced(const char* path,
                                                                            std::uint64_t base) {
    asm volatile("" : : "r"(path), "r"(base) : "memory");
}

extern "C" __attribute__((noinline, used)) void gx_debugger_finding(const char* id) {
    asm volatile("" : : "r"(id) : "memory");
}

namespace gpioclx::worker {
namespace {

void copy_text(char* to, std::size_t size, std::string_view text) {
    const std::size_t length = std::min(size - 1, text.size());
    std::memcpy(to, text.data(), length);
    to[length] = '\0';
}

nlohmann::json answer_to(Service& service, const std::string& message) {
    const nlohmann::json request = nlohmann::json::parse(message, nullptr, false);
    if (request.is_discarded()) return {{"error", {{"message", "the request is not understood"}}}};
    const Result<nlohmann::json> result = service.handle(request);
    if (result) return *result;
    const Error& error = result.error();
    return {{"error",
             {{"message", error.message},
              {"file", error.file},
              {"line", error.line},
              {"hint", error.hint}}}};
}

// Tells the watchdog that the machine makes steps: a long run without an event is no hang. A
// thread, because the machine itself must not look at a clock; it sees no signals, so that the
// record of a hang is written by the thread that hangs.
class Pulse {
  public:
    explicit Pulse(WorkerContext& context) : context_(context) {
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        thread_ = std::thread([this] { beat(); });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    ~Pulse() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        wake_.notify_one();  // a run that is over does not wait for the next beat
        thread_.join();
    }

  private:
    void beat() {
        std::uint64_t seen = 0;
        std::unique_lock lock(mutex_);
        while (!ended_) {
            if (const machine::Machine* machine = context_.machine.load()) {
                const std::uint64_t now = __atomic_load_n(&machine->heartbeat(), __ATOMIC_RELAXED);
                if (now != seen) context_.shared.heartbeat.fetch_add(1, std::memory_order_relaxed);
                seen = now;
            }
            wake_.wait_for(lock, std::chrono::milliseconds(5));
        }
    }

    WorkerContext& context_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace

void stop_debugger_at_finding(std::string_view id) {
    char text[64];
    copy_text(text, sizeof text, id);
    gx_debugger_finding(text);
}

void WorkerContext::announce_image(std::string_view name, std::string_view path, std::uint64_t base,
                                   std::uint64_t size) {
    const std::uint32_t index = shared.image_count.load();
    if (index == max_images) return;  // symbols of later images are not resolved
    ImageRecord& image = shared.images[index];
    image.base = base;
    image.size = size;
    copy_text(image.name, sizeof image.name, name);
    copy_text(image.path, sizeof image.path, path);
    shared.image_count.store(index + 1, std::memory_order_release);
    gx_debugger_image_announced(image.path, base);
}

int run_worker(int socket, int memory, const MakeService& make_service) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    auto shared = SharedMemory::attach(memory);
    if (!shared) return 4;
    RingSink events(shared->layout());
    SharedNames names(shared->layout());
    WorkerContext context{shared->layout(), events, names};
    install_fault_handlers(context);
    const Pulse pulse(context);
    const std::unique_ptr<Service> service = make_service(context);
    Channel channel(socket);
    while (const auto message = channel.receive()) {
        if (!channel.send(answer_to(*service, *message).dump())) break;
    }
    return 0;
}

}  // namespace gpioclx::worker
