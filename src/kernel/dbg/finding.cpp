#include "kernel/dbg/finding.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdlib>
#include <map>
#include <memory>
#include <tuple>

#include "diagnostics/function_name.h"
#include "diagnostics/stack_mark.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"
#include "kernel/um/user_process.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::kernel::dbg {
namespace {

using machine::EventKind;
using machine::Machine;
using machine::NameId;

struct Findings {
    // By id, sentence and place in the driver: how often.
    std::map<std::tuple<NameId, NameId, const void*>, std::uint64_t> told;
    bool checking_pool = false;
};

// Follows the chain of frame pointers, never outside the stack of the fiber that runs: a driver may
// have written anything there. The first frame must be that of a function of ours.
__attribute__((no_sanitize("address"))) CallStack walk(const void* outermost = nullptr) {
    CallStack frames;
    Machine& machine = Machine::current();
    if (!machine.on_processor()) return frames;
    const machine::Processor& p = machine.processor();
    const machine::Fiber& fiber = p.thread != nullptr ? p.thread->fiber : p.idle_fiber;
    const auto top = reinterpret_cast<std::uintptr_t>(fiber.stack_top);
    const std::uintptr_t bottom = top - fiber.stack_size;
    const std::uintptr_t last =
        outermost != nullptr ? reinterpret_cast<std::uintptr_t>(outermost) : top;
    const auto on_fiber = [&](std::uintptr_t at) {
        return at >= bottom && at <= last && at + 16 <= top && at % 8 == 0;
    };
    // A call of a driver in another process goes on on its stack there, and back.
    const auto on_other = [&](std::uintptr_t at) {
        const um::UserProcess* process = um::process_of_stack(at);
        return process != nullptr && at % 8 == 0 && process->on_stack(at + 8);
    };
    auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    bool other = false;
    while (frames.count < frames.return_addresses.size() &&
           (other ? on_other(frame) : on_fiber(frame))) {
        const auto* words = reinterpret_cast<const std::uintptr_t*>(frame);
        if (words[1] != 0 || !other)
            frames.return_addresses[frames.count++] = reinterpret_cast<const void*>(words[1]);
        const std::uintptr_t next = words[0];
        if (!other && on_other(next)) {
            other = true;
        } else if (other && words[1] == 0 && on_fiber(next)) {
            other = false;
        } else if (next <= frame) {
            break;
        }
        frame = next;
    }
    return frames;
}

}  // namespace

std::string code_name(const void* address) {
    const ldr::Image* image = ldr::image_of(address);
    if (image == nullptr) return {};
    return fmt::format("{}+{:#x}", image->name(),
                       reinterpret_cast<std::uintptr_t>(address) - image->base());
}

namespace {

std::string demangled(std::string_view symbol) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(std::string(symbol).c_str(), nullptr, nullptr, &status), std::free);
    return status == 0 && name != nullptr ? name.get() : std::string(symbol);
}

}  // namespace

std::string function_name(const void* address) {
    const ldr::Image* image = ldr::image_of(address);
    if (image == nullptr) return {};
    const std::string_view function = image->function_at(address);
    return function.empty()
               ? code_name(address)
               : fmt::format("{}!{}", image->name(), short_function_name(demangled(function)));
}

std::string call_stack() { return stack_text(walk()); }

// Not inlined: its frame is the first.
[[gnu::noinline]] CallStack capture_stack(const void* outermost) { return walk(outermost); }

std::string stack_text(const CallStack& stack) {
    std::string text;
    for (std::size_t i = 0; i < stack.count; ++i) {
        // Inside the call: what it returns to may be another line.
        const std::string name = code_name(static_cast<const char*>(stack.return_addresses[i]) - 1);
        if (name.empty()) continue;
        if (!text.empty()) text += " < ";
        text += name;
    }
    return text;
}

std::string function_stack() {
    std::string text;
    const CallStack frames = walk();
    for (std::size_t i = 0; i < frames.count; ++i) {
        const std::string name =
            function_name(static_cast<const char*>(frames.return_addresses[i]) - 1);
        if (name.empty()) continue;
        if (!text.empty()) text += " < ";
        text += name;
    }
    return text;
}

static const void* driver_call(const CallStack& frames) {
    for (std::size_t i = 0; i < frames.count; ++i) {
        if (ldr::image_of(frames.return_addresses[i]) != nullptr) return frames.return_addresses[i];
    }
    return nullptr;
}

const void* driver_call() { return driver_call(walk()); }

std::string_view running_driver() {
    const CallStack frames = walk();
    for (std::size_t i = 0; i < frames.count; ++i) {
        if (const ldr::Image* image = ldr::image_of(frames.return_addresses[i]))
            return image->name();
    }
    return "system";
}

namespace {

// Not each time: who repeats a mistake in a loop would drown everything else.
void tell_again(std::string_view id, NameId sentence, std::uint64_t count) {
    Machine& machine = Machine::current();
    machine.emit(EventKind::mark, machine.name(fmt::format("{}{}", again_mark, id)), sentence,
                 count);
}

// Spin locks of the processor, in order of acquiring; with the verifier also what the thread holds.
std::string held_locks() {
    std::string text;
    Machine& machine = Machine::current();
    if (!machine.on_processor()) return text;
    for (machine::NameId name : vf::held_by_thread())
        text += fmt::format("{}'{}'", text.empty() ? "" : ", ", machine.text(name));
    const ke::ProcessorState& state = ke::current_processor();
    for (std::uint32_t i = 0; i < state.held_count; ++i)
        text += fmt::format("{}'{}'", text.empty() ? "" : ", ", machine.text(state.held[i].name));
    return text;
}

}  // namespace

void report_finding(std::string_view finding_id, std::string_view sentence,
                    std::string_view other_stack) {
    report_finding_at(capture_stack(), finding_id, sentence, other_stack);
}

void report_finding_at(const CallStack& stack, std::string_view finding_id,
                       std::string_view sentence, std::string_view other_stack) {
    Machine& machine = Machine::current();
    const NameId id = machine.name(finding_id);
    const NameId text = machine.name(sentence);
    const std::uint64_t count = ++part<Findings>().told[{id, text, driver_call(stack)}];
    if (count > 1) {
        if (std::has_single_bit(count)) tell_again(finding_id, text, count);
        return;
    }
    machine.emit(EventKind::finding, id, text);
    if (const std::string frames = stack_text(stack); !frames.empty())
        machine.emit(EventKind::mark, machine.name(fmt::format("{}{}", stack_mark, frames)));
    if (!other_stack.empty())
        machine.emit(EventKind::mark,
                     machine.name(fmt::format("{}{}", other_stack_mark, other_stack)));
    const std::string held = held_locks();
    if (!held.empty())
        machine.emit(EventKind::mark, machine.name(fmt::format("{}{}", held_mark, held)));
    // What it finds are findings too.
    auto& findings = part<Findings>();
    if (findings.checking_pool) return;
    findings.checking_pool = true;
    ex::check_pool();
    findings.checking_pool = false;
}

}  // namespace gpioclx::kernel::dbg
