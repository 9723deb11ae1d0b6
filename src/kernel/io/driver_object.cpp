#include "kernel/io/driver_object.h"

#include <ext/gx_export.h>

#include <new>

#include "kernel/io/io_call.h"
#include "kernel/io/pool_tag.h"
#include "kernel/io/text.h"
#include "kernel/ob/object.h"
#include "machine/arena.h"

using namespace gpioclx;

namespace gpioclx::kernel::io {
namespace {

NTSTATUS refuse_request(PDEVICE_OBJECT, PIRP irp) {
    irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_INVALID_DEVICE_REQUEST;
}

void delete_driver(void* object) {
    auto& record = *static_cast<DriverRecord*>(object);
    for (const auto& extension : record.client_extensions) ExFreePool(extension.memory);
    record.~DriverRecord();
}

}  // namespace

const ob::Type driver_object_type = {"Driver", delete_driver, nullptr};

PDRIVER_OBJECT create_driver(std::string_view service) {
    machine::ArenaScope inside;
    auto record = new (ob::create(driver_object_type, sizeof(DriverRecord))) DriverRecord;
    record->name = u"\\Driver\\" + widen(service);
    record->registry_path =
        u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\" + widen(service);
    record->registry_path_view = unicode_view(record->registry_path);
    record->event_name = System::current().machine().name(service);
    DRIVER_OBJECT& object = record->object;
    object.Type = IO_TYPE_DRIVER;
    object.Size = sizeof(DRIVER_OBJECT);
    object.DriverName = unicode_view(record->name);
    object.DriverExtension = &record->extension;
    record->extension.DriverObject = &object;
    record->extension.ServiceKeyName = unicode_view(
        std::u16string_view(record->name).substr(std::u16string_view(u"\\Driver\\").size()));
    for (PDRIVER_DISPATCH& dispatch : object.MajorFunction) dispatch = refuse_request;
    return &object;
}

void destroy_driver(PDRIVER_OBJECT driver) { ob::dereference(driver); }

NTSTATUS initialize_driver(PDRIVER_OBJECT driver, PDRIVER_INITIALIZE entry) {
    DriverRecord& record = driver_record(driver);
    driver->DriverInit = entry;
    const NTSTATUS status = entry(driver, &record.registry_path_view);
    if (!NT_SUCCESS(status)) return status;
    // Devices created by DriverEntry are open for business when it returns.
    for (PDEVICE_OBJECT d = driver->DeviceObject; d != nullptr; d = d->NextDevice) {
        d->Flags &= ~static_cast<ULONG>(DO_DEVICE_INITIALIZING);
    }
    for (PDRIVER_DISPATCH& dispatch : driver->MajorFunction) {
        if (dispatch == nullptr) dispatch = refuse_request;
    }
    return status;
}

}  // namespace gpioclx::kernel::io

using namespace gpioclx::kernel::io;

extern "C" {

NTSTATUS IoAllocateDriverObjectExtension(PDRIVER_OBJECT DriverObject,
                                         PVOID ClientIdentificationAddress,
                                         ULONG DriverObjectExtensionSize,
                                         PVOID* DriverObjectExtension) {
    IoCall call;
    *DriverObjectExtension = nullptr;
    if (IoGetDriverObjectExtension(DriverObject, ClientIdentificationAddress) != nullptr) {
        return STATUS_OBJECT_NAME_COLLISION;
    }
    PVOID memory =
        ExAllocatePool2(POOL_FLAG_NON_PAGED, DriverObjectExtensionSize, pool_tag("DvEx"));
    if (memory == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    machine::ArenaScope inside;
    driver_record(DriverObject).client_extensions.push_back({ClientIdentificationAddress, memory});
    *DriverObjectExtension = memory;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoAllocateDriverObjectExtension);

PVOID IoGetDriverObjectExtension(PDRIVER_OBJECT DriverObject, PVOID ClientIdentificationAddress) {
    IoCall call;
    for (const auto& extension : driver_record(DriverObject).client_extensions) {
        if (extension.identity == ClientIdentificationAddress) return extension.memory;
    }
    return nullptr;
}
GX_EXPORT_FUNCTION(IoGetDriverObjectExtension);

}  // extern "C"
