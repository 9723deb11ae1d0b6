// The process that runs the code of one driver in user mode, as the kernel sees it: which threads
// are inside the driver, the memory that it sees, what happens when it dies.
//
// A call to a function of the image arrives in call(), whoever makes it; a call of the image to an
// exported function is carried out here, on the machine's thread. So callbacks, blocking and
// nesting are those of a driver in the machine, and the order of events is the same.
#pragma once

#include <wdm.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "umdf/crossing.h"
#include "umdf/host_process.h"
#include "umdf/user_heap.h"

namespace gpioclx::kernel::ldr {
class Image;
}
namespace gpioclx::machine {
struct Thread;
}

namespace gpioclx::kernel::um {

class UserProcess {
  public:
    UserProcess(ldr::Image& image, umdf::HostSetup setup);
    ~UserProcess();

    // False: the host cannot be made.
    bool start();
    // Orderly: the driver is unloaded.
    void stop();

    std::uint64_t call(const umdf::CallFrame& frame);

    // Zeroed memory that the driver sees; null: it has used up its own.
    void* allocate(std::size_t size) { return heap_.allocate(size); }
    bool free(void* block) { return heap_.free(block); }
    std::size_t size_of(const void* block) const { return heap_.size_of(block); }
    std::size_t live_blocks() const { return heap_.live_blocks(); }

    // A thread is inside the driver, or somebody still deals with its loss.
    bool busy() const { return !threads_.empty() || handling_loss_; }
    // After a loss: waits until it is not. PASSIVE_LEVEL.
    void settle() const;

    // Died. Calls into the driver return at once, with 0.
    bool lost() const { return lost_; }
    // What a callback that was under way returns then.
    static constexpr std::uint64_t lost_status =
        static_cast<std::uint32_t>(STATUS_DRIVER_PROCESS_TERMINATED);

    // Who has something of the driver's to set right: `loss` is called on a thread of its own
    // before the devices are removed, `unwind` on each thread that comes back from inside the
    // driver.
    using Handler = void (*)(void* context);
    void on_loss(Handler loss, Handler unwind, void* context) {
        loss_ = loss;
        unwind_ = unwind;
        handler_context_ = context;
    }

    // From outside; `after_calls`: when it has made so many more calls to the machine.
    void kill(std::uint64_t after_calls);
    // Notices a death that nobody has waited for.
    void poll();

    // For who walks a stack: whether the address is on one of the driver's.
    bool on_stack(std::uintptr_t address) const { return slice_.on_stack(address); }
    // In a signal handler: a fault while the driver's call is carried out, for which its arguments
    // are to blame. True: the context was turned away.
    bool divert_fault(void* context, std::uintptr_t address);

    ldr::Image& image() const { return image_; }
    const umdf::UserSlice& slice() const { return slice_; }

  private:
    // A thread of the machine inside the driver.
    struct UserThread {
        unsigned stack = 0;
        unsigned depth = 0;
        void* context = nullptr;  // where its stack of the host stands
        umdf::ImportRecord* import = nullptr;
    };

    UserThread& thread_of(const machine::Thread* thread);
    void leave(const machine::Thread* thread);
    bool carry_out(UserThread& thread, umdf::ImportFrame& frame);
    void report_loss();
    static void handle_loss(void* process);
    void lose();
    std::string death_sentence(const umdf::Death& death) const;

    ldr::Image& image_;
    umdf::UserSlice slice_;
    std::unique_ptr<umdf::HostProcess> host_;
    umdf::UserHeap heap_;
    std::map<const machine::Thread*, UserThread> threads_;
    std::vector<bool> stacks_;
    bool lost_ = false;
    bool stopped_ = false;
    bool handling_loss_ = false;
    Handler loss_ = nullptr, unwind_ = nullptr;
    void* handler_context_ = nullptr;
    std::uint64_t calls_until_kill_ = 0;  // 0: nobody wants that
    std::uintptr_t bad_argument_ = 0;
};

// The process in whose code the address lies; null: in none.
UserProcess* process_at(const void* code);
// The process on one of whose stacks the address is; null: none.
UserProcess* process_of_stack(std::uintptr_t address);
// The image that calls a function of ours which returns there: a call out of a process is carried
// out by code of ours.
const ldr::Image* caller_image(const void* return_address);
// Processes that died unnoticed.
void poll_processes();
bool is_user_memory(const void* address);
// See UserProcess::divert_fault.
bool divert_fault(void* context, std::uintptr_t address);

// What the loader does for an image that is to run in a process: its slice is reserved, its imports
// become stubs, its functions are diverted.
struct HostedImage {
    std::uintptr_t start = 0;
    std::size_t size = 0;  // with the thunk's page
    std::vector<umdf::CodeBytes> code;
};
UserProcess* make_process(ldr::Image& image, HostedImage hosted);
void drop_process(ldr::Image& image);

// What a driver in user mode calls instead of the exported function; null: no room.
const void* import_for(std::string_view name, const void* function);

}  // namespace gpioclx::kernel::um
