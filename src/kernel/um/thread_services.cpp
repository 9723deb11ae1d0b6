// Threads that a driver in user mode makes, and what a thread knows of itself.
#include <um/parts/um_errors.h>
#include <um/parts/um_thread.h>
#include <wdm.h>

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/thread.h"
#include "kernel/ob/object.h"
#include "kernel/um/user_handle.h"
#include "kernel/um/user_resources.h"
#include "kernel/vf/lock_order.h"
#include "machine/arena.h"

namespace gpioclx::kernel::um {
namespace {

// So many of a driver's own; a process has stacks for 64 threads, the system's among them.
constexpr std::size_t threads_max = 32;

struct Beginning {
    UserResources* resources = nullptr;
    LPTHREAD_START_ROUTINE start = nullptr;
    void* parameter = nullptr;
};

void leave(UserResources& resources) {
    machine::ArenaScope inside;
    std::erase(resources.threads, ke::current_thread());
    // The driver has gone, and this was the last that knew.
    if (resources.gone && resources.image == nullptr && resources.threads.empty() &&
        resources.waiting.empty())
        delete &resources;
}

void run(void* context) {
    auto* given = static_cast<Beginning*>(context);
    const Beginning beginning = *given;
    {
        machine::ArenaScope inside;
        delete given;
    }
    UserResources& resources = *beginning.resources;
    DWORD code = 0;
    if (!resources.gone) {
        code = beginning.start(beginning.parameter);
        if (user_locks_held() != 0) report_user_locks("the start routine of a thread");
    }
    leave(resources);
    ke::exit_thread(static_cast<NTSTATUS>(code));
}

DWORD id_of(const _KTHREAD* thread) {
    return thread->MachineThread != nullptr ? thread->MachineThread->number * 4 : 0;
}

HANDLE create(LPTHREAD_START_ROUTINE start, void* parameter, DWORD flags, LPDWORD id,
              const void* caller) {
    machine::ArenaScope inside;
    UserResources& resources = resources_of_caller(caller);
    const bool suspended = (flags & CREATE_SUSPENDED) != 0;
    if (start == nullptr || suspended || resources.gone ||
        resources.threads.size() >= threads_max) {
        set_last_error(suspended          ? ERROR_NOT_SUPPORTED
                       : start == nullptr ? ERROR_INVALID_PARAMETER
                                          : ERROR_NOT_ENOUGH_MEMORY);
        return nullptr;
    }
    const std::string name = ke::unused_thread_name(fmt::format("{} thread", resources.name()));
    PKTHREAD thread = ke::create_thread(name, &run, new Beginning{&resources, start, parameter});
    vf::note_begin(ke::name_of(thread, ke::ObjectKind::thread), thread);
    resources.threads.push_back(thread);
    const HANDLE handle = ob::open_handle(thread);
    resources.handles.push_back({.handle = handle});
    const DWORD number = id_of(thread);
    ob::dereference(thread);
    if (id != nullptr) *id = number;
    return handle;
}

void sleep(UserResources& resources, DWORD milliseconds, const char* function) {
    ke::charge();
    ke::require_may_block(function);
    if (milliseconds == 0) return machine::Machine::current().yield();
    if (resources.gone) return;
    const WaitScope scope(resources);
    ke::delay(deadline_after(milliseconds));
}

}  // namespace
}  // namespace gpioclx::kernel::um

namespace ke = gpioclx::kernel::ke;
namespace ob = gpioclx::kernel::ob;
using namespace gpioclx::kernel::um;

#define GX_CALLER __builtin_return_address(0)

// The size of the stack is the process's affair.
GX_ASKS_CALLER
HANDLE CreateThread(LPSECURITY_ATTRIBUTES, SIZE_T, LPTHREAD_START_ROUTINE Start, LPVOID Parameter,
                    DWORD Flags, LPDWORD ThreadId) {
    ke::charge();
    return create(Start, Parameter, Flags, ThreadId, GX_CALLER);
}
GX_EXPORT_FUNCTION(CreateThread);

GX_ASKS_CALLER
BOOL GetExitCodeThread(HANDLE Thread, LPDWORD ExitCode) {
    ke::charge();
    void* body = body_of_user_handle(resources_of_caller(GX_CALLER), Thread, "GetExitCodeThread");
    if (body == nullptr || &ob::type_of(body) != &ke::thread_type) {
        set_last_error(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    const auto* thread = static_cast<const _KTHREAD*>(body);
    *ExitCode = thread->Header.SignalState != 0 ? static_cast<DWORD>(thread->ExitStatus)
                                                : DWORD{STILL_ACTIVE};
    return TRUE;
}
GX_EXPORT_FUNCTION(GetExitCodeThread);

DWORD GetCurrentThreadId(VOID) {
    ke::charge(ke::cost::lock_ns);
    return id_of(ke::current_thread());
}
GX_EXPORT_FUNCTION(GetCurrentThreadId);

GX_ASKS_CALLER
DWORD GetCurrentProcessId(VOID) {
    ke::charge(ke::cost::lock_ns);
    return resources_of_caller(GX_CALLER).process_id;
}
GX_EXPORT_FUNCTION(GetCurrentProcessId);

BOOL SwitchToThread(VOID) {
    ke::charge();
    ke::require_may_block("SwitchToThread");
    gpioclx::machine::Machine::current().yield();
    return TRUE;
}
GX_EXPORT_FUNCTION(SwitchToThread);

GX_ASKS_CALLER
VOID Sleep(DWORD Milliseconds) { sleep(resources_of_caller(GX_CALLER), Milliseconds, "Sleep"); }
GX_EXPORT_FUNCTION(Sleep);

GX_ASKS_CALLER
DWORD SleepEx(DWORD Milliseconds, BOOL) {
    sleep(resources_of_caller(GX_CALLER), Milliseconds, "SleepEx");
    return 0;
}
GX_EXPORT_FUNCTION(SleepEx);

DWORD GetLastError(VOID) {
    ke::charge(ke::cost::lock_ns);
    return ke::current_thread()->LastError;
}
GX_EXPORT_FUNCTION(GetLastError);

VOID SetLastError(DWORD Code) {
    ke::charge(ke::cost::lock_ns);
    set_last_error(Code);
}
GX_EXPORT_FUNCTION(SetLastError);
