// References and handles as drivers see them, and objects that exist only behind handles.
#include <wdm.h>

#include "ext/gx_export.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/thread.h"
#include "kernel/ob/object.h"
#include "kernel/rtl/text.h"

namespace ke = gpioclx::kernel::ke;
namespace ob = gpioclx::kernel::ob;
namespace rtl = gpioclx::kernel::rtl;

namespace {

const ob::Type event_type = {"Event", nullptr, nullptr};
const ob::Type semaphore_type = {"Semaphore", nullptr, nullptr};
const ob::Type directory_type = {"Directory", nullptr, nullptr};

POBJECT_TYPE event_type_pointer = const_cast<POBJECT_TYPE>(&event_type);
POBJECT_TYPE semaphore_type_pointer = const_cast<POBJECT_TYPE>(&semaphore_type);
POBJECT_TYPE thread_type_pointer = const_cast<POBJECT_TYPE>(&ke::thread_type);

// A handle to the named object, made if there is none.
template <typename Initialize>
NTSTATUS open_or_create(const ob::Type& type, SIZE_T size, POBJECT_ATTRIBUTES attributes,
                        PHANDLE handle, Initialize initialize) {
    const std::string path = attributes != nullptr && attributes->ObjectName != nullptr
                                 ? rtl::to_utf8(*attributes->ObjectName)
                                 : std::string();
    if (!path.empty()) {
        if (void* existing = ob::find_name(path)) {
            if (&ob::type_of(existing) != &type) return STATUS_OBJECT_TYPE_MISMATCH;
            if ((attributes->Attributes & OBJ_OPENIF) == 0) return STATUS_OBJECT_NAME_COLLISION;
            *handle = ob::open_handle(existing);
            return STATUS_OBJECT_NAME_EXISTS;
        }
    }
    void* body = ob::create(type, size);
    initialize(body);
    if (!path.empty()) ob::insert_name(path, body);
    *handle = ob::open_handle(body);
    ob::dereference(body);
    return STATUS_SUCCESS;
}

NTSTATUS reference_checked(void* body, POBJECT_TYPE type) {
    if (type != nullptr && &ob::type_of(body) != type) return STATUS_OBJECT_TYPE_MISMATCH;
    ob::reference(body);
    return STATUS_SUCCESS;
}

}  // namespace

POBJECT_TYPE* ExEventObjectType = &event_type_pointer;
GX_EXPORT_FUNCTION(ExEventObjectType);
POBJECT_TYPE* ExSemaphoreObjectType = &semaphore_type_pointer;
GX_EXPORT_FUNCTION(ExSemaphoreObjectType);
POBJECT_TYPE* PsThreadType = &thread_type_pointer;
GX_EXPORT_FUNCTION(PsThreadType);

LONG_PTR ObfReferenceObjectWithTag(PVOID Object, ULONG) { return ObReferenceObject(Object); }
GX_EXPORT_FUNCTION(ObfReferenceObjectWithTag);

LONG_PTR ObfDereferenceObjectWithTag(PVOID Object, ULONG) { return ObDereferenceObject(Object); }
GX_EXPORT_FUNCTION(ObfDereferenceObjectWithTag);

NTSTATUS ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK, POBJECT_TYPE ObjectType,
                                   KPROCESSOR_MODE, PVOID* Object,
                                   POBJECT_HANDLE_INFORMATION HandleInformation) {
    ke::charge();
    *Object = nullptr;
    void* body = ob::body_of(Handle, nullptr);
    if (body == nullptr) return STATUS_INVALID_HANDLE;
    const NTSTATUS status = reference_checked(body, ObjectType);
    if (!NT_SUCCESS(status)) return status;
    if (HandleInformation != nullptr) *HandleInformation = {0, 0x001FFFFF};
    *Object = body;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ObReferenceObjectByHandle);

NTSTATUS ObReferenceObjectByPointer(PVOID Object, ACCESS_MASK, POBJECT_TYPE ObjectType,
                                    KPROCESSOR_MODE) {
    ke::charge();
    return reference_checked(Object, ObjectType);
}
GX_EXPORT_FUNCTION(ObReferenceObjectByPointer);

NTSTATUS ObOpenObjectByPointer(PVOID Object, ULONG, PACCESS_STATE, ACCESS_MASK,
                               POBJECT_TYPE ObjectType, KPROCESSOR_MODE, PHANDLE Handle) {
    ke::charge();
    if (ObjectType != nullptr && &ob::type_of(Object) != ObjectType)
        return STATUS_OBJECT_TYPE_MISMATCH;
    *Handle = ob::open_handle(Object);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ObOpenObjectByPointer);

NTSTATUS ZwClose(HANDLE Handle) {
    ke::charge();
    return ob::close_handle(Handle);
}
GX_EXPORT_FUNCTION(ZwClose);

NTSTATUS ZwCreateEvent(PHANDLE EventHandle, ACCESS_MASK, POBJECT_ATTRIBUTES ObjectAttributes,
                       EVENT_TYPE EventType, BOOLEAN InitialState) {
    ke::charge();
    return open_or_create(
        event_type, sizeof(KEVENT), ObjectAttributes, EventHandle, [&](void* body) {
            KeInitializeEvent(static_cast<PKEVENT>(body), EventType, InitialState);
        });
}
GX_EXPORT_FUNCTION(ZwCreateEvent);

NTSTATUS ZwSetEvent(HANDLE EventHandle, PLONG PreviousState) {
    ke::charge();
    auto* event = static_cast<PKEVENT>(ob::body_of(EventHandle, &event_type));
    if (event == nullptr) return STATUS_INVALID_HANDLE;
    const LONG before = KeSetEvent(event, EVENT_INCREMENT, FALSE);
    if (PreviousState != nullptr) *PreviousState = before;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ZwSetEvent);

// Events, semaphores and threads; a file's handle is waited for by its own event.
NTSTATUS ZwWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout) {
    ke::charge();
    void* body = ob::body_of(Handle, nullptr);
    if (body == nullptr) return STATUS_INVALID_HANDLE;
    const ob::Type* type = &ob::type_of(body);
    if (type != &event_type && type != &semaphore_type && type != &ke::thread_type)
        return STATUS_OBJECT_TYPE_MISMATCH;
    ob::reference(body);
    const NTSTATUS status =
        KeWaitForSingleObject(body, UserRequest, KernelMode, Alertable, Timeout);
    ob::dereference(body);
    return status;
}
GX_EXPORT_FUNCTION(ZwWaitForSingleObject);

NTSTATUS ZwCreateDirectoryObject(PHANDLE DirectoryHandle, ACCESS_MASK,
                                 POBJECT_ATTRIBUTES ObjectAttributes) {
    ke::charge();
    return open_or_create(directory_type, sizeof(ULONG_PTR), ObjectAttributes, DirectoryHandle,
                          [](void*) {});
}
GX_EXPORT_FUNCTION(ZwCreateDirectoryObject);
