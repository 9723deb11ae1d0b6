// Threads and the one process as drivers see them.
#include <wdm.h>

#include <fmt/format.h>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/thread.h"
#include "kernel/ob/object.h"
#include "kernel/system.h"
#include "kernel/vf/lock_order.h"

struct _KPROCESS {
    DISPATCHER_HEADER Header;
};

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
namespace ob = gpioclx::kernel::ob;
using gpioclx::kernel::part;
using gpioclx::machine::Machine;

namespace {

const ob::Type process_type = {"Process", nullptr, nullptr};
constexpr std::uintptr_t system_process_id = 4;

struct SystemProcess {
    _KPROCESS* object = nullptr;
};

PEPROCESS system_process() {
    ke::charge(ke::cost::lock_ns);
    _KPROCESS*& object = part<SystemProcess>().object;
    if (object == nullptr) {
        object = static_cast<_KPROCESS*>(ob::create(process_type, sizeof(_KPROCESS)));
        ke::initialize_header(object->Header, ke::DispatcherType::process, 0);
    }
    return reinterpret_cast<PEPROCESS>(object);
}

HANDLE thread_id(const _KTHREAD* thread) {
    return reinterpret_cast<HANDLE>(thread->MachineThread != nullptr
                                        ? std::uintptr_t{thread->MachineThread->number} * 4
                                        : std::uintptr_t{0});
}

// Priorities are kept within what the machine knows; an idle processor's stand-in has none.
KPRIORITY set_priority(PKTHREAD thread, KPRIORITY priority) {
    if (thread->MachineThread == nullptr) return 0;
    const KPRIORITY before = thread->MachineThread->priority;
    const KPRIORITY wanted = priority < 1 ? 1 : priority > HIGH_PRIORITY ? HIGH_PRIORITY : priority;
    // A ready thread stands in the queue of its old priority; it moves when it was run next.
    if (thread->MachineThread->state != gpioclx::machine::ThreadState::ready) {
        thread->MachineThread->priority = static_cast<std::uint8_t>(wanted);
    }
    return before;
}

}  // namespace

NTSTATUS PsCreateSystemThread(PHANDLE ThreadHandle, ULONG, POBJECT_ATTRIBUTES, HANDLE,
                              PCLIENT_ID ClientId, PKSTART_ROUTINE StartRoutine,
                              PVOID StartContext) {
    ke::charge();
    const std::string name =
        ke::unused_thread_name(fmt::format("{} thread", dbg::running_driver()));
    PKTHREAD thread = ke::create_thread(name, StartRoutine, StartContext);
    gpioclx::kernel::vf::note_begin(ke::name_of(thread, ke::ObjectKind::thread), thread);
    *ThreadHandle = ob::open_handle(thread);
    if (ClientId != nullptr)
        *ClientId = {reinterpret_cast<HANDLE>(system_process_id), thread_id(thread)};
    ob::dereference(thread);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(PsCreateSystemThread);

NTSTATUS PsTerminateSystemThread(NTSTATUS ExitStatus) {
    ke::charge();
    ke::exit_thread(ExitStatus);
}
GX_EXPORT_FUNCTION(PsTerminateSystemThread);

HANDLE PsGetCurrentProcessId(VOID) {
    ke::charge(ke::cost::lock_ns);
    return reinterpret_cast<HANDLE>(system_process_id);
}
GX_EXPORT_FUNCTION(PsGetCurrentProcessId);

HANDLE PsGetCurrentThreadId(VOID) {
    ke::charge(ke::cost::lock_ns);
    return thread_id(ke::current_thread());
}
GX_EXPORT_FUNCTION(PsGetCurrentThreadId);

PEPROCESS PsGetCurrentProcess(VOID) { return system_process(); }
GX_EXPORT_FUNCTION(PsGetCurrentProcess);

PEPROCESS IoGetCurrentProcess(VOID) { return system_process(); }
GX_EXPORT_FUNCTION(IoGetCurrentProcess);

PETHREAD PsGetCurrentThread(VOID) {
    ke::charge(ke::cost::lock_ns);
    return reinterpret_cast<PETHREAD>(ke::current_thread());
}
GX_EXPORT_FUNCTION(PsGetCurrentThread);

PKTHREAD KeGetCurrentThread(VOID) {
    ke::charge(ke::cost::lock_ns);
    return ke::current_thread();
}
GX_EXPORT_FUNCTION(KeGetCurrentThread);

BOOLEAN PsIsSystemThread(PETHREAD) {
    ke::charge(ke::cost::lock_ns);
    return TRUE;
}
GX_EXPORT_FUNCTION(PsIsSystemThread);

KPRIORITY KeQueryPriorityThread(PKTHREAD Thread) {
    ke::charge();
    return Thread->MachineThread != nullptr ? Thread->MachineThread->priority : 0;
}
GX_EXPORT_FUNCTION(KeQueryPriorityThread);

KPRIORITY KeSetPriorityThread(PKTHREAD Thread, KPRIORITY Priority) {
    ke::charge();
    return set_priority(Thread, Priority);
}
GX_EXPORT_FUNCTION(KeSetPriorityThread);

// The increment is relative to the priority of the process, 8.
LONG KeSetBasePriorityThread(PKTHREAD Thread, LONG Increment) {
    ke::charge();
    constexpr LONG base = 8;
    return set_priority(Thread, base + Increment) - base;
}
GX_EXPORT_FUNCTION(KeSetBasePriorityThread);

KPROCESSOR_MODE ExGetPreviousMode(VOID) {
    ke::charge(ke::cost::lock_ns);
    return KernelMode;
}
GX_EXPORT_FUNCTION(ExGetPreviousMode);

VOID IoGetStackLimits(PULONG_PTR LowLimit, PULONG_PTR HighLimit) {
    ke::charge(ke::cost::lock_ns);
    const gpioclx::machine::Processor& p = Machine::current().processor();
    const gpioclx::machine::Fiber& fiber = p.thread != nullptr ? p.thread->fiber : p.idle_fiber;
    *HighLimit = reinterpret_cast<ULONG_PTR>(fiber.stack_top);
    *LowLimit = *HighLimit - fiber.stack_size;
}
GX_EXPORT_FUNCTION(IoGetStackLimits);

SIZE_T IoGetRemainingStackSize(VOID) {
    ULONG_PTR low, high;
    IoGetStackLimits(&low, &high);
    return reinterpret_cast<ULONG_PTR>(__builtin_frame_address(0)) - low;
}
GX_EXPORT_FUNCTION(IoGetRemainingStackSize);

// Everybody is the system here.
BOOLEAN SeSinglePrivilegeCheck(LUID, CCHAR) {
    ke::charge();
    return TRUE;
}
GX_EXPORT_FUNCTION(SeSinglePrivilegeCheck);
