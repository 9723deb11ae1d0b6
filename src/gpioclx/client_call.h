// How a callback of the client is called: marked for observers, checked for what it leaves behind.
#pragma once

#include "controller.h"

namespace gpioclx {

constexpr ULONG no_bank = 0xFFFFFFFF;

struct CallSite {
    const char* name;                 // "CLIENT_EnableInterrupt"
    ULONG bank;                       // or no_bank
    ULONG64 operand;                  // pin or mask
    ULONG locks;                      // GX_HOLDS_*
    const ULONG64* result = nullptr;  // read after the call
};

// What a callback must leave as it was (L81).
struct CallEntry {
    KIRQL irql;
    Bank* client_lock;  // the latest that this processor holds for the client
};
// Notes the callback in the locks that are held for it, for the text of findings.
CallEntry enter_callback(Controller& controller, const CallSite& site);
// V10, V11, V36.
void check_after_callback(Controller& controller, const CallSite& site, const CallEntry& entry,
                          NTSTATUS status);
void report_changed_parameters(Controller& controller, const CallSite& site);  // V38
// To the log: what works and is not wanted all the same.
void log_warning(const Controller& controller, const char* text);
// D4: a serial controller may fail; what was given up for that goes to the log.
void log_failure(const Bank& bank, const char* callback, ULONG64 operand, NTSTATUS status,
                 ULONG attempts);

// By contract; and that leaves nothing behind that the callback would have undone.
bool may_fail(const Controller& controller, const CallSite& site);

template <typename Callback, typename... Arguments>
NTSTATUS call_client(Controller& controller, const CallSite& site, Callback* callback,
                     Arguments... arguments) {
    const CallEntry entry = enter_callback(controller, site);
    GxCallbackEnter(controller.physical_device, site.name, site.bank, site.operand, site.locks,
                    reinterpret_cast<const void*>(callback));
    NTSTATUS status = STATUS_SUCCESS;
    if constexpr (__is_same(decltype(callback(arguments...)), void)) {  // P48
        callback(arguments...);
    } else if (may_fail(controller, site) &&
               GxCallbackFails(controller.physical_device, site.name)) {
        status = STATUS_UNSUCCESSFUL;
    } else {
        status = callback(arguments...);
    }
    GxCallbackExit(controller.physical_device, site.name, site.bank, site.result ? *site.result : 0,
                   status);
    check_after_callback(controller, site, entry, status);
    return status;
}

// For the setup callbacks (L12): bank locks are not available meanwhile.
template <typename Callback, typename... Arguments>
NTSTATUS call_setup(Controller& controller, const char* name, Callback* callback,
                    Arguments... arguments) {
    controller.setup_callback = name;
    controller.setup_thread = KeGetCurrentThread();
    const NTSTATUS status = call_client(controller, {name, no_bank, 0, 0}, callback, arguments...);
    controller.setup_thread = nullptr;
    return status;
}

// GX_HOLDS_* of the service lock.
inline ULONG service_locks(const Controller& controller) {
    return controller.memory_mapped() ? GX_HOLDS_INTERRUPT_LOCK : GX_HOLDS_WAIT_LOCK;
}

constexpr ULONG gpio_controller_driver_error = 0x138;  // bug check; causes in 6.12

}  // namespace gpioclx
