// The kernel's own state, in parts: each component keeps its data in a struct of its own and finds
// it here. All of it lives in the arena and goes with the machine.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>

#include "machine/arena.h"
#include "machine/machine.h"

namespace gpioclx::kernel {

class System {
  public:
    static constexpr std::size_t max_parts = 64;

    // One per machine; becomes current. Construct inside an ArenaScope.
    explicit System(machine::Machine& machine) : machine_(machine) { current_system = this; }
    ~System() {
        if (current_system == this) current_system = nullptr;
    }
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    static System& current() { return *current_system; }
    static bool exists() { return current_system != nullptr; }

    machine::Machine& machine() { return machine_; }

    // The part of type T, default-constructed at first use. Parts are dropped with the arena.
    template <typename T>
    T& part() {
        void* const part = parts_[Slot<T>::index];
        if (part == nullptr) [[unlikely]]
            return make_part<T>();
        return *static_cast<T*>(part);
    }

  private:
    static inline System* current_system = nullptr;
    static inline std::size_t slot_count = 0;  // fixed before main() runs

    template <typename T>
    struct Slot {
        static inline const std::size_t index = slot_count++;
    };

    // Out of line: looking a part up is on the way of every kernel call.
    template <typename T>
    [[gnu::noinline, gnu::cold]] T& make_part() {
        machine::ArenaScope inside;
        T* part = new T;
        parts_[Slot<T>::index] = part;
        return *part;
    }

    machine::Machine& machine_;
    std::array<void*, max_parts> parts_{};
};

// The part of the current system.
template <typename T>
T& part() {
    return System::current().part<T>();
}

}  // namespace gpioclx::kernel
