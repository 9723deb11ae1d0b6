// Events of a driver in user mode, what it waits for, and its handles. They are the objects of any
// driver; what is known beside them is whose they are.
#include <um/parts/um_errors.h>
#include <um/parts/um_handle.h>
#include <wdm.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/thread.h"
#include "kernel/ob/object.h"
#include "kernel/rtl/text.h"
#include "kernel/um/user_handle.h"
#include "kernel/um/user_resources.h"
#include "kernel/vf/lock_order.h"
#include "machine/arena.h"

namespace gpioclx::kernel::um {
namespace {

constexpr std::size_t closed_max = 64;

std::vector<UserHandle>::iterator find(UserResources& resources, HANDLE handle) {
    return std::find_if(resources.handles.begin(), resources.handles.end(),
                        [handle](const UserHandle& one) { return one.handle == handle; });
}

void report_not_open(const UserResources& resources, HANDLE handle, const char* function) {
    const auto closed = std::find_if(resources.closed.rbegin(), resources.closed.rend(),
                                     [handle](const auto& one) { return one.first == handle; });
    const std::string by =
        closed != resources.closed.rend() ? dbg::function_name(closed->second) : "";
    dbg::report_finding(dbg::id::handle_not_open,
                        by.empty()
                            ? fmt::format("{}: the handle {} is not open", function, handle)
                            : fmt::format("{}: the handle {} is not open, it was closed in {}",
                                          function, handle, by));
}

HANDLE fail(DWORD error) {
    set_last_error(error);
    return nullptr;
}

HANDLE create_event(bool manual, bool initial, std::string_view name, const void* caller) {
    machine::ArenaScope inside;
    UserResources& resources = resources_of_caller(caller);
    std::u16string path;
    UNICODE_STRING view = {};
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &view, OBJ_OPENIF | OBJ_CASE_INSENSITIVE, nullptr,
                               nullptr);
    if (!name.empty()) {
        path = rtl::to_utf16(fmt::format("\\BaseNamedObjects\\{}", name));
        view.Length = view.MaximumLength = static_cast<USHORT>(path.size() * sizeof(char16_t));
        view.Buffer = reinterpret_cast<PWSTR>(path.data());
    }
    HANDLE handle = nullptr;
    const NTSTATUS status =
        ZwCreateEvent(&handle, EVENT_ALL_ACCESS, &attributes,
                      manual ? NotificationEvent : SynchronizationEvent, initial ? TRUE : FALSE);
    if (status == STATUS_OBJECT_TYPE_MISMATCH) return fail(ERROR_INVALID_HANDLE);
    if (!NT_SUCCESS(status)) return fail(ERROR_NOT_ENOUGH_MEMORY);
    UserHandle known{.handle = handle};
    if (name.empty()) {
        known.event_number = resources.event_numbers.take();
        ke::name_object(ob::body_of(handle, nullptr),
                        fmt::format("{} event #{}", resources.name(), known.event_number));
    } else if (status != STATUS_OBJECT_NAME_EXISTS) {
        ke::name_object(ob::body_of(handle, nullptr), fmt::format("event {}", name));
    }
    resources.handles.push_back(known);
    set_last_error(status == STATUS_OBJECT_NAME_EXISTS ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle;
}

std::string text_of(LPCWSTR text) {
    std::size_t length = 0;
    while (text != nullptr && text[length] != 0) ++length;
    return length == 0 ? std::string() : rtl::to_utf8(text, length);
}

PKEVENT event_of(HANDLE handle, const void* caller, const char* function) {
    void* body = body_of_user_handle(resources_of_caller(caller), handle, function);
    const auto type = body != nullptr ? static_cast<DISPATCHER_HEADER*>(body)->Type : 0xFF;
    if (body != nullptr && type <= static_cast<UCHAR>(ke::DispatcherType::synchronization_event))
        return static_cast<PKEVENT>(body);
    set_last_error(ERROR_INVALID_HANDLE);
    return nullptr;
}

DWORD wait_for(DWORD count, const HANDLE* handles, bool all, DWORD milliseconds, const void* caller,
               const char* function) {
    ke::charge();
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS) {
        set_last_error(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    UserResources& resources = resources_of_caller(caller);
    std::array<void*, MAXIMUM_WAIT_OBJECTS> bodies;
    for (DWORD i = 0; i < count; ++i) {
        bodies[i] = body_of_user_handle(resources, handles[i], function);
        if (bodies[i] == nullptr) {
            set_last_error(ERROR_INVALID_HANDLE);
            return WAIT_FAILED;
        }
    }
    if (milliseconds == INFINITE && vf::on() && (all || count == 1)) {
        for (DWORD i = 0; i < count; ++i) {
            auto& header = *static_cast<DISPATCHER_HEADER*>(bodies[i]);
            vf::note_wait(ke::name_of(&header, ke::kind_of(header)));
        }
    }
    if (milliseconds != 0) ke::require_may_block(function);
    if (resources.gone) return WAIT_FAILED;
    std::array<KWAIT_BLOCK, MAXIMUM_WAIT_OBJECTS> blocks;
    for (DWORD i = 0; i < count; ++i) ob::reference(bodies[i]);
    NTSTATUS status;
    {
        const WaitScope scope(resources);
        status = ke::wait(count, bodies.data(), all ? WaitAll : WaitAny,
                          deadline_after(milliseconds), blocks.data(), function);
    }
    for (DWORD i = 0; i < count; ++i) ob::dereference(bodies[i]);
    if (status == STATUS_TIMEOUT) return WAIT_TIMEOUT;
    if (resources.gone || !NT_SUCCESS(status)) return WAIT_FAILED;
    return WAIT_OBJECT_0 + static_cast<DWORD>(status);
}

}  // namespace

void* body_of_user_handle(UserResources& resources, HANDLE handle, const char* function) {
    if (find(resources, handle) != resources.handles.end()) return ob::body_of(handle, nullptr);
    report_not_open(resources, handle, function);
    return nullptr;
}

void set_last_error(DWORD code) { ke::current_thread()->LastError = code; }

std::uint64_t deadline_after(DWORD milliseconds) {
    if (milliseconds == INFINITE) return machine::forever_ns;
    constexpr std::uint64_t ns_in_ms = 1'000'000;
    return milliseconds == 0 ? 0 : machine::Machine::current().now_ns() + milliseconds * ns_in_ms;
}

bool close_user_handle(UserResources& resources, HANDLE handle, const void* caller,
                       const char* function) {
    machine::ArenaScope inside;
    const auto found = find(resources, handle);
    if (found == resources.handles.end()) {
        report_not_open(resources, handle, function);
        return false;
    }
    resources.event_numbers.give_back(found->event_number);
    resources.handles.erase(found);
    if (resources.closed.size() == closed_max) resources.closed.erase(resources.closed.begin());
    resources.closed.emplace_back(handle, call_of(caller));
    ob::close_handle(handle);
    return true;
}

}  // namespace gpioclx::kernel::um

namespace ke = gpioclx::kernel::ke;
namespace vf = gpioclx::kernel::vf;
using namespace gpioclx::kernel::um;

#define GX_CALLER __builtin_return_address(0)

GX_ASKS_CALLER
HANDLE CreateEventW(LPSECURITY_ATTRIBUTES, BOOL ManualReset, BOOL InitialState, LPCWSTR Name) {
    ke::charge();
    return create_event(ManualReset != 0, InitialState != 0, text_of(Name), GX_CALLER);
}
GX_EXPORT_FUNCTION(CreateEventW);

GX_ASKS_CALLER
HANDLE CreateEventA(LPSECURITY_ATTRIBUTES, BOOL ManualReset, BOOL InitialState, LPCSTR Name) {
    ke::charge();
    return create_event(ManualReset != 0, InitialState != 0, Name != nullptr ? Name : "",
                        GX_CALLER);
}
GX_EXPORT_FUNCTION(CreateEventA);

GX_ASKS_CALLER
HANDLE CreateEventExW(LPSECURITY_ATTRIBUTES, LPCWSTR Name, DWORD Flags, DWORD) {
    ke::charge();
    return create_event((Flags & CREATE_EVENT_MANUAL_RESET) != 0,
                        (Flags & CREATE_EVENT_INITIAL_SET) != 0, text_of(Name), GX_CALLER);
}
GX_EXPORT_FUNCTION(CreateEventExW);

GX_ASKS_CALLER
BOOL SetEvent(HANDLE Event) {
    ke::charge();
    PKEVENT event = event_of(Event, GX_CALLER, "SetEvent");
    if (event == nullptr) return FALSE;
    if (vf::on()) vf::note_done(ke::name_of(event, ke::ObjectKind::event));
    KeSetEvent(event, EVENT_INCREMENT, FALSE);
    return TRUE;
}
GX_EXPORT_FUNCTION(SetEvent);

GX_ASKS_CALLER
BOOL ResetEvent(HANDLE Event) {
    ke::charge();
    PKEVENT event = event_of(Event, GX_CALLER, "ResetEvent");
    if (event == nullptr) return FALSE;
    KeResetEvent(event);
    return TRUE;
}
GX_EXPORT_FUNCTION(ResetEvent);

GX_ASKS_CALLER
DWORD WaitForSingleObject(HANDLE Handle, DWORD Milliseconds) {
    return wait_for(1, &Handle, false, Milliseconds, GX_CALLER, "WaitForSingleObject");
}
GX_EXPORT_FUNCTION(WaitForSingleObject);

// Nothing is ever queued to a thread that waits alertably.
GX_ASKS_CALLER
DWORD WaitForSingleObjectEx(HANDLE Handle, DWORD Milliseconds, BOOL) {
    return wait_for(1, &Handle, false, Milliseconds, GX_CALLER, "WaitForSingleObjectEx");
}
GX_EXPORT_FUNCTION(WaitForSingleObjectEx);

GX_ASKS_CALLER
DWORD WaitForMultipleObjects(DWORD Count, const HANDLE* Handles, BOOL WaitAll, DWORD Milliseconds) {
    return wait_for(Count, Handles, WaitAll != 0, Milliseconds, GX_CALLER,
                    "WaitForMultipleObjects");
}
GX_EXPORT_FUNCTION(WaitForMultipleObjects);

GX_ASKS_CALLER
DWORD WaitForMultipleObjectsEx(DWORD Count, const HANDLE* Handles, BOOL WaitAll, DWORD Milliseconds,
                               BOOL) {
    return wait_for(Count, Handles, WaitAll != 0, Milliseconds, GX_CALLER,
                    "WaitForMultipleObjectsEx");
}
GX_EXPORT_FUNCTION(WaitForMultipleObjectsEx);

GX_ASKS_CALLER
BOOL CloseHandle(HANDLE Handle) {
    ke::charge();
    if (close_user_handle(resources_of_caller(GX_CALLER), Handle, GX_CALLER, "CloseHandle"))
        return TRUE;
    set_last_error(ERROR_INVALID_HANDLE);
    return FALSE;
}
GX_EXPORT_FUNCTION(CloseHandle);

extern "C" GX_ASKS_CALLER NTSTATUS NtClose(HANDLE Handle) {
    ke::charge();
    return close_user_handle(resources_of_caller(GX_CALLER), Handle, GX_CALLER, "NtClose")
               ? STATUS_SUCCESS
               : STATUS_INVALID_HANDLE;
}
GX_EXPORT_FUNCTION(NtClose);
