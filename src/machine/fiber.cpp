#include "machine/fiber.h"

#include <boost/context/detail/fcontext.hpp>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__)
#define GX_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GX_ASAN 1
#endif
#endif

#ifdef GX_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

namespace gpioclx::machine {
namespace {

namespace context = boost::context::detail;

struct Switch {
    Fiber* from;
    Fiber* to;
};

void announce_leaving([[maybe_unused]] Fiber& from, [[maybe_unused]] Fiber& to,
                      [[maybe_unused]] bool from_ends) {
#ifdef GX_ASAN
    const void* bottom = static_cast<const char*>(to.stack_top) - to.stack_size;
    __sanitizer_start_switch_fiber(from_ends ? nullptr : &from.fake_stack, bottom, to.stack_size);
#endif
}

void announce_arrival([[maybe_unused]] Fiber& here, [[maybe_unused]] Fiber& from) {
#ifdef GX_ASAN
    const void* bottom = nullptr;
    std::size_t size = 0;
    __sanitizer_finish_switch_fiber(here.fake_stack, &bottom, &size);
    if (from.stack_top == nullptr) {  // the host's own stack: learn where it is
        from.stack_top = const_cast<char*>(static_cast<const char*>(bottom) + size);
        from.stack_size = size;
    }
#endif
}

void first_entry(context::transfer_t transfer) {
    const auto arrival = *static_cast<Switch*>(transfer.data);
    arrival.from->context = transfer.fctx;
    announce_arrival(*arrival.to, *arrival.from);
    arrival.to->entry(arrival.to->argument);
    std::abort();  // entries never return
}

}  // namespace

void Fiber::prepare(void* top, std::size_t size, void (*entry_function)(void*),
                    void* entry_argument) {
    stack_top = top;
    stack_size = size;
    entry = entry_function;
    argument = entry_argument;
    fake_stack = nullptr;
    context = context::make_fcontext(top, size, &first_entry);
}

void switch_fiber(Fiber& from, Fiber& to, bool from_ends) {
    Switch leaving{&from, &to};
    announce_leaving(from, to, from_ends);
    const context::transfer_t transfer = context::jump_fcontext(to.context, &leaving);
    const auto arrival = *static_cast<Switch*>(transfer.data);
    arrival.from->context = transfer.fctx;
    announce_arrival(*arrival.to, *arrival.from);
}

}  // namespace gpioclx::machine
