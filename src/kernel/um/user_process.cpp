#include "kernel/um/user_process.h"

#include <fmt/format.h>
#include <signal.h>
#include <ucontext.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <set>

#include "diagnostics/stack_mark.h"
#include "kernel/dbg/finding.h"
#include "kernel/io/system_thread.h"
#include "kernel/kernel.h"
#include "kernel/ldr/image.h"
#include "kernel/pnp/driver.h"
#include "kernel/pnp/pnp_manager.h"
#include "kernel/system.h"
#include "kernel/um/user_resources.h"
#include "machine/arena.h"

namespace gpioclx::kernel::um {
namespace {

using machine::Machine;

struct Processes {
    std::vector<UserProcess*> all;
    std::vector<bool> slices;
    std::set<std::uint64_t> imports;  // functions that hosts may call
    std::map<std::string, std::uint64_t> told;
};

const machine::Thread* running_thread() {
    Machine& machine = Machine::current();
    return machine.on_processor() ? machine.processor().thread : nullptr;
}

// What a fault that was turned away left behind.
class Surroundings {
  public:
    // Without a service of the kernel, which would take time.
    Surroundings() : active_(machine::Arena::active()) {
        Machine& machine = Machine::current();
        if (machine.on_processor()) irql_ = static_cast<KIRQL>(machine.level());
    }
    void restore() const {
        Machine& machine = Machine::current();
        if (machine.on_processor() && machine.level() > irql_) KeLowerIrql(irql_);
        // A scope without an end: those that were open when the fault came are gone.
        alignas(machine::ArenaScope) std::byte place[sizeof(machine::ArenaScope)];
        if (active_) {
            new (place) machine::ArenaScope;
        } else {
            new (place) machine::OutsideArenaScope;
        }
    }

