// What every file of the extension includes.
#pragma once

#include <ntddk.h>
#include <wdf.h>

#include <gpio.h>
#include <gpioclx.h>
#include <gx_connection.h>
#include <gx_interrupt.h>
#include <gx_observe.h>

namespace gpioclx {

constexpr ULONG clx_pool_tag = 'xlCG';
constexpr ULONG max_pins_per_bank = 64;

// Zero-filled, non-paged; nullptr if there is none left.
void* allocate(SIZE_T size);
template <typename T>
T* allocate_array(SIZE_T count) {
    return static_cast<T*>(allocate(sizeof(T) * (count == 0 ? 1 : count)));
}
void release(void* memory);

constexpr ULONG64 bit(ULONG n) { return 1ull << n; }

}  // namespace gpioclx
