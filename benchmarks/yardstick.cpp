#include "yardstick.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <memory>

#include "machine/fiber.h"

namespace gpioclx::benchmarks {
namespace {

constexpr int samples_at_a_time = 50;

// A fiber that switches back at once.
struct Mirror {
    static constexpr std::size_t stack_size = 64 * 1024;
    machine::Fiber here;
    machine::Fiber there;
    std::unique_ptr<std::byte[]> stack = std::make_unique<std::byte[]>(stack_size);

    Mirror() { there.prepare(stack.get() + stack_size, stack_size, &Mirror::reflect, this); }
    static void reflect(void* mirror) {
        Mirror& self = *static_cast<Mirror*>(mirror);
        for (;;) machine::switch_fiber(self.there, self.here);
    }
};

}  // namespace

void Yardstick::sample() {
    static Mirror mirror;
    for (int i = 0; i < samples_at_a_time; ++i) {
        const std::uint64_t start = ticks();
        syscall(SYS_getppid);
        system_call_.add_ticks(start, ticks());
    }
    for (int i = 0; i < samples_at_a_time; ++i) {
        const std::uint64_t start = ticks();
        machine::switch_fiber(mirror.here, mirror.there);
        const std::uint64_t stop = ticks();
        fiber_switch_.add_ticks(start, start + empty_ticks() + (stop - start - empty_ticks()) / 2);
    }
}

}  // namespace gpioclx::benchmarks