  private:
    KIRQL irql_ = PASSIVE_LEVEL;
    bool active_;
};

umdf::UserSlice take_slice() {
    auto& slices = part<Processes>().slices;
    for (unsigned i = 0; i < slices.size(); ++i) {
        if (slices[i]) continue;
        slices[i] = true;
        return umdf::UserSlice(i);
    }
    slices.push_back(true);
    return umdf::UserSlice(static_cast<unsigned>(slices.size() - 1));
}

void give_back(const umdf::UserSlice& slice) {
    slice.unmap();
    const auto index = (slice.base() - umdf::UserSlice::slices_base) / umdf::UserSlice::size;
    part<Processes>().slices[index] = false;
}

}  // namespace

UserProcess::UserProcess(ldr::Image& image, umdf::HostSetup setup)
    : image_(image),
      slice_(setup.slice),
      heap_(slice_.heap_start(), slice_.heap_end()),
      stacks_(umdf::UserSlice::stack_count, false) {
    stacks_[0] = true;  // the host's own
    machine::OutsideArenaScope outside;
    host_ = std::make_unique<umdf::HostProcess>(std::move(setup));
}

UserProcess::~UserProcess() {
    machine::OutsideArenaScope outside;
    host_.reset();
}

bool UserProcess::start() {
    machine::OutsideArenaScope outside;
    return host_->start();
}

void UserProcess::stop() {
    // Its own threads may be inside still; nobody is there any more whom their loss concerns.
    stopped_ = lost_ = true;
    loss_ = unwind_ = nullptr;
    host_->kill();
}

// ---- calls ----

UserProcess::UserThread& UserProcess::thread_of(const machine::Thread* thread) {
    machine::ArenaScope inside;
    const auto [place, made] = threads_.try_emplace(thread);
    if (made) {
        const auto free = std::find(stacks_.begin(), stacks_.end(), false);
        if (free == stacks_.end()) {
            std::fprintf(stderr, "gpioclx: more than 64 threads are inside one user-mode driver\n");
            std::abort();
        }
        *free = true;
        place->second.stack = static_cast<unsigned>(free - stacks_.begin());
    }
    return place->second;
}

void UserProcess::leave(const machine::Thread* thread) {
    const auto found = threads_.find(thread);
    if (--found->second.depth > 0) return;
    stacks_[found->second.stack] = false;
    threads_.erase(found);
}

namespace {

// How many arguments stand on the stack nobody knows: what lies behind the last one, in the frame
// of the caller, is read too.
__attribute__((no_sanitize("address"))) void copy_arguments(const volatile std::uint64_t* stack,
                                                            std::uint64_t* to, int count) {
    for (int i = 0; i < count; ++i) to[i] = stack[i];
}

}  // namespace

std::uint64_t UserProcess::call(const umdf::CallFrame& frame) {
    if (lost_) return 0;
    const machine::Thread* thread = running_thread();
    UserThread& user = thread_of(thread);
    ++user.depth;
    umdf::Message message;
    message.kind = umdf::MessageKind::call;
    message.context = user.context;
    message.stack_top = slice_.stack_top(user.stack);
    message.call.function = frame.function;
    constexpr int in_registers = 6;
    std::copy_n(frame.integers, in_registers, message.call.arguments);
    copy_arguments(frame.stack, message.call.arguments + in_registers,
                   umdf::Call::arguments_max - in_registers);
    message.call.outer_frame = frame.frame;
    std::uint64_t result = lost_status;
    for (;;) {
        if (!host_->exchange(message)) {
            lose();
            break;
        }
        user.context = message.context;
        if (message.kind == umdf::MessageKind::returned) {
            result = message.result;
            break;
        }
        // Other threads may enter and leave the driver meanwhile, and this one on top of itself.
        if (!carry_out(user, *message.import)) break;
        message.kind = umdf::MessageKind::result;
        message.context = user.context;
    }
    if (lost_ && user.depth == 1 && unwind_ != nullptr) unwind_(handler_context_);
    leave(thread);
    return result;
}

// False: the process is gone.
bool UserProcess::carry_out(UserThread& thread, umdf::ImportFrame& frame) {
    if (calls_until_kill_ != 0 && --calls_until_kill_ == 0) kill(0);
    if (lost_) return false;
    const bool sane = on_stack(reinterpret_cast<std::uintptr_t>(&frame)) && on_stack(frame.stack) &&
                      part<Processes>().imports.contains(frame.function);
    umdf::ImportRecord record;
    record.outer = thread.import;
    thread.import = &record;
    const Surroundings surroundings;
    const bool done = sane && umdf::run_import(frame, record);
    thread.import = record.outer;
    if (done) return !lost_;
    if (sane) surroundings.restore();
    umdf::Death death;
    death.kind = umdf::DeathKind::bad_argument;
    death.address = bad_argument_;
    death.has_address = true;
    death.frames[0] = frame.return_address - 1;
    death.frame_count = 1;
    for (std::uintptr_t at = frame.caller_frame; death.frame_count < umdf::Death::frames_max &&
                                                 at % 8 == 0 && on_stack(at) && on_stack(at + 8);) {
        const auto* words = reinterpret_cast<const std::uintptr_t*>(at);
        if (words[1] == 0) break;
        death.frames[death.frame_count++] = words[1] - 1;
        if (words[0] <= at) break;
        at = words[0];
    }
    host_->kill_for(death);
    lose();
    return false;
}

bool UserProcess::divert_fault(void* context, std::uintptr_t address) {
    const auto found = threads_.find(running_thread());
    if (found == threads_.end() || found->second.import == nullptr || lost_) return false;
    if (machine::Arena::is_stack_guard(reinterpret_cast<void*>(address))) return false;
    const auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    if (ldr::image_of(reinterpret_cast<void*>(registers[REG_RIP])) != nullptr) return false;
    // The innermost driver on the stack must be this one, by its call.
    auto frame = static_cast<std::uintptr_t>(registers[REG_RBP]);
    const std::uintptr_t last = found->second.import->stack_pointer;
    while (frame % 8 == 0 && frame >= static_cast<std::uintptr_t>(registers[REG_RSP]) &&
           frame < last) {
        const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
        const ldr::Image* image = ldr::image_of(reinterpret_cast<const void*>(words[1]));
        if (image != nullptr) {
            if (image != &image_) return false;
            bad_argument_ = address;
            umdf::abandon_import(context, *found->second.import);
            return true;
        }
        if (words[0] <= frame) return false;
        frame = words[0];
    }
    return false;
}

// ---- death ----

void UserProcess::kill(std::uint64_t after_calls) {
    if (lost_) return;
    if (after_calls != 0) {
        calls_until_kill_ = after_calls;
        return;
    }
    host_->kill();
    Machine& machine = Machine::current();
    machine::ArenaScope inside;
    machine.emit(machine::EventKind::mark,
                 machine.name(fmt::format("the host process of {} is ended", image_.name())));
    lost_ = true;  // on purpose: no finding
    lose();
}

void UserProcess::settle() const {
    constexpr int rounds_max = 100'000;
    for (int round = 0; lost_ && busy() && round < rounds_max; ++round) {
        LARGE_INTEGER slice;
        slice.QuadPart = -100;  // 10 us
        KeDelayExecutionThread(KernelMode, FALSE, &slice);
    }
}

void UserProcess::poll() {
    if (!lost_ && !host_->is_alive()) lose();
}

void UserProcess::lose() {
    if (stopped_) return;
    if (!lost_) {
        lost_ = true;
        report_loss();
    }
    machine::ArenaScope inside;
    abandon_resources(image_);
    for (const auto& driver : part<pnp::DriverDatabase>().drivers) {
        if (driver->image == &image_) driver->host_lost = true;
    }
    handling_loss_ = true;
    // Whoever noticed it may hold what has to be given back.
    io::create_system_thread(fmt::format("loss of {}", image_.name()), &UserProcess::handle_loss,
                             this);
}

void UserProcess::handle_loss(void* process) {
    auto& self = *static_cast<UserProcess*>(process);
    if (self.loss_ != nullptr) self.loss_(self.handler_context_);
    const std::string_view name = self.image_.name();
    self.handling_loss_ = false;  // from here on it may go
    for (const auto& driver : part<pnp::DriverDatabase>().drivers) {
        if (!driver->host_lost || driver->install.name != name) continue;
        pnp::Job job{pnp::Job::Kind::host_lost};
        job.driver = driver.get();
        pnp::post_job(job);
    }
}

std::string UserProcess::death_sentence(const umdf::Death& death) const {
    const auto signal_name = [](int signal) {
        switch (signal) {
            case SIGSEGV:
            case SIGBUS: return "access violation";
            case SIGFPE: return "division by zero";
            case SIGILL: return "illegal instruction";
            case SIGTRAP: return "break point";
            case SIGABRT: return "abort";
            default: return "signal";
        }
    };
    switch (death.kind) {
        case umdf::DeathKind::stack_overflow: return "its stack overflowed";
        case umdf::DeathKind::hang: return "it ran for seconds without a call, and was ended";
        case umdf::DeathKind::killed: return fmt::format("signal {} from outside", death.signal);
        case umdf::DeathKind::ended: return "it ended by itself";
        case umdf::DeathKind::bad_argument:
            return fmt::format("it handed the framework a pointer to 0x{:x}, where nothing is",
                               death.address);
        case umdf::DeathKind::fault: break;
        case umdf::DeathKind::none: return "nobody knows why";
    }
    if (!death.has_address) return signal_name(death.signal);
    return fmt::format("{} {} 0x{:x}", signal_name(death.signal),
                       death.executed ? "executing"
                       : death.wrote  ? "writing"
                                      : "reading",
                       death.address);
}

void UserProcess::report_loss() {
    machine::ArenaScope inside;
    const umdf::Death& death = host_->death();
    std::string stack;
    for (unsigned i = 0; i < death.frame_count; ++i) {
        const std::string name = dbg::code_name(reinterpret_cast<const void*>(death.frames[i]));
        if (name.empty()) continue;
        if (!stack.empty()) stack += " < ";
        stack += name;
    }
    const std::string sentence =
        fmt::format("the host process of {} died: {}", image_.name(), death_sentence(death));
    Machine& machine = Machine::current();
    const std::uint64_t count = ++part<Processes>().told[sentence + stack];
    if (count > 1) {
        if (std::has_single_bit(count)) {
            machine.emit(machine::EventKind::mark,
                         machine.name(fmt::format("{}umdf-001", again_mark)),
                         machine.name(sentence), count);
        }
        return;
    }
    machine.emit(machine::EventKind::finding, machine.name("umdf-001"), machine.name(sentence));
    if (!stack.empty()) {
        machine.emit(machine::EventKind::mark,
                     machine.name(fmt::format("{}{}", stack_mark, stack)));
    }
}

// ---- all processes ----

UserProcess* process_at(const void* code) {
    const ldr::Image* image = ldr::image_of(code);
    return image != nullptr ? image->process() : nullptr;
}

UserProcess* process_of_stack(std::uintptr_t address) {
    if (!umdf::UserSlice::in_any(address)) return nullptr;
    for (UserProcess* process : part<Processes>().all) {
        if (process->on_stack(address)) return process;
    }
    return nullptr;
}

const ldr::Image* caller_image(const void* return_address) {
    if (const ldr::Image* image = ldr::image_of(return_address)) return image;
    if (part<Processes>().all.empty()) return nullptr;
    return ldr::image_of(dbg::driver_call());
}

void poll_processes() {
    for (UserProcess* process : part<Processes>().all) process->poll();
}

bool is_user_memory(const void* address) {
    return umdf::UserSlice::in_any(reinterpret_cast<std::uintptr_t>(address));
}

bool divert_fault(void* context, std::uintptr_t address) {
    if (!System::exists()) return false;
    for (UserProcess* process : part<Processes>().all) {
        if (process->divert_fault(context, address)) return true;
    }
    return false;
}

UserProcess* make_process(ldr::Image& image, HostedImage hosted) {
    machine::ArenaScope inside;
    umdf::HostSetup setup;
    setup.slice = take_slice();
    setup.image_start = hosted.start;
    setup.image_size = hosted.size;
    setup.code = std::move(hosted.code);
    auto* process = new UserProcess(image, std::move(setup));
    part<Processes>().all.push_back(process);
    return process;
}

void drop_process(ldr::Image& image) {
    auto& all = part<Processes>().all;
    const auto found = std::find_if(all.begin(), all.end(), [&](const UserProcess* process) {
        return &process->image() == &image;
    });
    if (found == all.end()) return;
    UserProcess* process = *found;
    all.erase(found);
    process->stop();
    // Who is still inside, or still has a block of it, would look for it.
    if (process->busy() || process->live_blocks() != 0) return;
    const umdf::UserSlice slice = process->slice();
    delete process;
    give_back(slice);
}

const void* import_for(std::string_view, const void* function) {
    machine::ArenaScope inside;
    part<Processes>().imports.insert(reinterpret_cast<std::uint64_t>(function));
    return umdf::import_stub(function);
}

}  // namespace gpioclx::kernel::um

extern "C" std::uint64_t gx_umdf_call(gpioclx::umdf::CallFrame* frame) {
    using gpioclx::kernel::um::process_at;
    auto* process = process_at(reinterpret_cast<const void*>(frame->function));
    return process != nullptr ? process->call(*frame) : 0;
}
