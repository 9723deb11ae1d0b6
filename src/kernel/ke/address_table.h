// Address to value: open addressing with linear probing. Small, and quick enough for every lock
// operation. T is trivially copyable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace gpioclx::kernel::ke {

template <typename T>
class AddressTable {
  public:
    AddressTable() : slots_(64) {}

    T* find(const void* key) {
        for (std::size_t i = home(key);; i = next(i)) {
            if (slots_[i].key == key) return &slots_[i].value;
            if (slots_[i].key == nullptr) return nullptr;
        }
    }

    // The key must not be in the table, nor null.
    T& insert(const void* key, const T& value) {
        if ((count_ + 1) * 2 > slots_.size()) grow();
        ++count_;
        return place(key, value);
    }

    void erase(const void* key) {
        std::size_t hole = home(key);
        while (slots_[hole].key != key) {
            if (slots_[hole].key == nullptr) return;
            hole = next(hole);
        }
        --count_;
        slots_[hole].key = nullptr;
        // Whoever was displaced past the hole moves back.
        for (std::size_t i = next(hole); slots_[i].key != nullptr; i = next(i)) {
            const std::size_t wanted = home(slots_[i].key);
            const bool stays =
                hole < i ? (wanted > hole && wanted <= i) : (wanted > hole || wanted <= i);
            if (stays) continue;
            slots_[hole] = slots_[i];
            slots_[i].key = nullptr;
            hole = i;
        }
    }

    template <typename F>
    void for_each(F visit) const {
        for (const Slot& slot : slots_) {
            if (slot.key != nullptr) visit(slot.key, slot.value);
        }
    }

    std::size_t size() const { return count_; }

  private:
    struct Slot {
        const void* key = nullptr;
        T value{};
    };

    std::size_t home(const void* key) const {
        const auto bits = reinterpret_cast<std::uintptr_t>(key) >> 3;
        return (bits * 0x9E3779B97F4A7C15u) >> 32 & (slots_.size() - 1);
    }
    std::size_t next(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }
    T& place(const void* key, const T& value) {
        std::size_t i = home(key);
        while (slots_[i].key != nullptr) i = next(i);
        slots_[i] = {key, value};
        return slots_[i].value;
    }
    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.key != nullptr) place(slot.key, slot.value);
        }
    }

    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

}  // namespace gpioclx::kernel::ke
