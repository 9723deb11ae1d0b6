// How often each point was met in this execution. Forgets all without touching its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gpioclx::explore {

class OccurrenceTable {
  public:
    void begin() {
        used_ = 0;
        if (++epoch_ != 0) return;
        slots_.assign(slots_.size(), Slot{});  // epochs begin anew
        epoch_ = 1;
    }
    // Of this one too: 1 at first.
    std::uint32_t count(std::uint32_t name) {
        if (used_ * 2 >= slots_.size()) grow();
        Slot& slot = find(slots_, name);
        if (slot.epoch != epoch_) {
            slot = {name, epoch_, 0};
            ++used_;
        }
        return ++slot.count;
    }

  private:
    struct Slot {
        std::uint32_t name = 0;
        std::uint32_t epoch = 0;
        std::uint32_t count = 0;
    };
    Slot& find(std::vector<Slot>& slots, std::uint32_t name) const {
        std::size_t at = name * std::size_t{0x9E3779B1} % slots.size();
        while (slots[at].epoch == epoch_ && slots[at].name != name)
            at = at + 1 == slots.size() ? 0 : at + 1;
        return slots[at];
    }
    void grow() {
        std::vector<Slot> larger(slots_.size() * 2 + 1);
        for (const Slot& slot : slots_) {
            if (slot.epoch == epoch_) find(larger, slot.name) = slot;
        }
        slots_ = std::move(larger);
    }

    std::vector<Slot> slots_ = std::vector<Slot>(1023);
    std::uint32_t epoch_ = 1;
    std::size_t used_ = 0;
};

}  // namespace gpioclx::explore
