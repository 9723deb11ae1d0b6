// AcpiOs*: spin locks and semaphores (ACPICA's mutexes are semaphores of one unit).
#include <cassert>
#include <new>

#include "firmware/acpica.h"
#include "firmware/os_layer.h"

using gpioclx::firmware::Channel;
using gpioclx::firmware::Host;
using gpioclx::firmware::os_layer;

namespace {

struct SpinLock {
    std::uint64_t owner = 0;
};

struct Semaphore {
    std::uint32_t units = 0;
    std::uint32_t max_units = 0;
    Channel channel = {};
};

// What is left of `timeout_ms` that began at `start` (100 ns).
std::uint32_t remaining_ms(std::uint32_t timeout_ms, std::uint64_t start) {
    const std::uint64_t passed_ms = (os_layer.host->now_100ns() - start) / 10'000;
    return passed_ms >= timeout_ms ? 0 : timeout_ms - static_cast<std::uint32_t>(passed_ms);
}

}  // namespace

extern "C" {

acpi_status acpi_os_create_lock(acpi_spinlock* handle) {
    void* memory = acpi_os_allocate(sizeof(SpinLock));
    if (memory == nullptr) return AE_NO_MEMORY;
    *handle = new (memory) SpinLock{};
    return AE_OK;
}

void acpi_os_delete_lock(acpi_spinlock handle) { acpi_os_free(handle); }

// ACPICA calls nothing that could switch threads while it holds a spin lock, and the host's
// threads share one OS thread: a lock that is taken twice can only be a mistake.
acpi_cpu_flags acpi_os_acquire_lock(acpi_spinlock handle) {
    auto* lock = static_cast<SpinLock*>(handle);
    assert(lock->owner == 0 && "the host switched threads under an ACPICA spin lock");
    lock->owner = os_layer.host->current_thread();
    return 0;
}

void acpi_os_release_lock(acpi_spinlock handle, acpi_cpu_flags) {
    auto* lock = static_cast<SpinLock*>(handle);
    assert(lock->owner == os_layer.host->current_thread());
    lock->owner = 0;
}

acpi_status acpi_os_create_semaphore(u32 max_units, u32 initial_units, acpi_semaphore* handle) {
    void* memory = acpi_os_allocate(sizeof(Semaphore));
    if (memory == nullptr) return AE_NO_MEMORY;
    const Channel channel{++os_layer.channels};
    *handle = new (memory) Semaphore{initial_units, max_units, channel};
    return AE_OK;
}

acpi_status acpi_os_delete_semaphore(acpi_semaphore handle) {
    if (handle == nullptr) return AE_BAD_PARAMETER;
    acpi_os_free(handle);
    return AE_OK;
}

acpi_status acpi_os_wait_semaphore(acpi_semaphore handle, u32 units, u16 timeout_ms) {
    if (handle == nullptr) return AE_BAD_PARAMETER;
    auto* semaphore = static_cast<Semaphore*>(handle);
    if (semaphore->units < units) {
        // Reading the clock takes time, which a semaphore that is free does not cost.
        const std::uint64_t start = os_layer.host->now_100ns();
        while (semaphore->units < units) {
            std::uint32_t wait_ms = Host::forever;
            if (timeout_ms != ACPI_WAIT_FOREVER) {
                wait_ms = remaining_ms(timeout_ms, start);
                if (wait_ms == 0) return AE_TIME;
            }
            const bool woken = os_layer.host->block(semaphore->channel, wait_ms);
            if (!woken && semaphore->units < units) return AE_TIME;
        }
    }
    semaphore->units -= units;
    return AE_OK;
}

acpi_status acpi_os_signal_semaphore(acpi_semaphore handle, u32 units) {
    if (handle == nullptr) return AE_BAD_PARAMETER;
    auto* semaphore = static_cast<Semaphore*>(handle);
    if (units > semaphore->max_units - semaphore->units) return AE_LIMIT;
    semaphore->units += units;
    os_layer.host->unblock(semaphore->channel);
    return AE_OK;
}

}  // extern "C"
