#include "framework/file_object.h"

#include "ext/gx_export.h"

#include "framework/callback.h"
#include "framework/device.h"
#include "framework/dispatch.h"
#include "framework/driver.h"
#include "framework/power_policy.h"
#include "framework/queue.h"
#include "framework/request.h"

namespace gpioclx::framework {
namespace {

// What applies to the device's files: the driver's settings, else those of an extension.
bool has_file_objects(const Device& device) {
    // In user mode requests of files that nobody opened are not let through.
    if (device.driver()->user_mode() != nullptr) return true;
    const auto required = [](ULONG kind) {
        return (kind & ~ULONG{WdfFileObjectCanBeOptional}) != WdfFileObjectNotRequired;
    };
    if (device.settings.file.set) return required(device.settings.file.config.FileObjectClass);
    for (const ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        if (e->has_file) return required(e->file.FileObjectClass);
    }
    return false;
}

bool forwards_cleanup_and_close(const Device& device) {
    if (!device.settings.file.set) return device.is_filter();
    const WDF_TRI_STATE choice = device.settings.file.config.AutoForwardCleanupClose;
    return choice == WdfTrue || (choice == WdfUseDefault && device.is_filter());
}

FileObject* create_file(Device& device, FILE_OBJECT* wdm) {
    const FileSettings& file = device.settings.file;
    auto* object = create_object<FileObject>(
        &device, file.has_attributes ? &file.attributes : nullptr, device, wdm);
    if (object == nullptr) return nullptr;
    object->link();
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        if (e->has_file_attributes && !object->add_context(&e->file_attributes)) {
            object->unlink();
            object->delete_object();
            return nullptr;
        }
    }
    return object;
}

struct CreateContext {
    Device* device;
    FILE_OBJECT* file;
};

// The create failed, below or by the driver later: no close will come.
NTSTATUS create_completed(PDEVICE_OBJECT, PIRP irp, PVOID context) {
    const auto* create = static_cast<CreateContext*>(context);
    if (irp->PendingReturned) IoMarkIrpPending(irp);
    if (!NT_SUCCESS(irp->IoStatus.Status)) {
        if (FileObject* file = create->device->file_object(create->file)) {
            file->unlink();
            file->delete_object();
        }
    }
    delete create;
    return STATUS_SUCCESS;
}

}  // namespace

FileObject::FileObject(Device& device, FILE_OBJECT* wdm)
    : Object(object_type, device.driver()), device_(device), wdm_(wdm) {}

// Not before it is whole: without memory for its context it goes again at once.
void FileObject::link() {
    next_ = device_.first_file;
    device_.first_file = this;
}

void FileObject::unlink() {
    for (FileObject** link = &device_.first_file; *link != nullptr; link = &(*link)->next_) {
        if (*link != this) continue;
        *link = next_;
        return;
    }
}

static void drop_failed_file(Device& device, FILE_OBJECT* wdm, NTSTATUS status) {
    if (NT_SUCCESS(status)) return;
    if (FileObject* file = device.file_object(wdm)) {
        file->unlink();
        file->delete_object();
    }
}

// Calls the create event of driver or extension. The IRP's fate is the request's.
static NTSTATUS call_create(Device& device, PIRP irp, FileObject* file) {
    FILE_OBJECT* wdm = IoGetCurrentIrpStackLocation(irp)->FileObject;
    Request* request = Request::receive(device, irp);
    if (request == nullptr) {
        drop_failed_file(device, wdm, STATUS_INSUFFICIENT_RESOURCES);
        return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    }
    request->mark_seen();
    IoMarkIrpPending(irp);
    const WDFFILEOBJECT handle =
        file != nullptr ? static_cast<WDFFILEOBJECT>(file->handle()) : nullptr;
    for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        if (!e->has_file || e->file.EvtCxDeviceFileCreate == nullptr) continue;
        CallbackScope scope(Callback::file_create, device);
        if (e->file.EvtCxDeviceFileCreate(device.device_handle(), request->request_handle(),
                                          handle))
            return STATUS_PENDING;
    }
    if (device.settings.file.config.EvtDeviceFileCreate != nullptr) {
        Serialized serialized(
            device.scope() == WdfSynchronizationScopeDevice ? device.callback_lock() : nullptr);
        CallbackScope scope(Callback::file_create, device);
        device.settings.file.config.EvtDeviceFileCreate(device.device_handle(),
                                                        request->request_handle(), handle);
        return STATUS_PENDING;
    }
    if (Queue* queue = device.queues_by_major[IRP_MJ_CREATE]) {
        queue->insert_new(*request);
        return STATUS_PENDING;
    }
    request->complete_by_framework(STATUS_SUCCESS);
    return STATUS_PENDING;
}

