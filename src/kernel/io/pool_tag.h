#pragma once

#include <wdm.h>

namespace gpioclx::kernel::io {

// The tag that reads `text` in memory order.
constexpr ULONG pool_tag(const char (&text)[5]) {
    return static_cast<ULONG>(static_cast<unsigned char>(text[0])) |
           static_cast<ULONG>(static_cast<unsigned char>(text[1])) << 8 |
           static_cast<ULONG>(static_cast<unsigned char>(text[2])) << 16 |
           static_cast<ULONG>(static_cast<unsigned char>(text[3])) << 24;
}

}  // namespace gpioclx::kernel::io
