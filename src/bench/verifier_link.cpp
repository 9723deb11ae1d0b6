#include "bench/verifier_link.h"

#include <fmt/format.h>

#include "kernel/dbg/finding.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/object_name.h"
#include "kernel/ldr/image.h"
#include "machine/arena.h"

namespace gpioclx::bench {

void VerifierLink::watch(const HardwareBoard& hardware) {
    hardware.for_each_controller(
        [this](std::string_view device, const hardware::Controller& controller) {
            verifier_.add_controller(machine_.name(device), machine_.name(controller.name()),
                                     controller);
        });
    machine_.set_witness(&verifier_);
}

verify::CallStack VerifierLink::call_stack(const void* outermost) {
    const kernel::dbg::CallStack captured = kernel::dbg::capture_stack(outermost);
    verify::CallStack stack;
    stack.count = captured.count;
    std::copy_n(captured.return_addresses.begin(), captured.count, stack.return_addresses.begin());
    return stack;
}

std::string VerifierLink::text(const verify::CallStack& stack) {
    kernel::dbg::CallStack captured;
    captured.count = stack.count;
    std::copy_n(stack.return_addresses.begin(), stack.count, captured.return_addresses.begin());
    return kernel::dbg::stack_text(captured);
}

bool VerifierLink::same_driver(const void* left, const void* right) {
    const kernel::ldr::Image* image = kernel::ldr::image_of(left);
    return image != nullptr && image == kernel::ldr::image_of(right);
}

namespace {

// A framework context has its type's name where it begins, somewhere in its block.
std::string object_in(const kernel::ex::PoolBlock& block, const void* address) {
    const auto* start = static_cast<const char*>(block.address);
    for (const char* at = static_cast<const char*>(address); at >= start; --at) {
        if (reinterpret_cast<std::uintptr_t>(at) % 16 != 0) continue;
        const machine::NameId name = kernel::ke::known_name(at);
        if (name != machine::no_name)
            return fmt::format("offset {:#x} of a {}", static_cast<const char*>(address) - at,
                               machine::Machine::current().text(name));
    }
    return {};
}

}  // namespace

std::string VerifierLink::data_name(const void* address) {
    if (const kernel::ldr::Image* image = kernel::ldr::image_of(address)) {
        const auto variable = image->variable_at(address);
        if (variable.name.empty()) return kernel::dbg::code_name(address);
        return variable.offset == 0 ? fmt::format("{}!{}", image->name(), variable.name)
                                    : fmt::format("offset {:#x} of {}!{}", variable.offset,
                                                  image->name(), variable.name);
    }
    const kernel::ex::PoolBlock block = kernel::ex::pool_block_at(address);
    if (block.tag.empty()) return "memory that nobody allocated";
    const std::string object = object_in(block, address);
    if (!object.empty()) return object;
    return fmt::format("offset {:#x} of a pool block '{}' of {} bytes",
                       static_cast<const char*>(address) - static_cast<const char*>(block.address),
                       block.tag, block.size);
}

// What drivers see has a heap of its own, whose addresses follow from what they ask for alone.
std::string VerifierLink::data_place(const void* address) {
    if (const kernel::ldr::Image* image = kernel::ldr::image_of(address)) {
        const auto variable = image->variable_at(address);
        return fmt::format("{} variable {}+{:#x}", image->name(), variable.number, variable.offset);
    }
    return fmt::format("heap+{:#x}",
                       reinterpret_cast<std::uintptr_t>(address) - machine::Arena::base);
}

void VerifierLink::report(std::string_view id, std::string_view sentence,
                          std::string_view other_stack) {
    if (place_ == nullptr) return kernel::dbg::report_finding(id, sentence, other_stack);
    kernel::dbg::CallStack stack;
    const auto append = [&stack](const verify::CallStack& part) {
        const std::size_t taken = std::min(part.count, stack.return_addresses.size() - stack.count);
        std::copy_n(part.return_addresses.begin(), taken,
                    stack.return_addresses.begin() + static_cast<std::ptrdiff_t>(stack.count));
        stack.count += taken;
    };
    append(*place_);
    if (called_here_) append(call_stack(nullptr));
    kernel::dbg::report_finding_at(stack, id, sentence, other_stack);
}

}  // namespace gpioclx::bench