static bool handles_create(const Device& device) {
    if (device.settings.file.config.EvtDeviceFileCreate != nullptr ||
        device.queues_by_major[IRP_MJ_CREATE] != nullptr)
        return true;
    for (const ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
        if (e->has_file && e->file.EvtCxDeviceFileCreate != nullptr) return true;
    }
    return false;
}

NTSTATUS dispatch_create(Device& device, PIRP irp) {
    FILE_OBJECT* wdm = IoGetCurrentIrpStackLocation(irp)->FileObject;
    FileObject* file = nullptr;
    if (wdm != nullptr && has_file_objects(device)) {
        file = create_file(device, wdm);
        if (file == nullptr) return complete_irp(irp, STATUS_INSUFFICIENT_RESOURCES);
    }
    if (handles_create(device)) return call_create(device, irp, file);
    if (!device.is_filter() || device.lower() == nullptr) return complete_irp(irp, STATUS_SUCCESS);
    if (file == nullptr) return pass_down(device, irp);
    machine::ArenaScope inside;
    auto* context = new CreateContext{&device, wdm};
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, &create_completed, context, TRUE, TRUE, TRUE);
    return IoCallDriver(device.lower(), irp);
}

NTSTATUS dispatch_cleanup(Device& device, PIRP irp) {
    FILE_OBJECT* wdm = IoGetCurrentIrpStackLocation(irp)->FileObject;
    if (FileObject* file = device.file_object(wdm)) {
        const auto handle = static_cast<WDFFILEOBJECT>(file->handle());
        for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
            if (!e->has_file || e->file.EvtFileCleanup == nullptr) continue;
            CallbackScope scope(Callback::file_cleanup, device);
            e->file.EvtFileCleanup(handle);
        }
        if (device.settings.file.config.EvtFileCleanup != nullptr) {
            Serialized serialized(
                device.scope() == WdfSynchronizationScopeDevice ? device.callback_lock() : nullptr);
            CallbackScope scope(Callback::file_cleanup, device);
            device.settings.file.config.EvtFileCleanup(handle);
        }
    }
    return forwards_cleanup_and_close(device) && device.lower() != nullptr
               ? pass_down(device, irp)
               : complete_irp(irp, STATUS_SUCCESS);
}

NTSTATUS dispatch_close(Device& device, PIRP irp) {
    FILE_OBJECT* wdm = IoGetCurrentIrpStackLocation(irp)->FileObject;
    if (FileObject* file = device.file_object(wdm)) {
        const auto handle = static_cast<WDFFILEOBJECT>(file->handle());
        if (device.settings.file.config.EvtFileClose != nullptr) {
            Serialized serialized(
                device.scope() == WdfSynchronizationScopeDevice ? device.callback_lock() : nullptr);
            CallbackScope scope(Callback::file_close, device);
            device.settings.file.config.EvtFileClose(handle);
        }
        for (ExtensionSettings* e = device.settings.extensions; e != nullptr; e = e->next) {
            if (!e->has_file || e->file.EvtFileClose == nullptr) continue;
            CallbackScope scope(Callback::file_close, device);
            e->file.EvtFileClose(handle);
        }
        file->unlink();
        file->delete_object();
    }
    return forwards_cleanup_and_close(device) && device.lower() != nullptr
               ? pass_down(device, irp)
               : complete_irp(irp, STATUS_SUCCESS);
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

#define GX_FILE(function) from_handle<gpioclx::framework::FileObject>(FileObject, function)

PUNICODE_STRING WdfFileObjectGetFileName(WDFFILEOBJECT FileObject) {
    enter();
    return &GX_FILE("WdfFileObjectGetFileName").wdm()->FileName;
}
GX_EXPORT_FUNCTION(WdfFileObjectGetFileName);

ULONG WdfFileObjectGetFlags(WDFFILEOBJECT FileObject) {
    enter();
    return GX_FILE("WdfFileObjectGetFlags").wdm()->Flags;
}
GX_EXPORT_FUNCTION(WdfFileObjectGetFlags);

WDFDEVICE WdfFileObjectGetDevice(WDFFILEOBJECT FileObject) {
    enter();
    return GX_FILE("WdfFileObjectGetDevice").owner().device_handle();
}
GX_EXPORT_FUNCTION(WdfFileObjectGetDevice);

ULONG WdfFileObjectGetInitiatorProcessId(WDFFILEOBJECT FileObject) {
    enter();
    GX_FILE("WdfFileObjectGetInitiatorProcessId");
    return 4;  // the system process
}
GX_EXPORT_FUNCTION(WdfFileObjectGetInitiatorProcessId);

PFILE_OBJECT WdfFileObjectWdmGetFileObject(WDFFILEOBJECT FileObject) {
    enter();
    return GX_FILE("WdfFileObjectWdmGetFileObject").wdm();
}
GX_EXPORT_FUNCTION(WdfFileObjectWdmGetFileObject);
