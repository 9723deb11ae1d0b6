// What a read or write callback may not do to memory (V32).
#pragma once

#include "bank.h"

namespace gpioclx {

// The buffer of a pin-table callback, between bytes that nobody may change.
class GuardedBits {
  public:
    explicit GuardedBits(ULONG pins) : size_((pins + 7) / 8) {
        RtlFillMemory(bytes_, sizeof(bytes_), guard);
        RtlZeroMemory(bits(), size_);
    }
    UCHAR* bits() { return bytes_ + margin; }
    bool guards_are_intact() const {
        for (ULONG i = 0; i < sizeof(bytes_); ++i) {
            const bool inside = i >= margin && i < margin + size_;
            if (!inside && bytes_[i] != guard) return false;
        }
        return true;
    }

  private:
    static constexpr UCHAR guard = 0xA5;
    static constexpr ULONG margin = 8;
    UCHAR bytes_[margin + max_pins_per_bank / 8 + margin];
    ULONG size_;
};

void report_touched_memory(const Bank& bank, const char* callback, const char* what);

}  // namespace gpioclx
