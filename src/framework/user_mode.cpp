#include "framework/user_mode.h"

#include <cstddef>

#include "framework/device.h"
#include "framework/driver.h"
#include "framework/file_object.h"
#include "framework/resource_list.h"
#include "kernel/kernel.h"

namespace gpioclx::framework {
namespace {

// From here on a driver sees its resources whether or not it may use them.
constexpr int minor_with_resource_lists = 15;

// How Win32 numbers dispositions.
enum : ULONG { create_new = 1, create_always, open_existing, open_always, truncate_existing };

// "\Device\RESOURCE_HUB\0000..." or "\??\RESOURCE_HUB\0000...", as CreateFile would make of
// "\\.\RESOURCE_HUB\...".
bool names_connection(const UNICODE_STRING& name) {
    static constexpr char16_t hub[] = u"RESOURCE_HUB\\";
    constexpr std::size_t hub_length = sizeof(hub) / sizeof(char16_t) - 1;
    const std::size_t length = name.Length / sizeof(WCHAR);
    for (std::size_t start = 0; start + hub_length <= length; ++start) {
        std::size_t same = 0;
        while (same < hub_length &&
               (static_cast<char16_t>(name.Buffer[start + same]) & ~0x20) == (hub[same] & ~0x20)) {
            ++same;
        }
        if (same == hub_length) return true;
    }
    return false;
}

bool is_input_output(UCHAR major) {
    return major == IRP_MJ_READ || major == IRP_MJ_WRITE || major == IRP_MJ_DEVICE_CONTROL ||
           major == IRP_MJ_INTERNAL_DEVICE_CONTROL;
}

bool is_neither(const IO_STACK_LOCATION& stack) {
    return (stack.MajorFunction == IRP_MJ_DEVICE_CONTROL ||
            stack.MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL) &&
           METHOD_FROM_CTL_CODE(stack.Parameters.DeviceIoControl.IoControlCode) == METHOD_NEITHER;
}

}  // namespace

bool may_touch_hardware(const Driver& driver) {
    return driver.user_mode() == nullptr || driver.user_mode()->direct_hardware_access;
}

void withhold_resources(Device& device) {
    device.connections_withheld = 0;
    if (may_touch_hardware(*device.driver())) return;
    const kernel::UserModeInstall& install = *device.driver()->user_mode();
    ULONG withheld = 0;
    for (ULONG i = device.translated_resources->count(); i-- > 0;) {
        const bool connection =
            device.translated_resources->at(i)->Type == CmResourceTypeConnection;
        if (!connection && install.minor >= minor_with_resource_lists) continue;
        device.translated_resources->remove(i);
        device.raw_resources->remove(i);
        ++withheld;
        if (connection) ++device.connections_withheld;
    }
    // Who says that the driver has no access may know that the device would have something.
    if (withheld == 0 || install.access_said) return;
    report("umdf-002", &device,
           "%s withholds %u resources from %s: its .inx does not say UmdfDirectHardwareAccess = "
           "AllowDirectHardwareAccess",
           device.name(), static_cast<unsigned>(withheld), device.driver()->name());
}

bool may_create_interrupt(const Device& device) {
    const Driver& driver = *device.driver();
    if (may_touch_hardware(driver)) return true;
    return driver.user_mode()->minor >= minor_with_resource_lists && device.in_prepare &&
           device.connections_withheld != 0;
}

NTSTATUS check_requestor(const Device& device, PIRP irp) {
    const kernel::UserModeInstall* install = device.driver()->user_mode();
    if (install == nullptr) return STATUS_SUCCESS;
    const IO_STACK_LOCATION& stack = *IoGetCurrentIrpStackLocation(irp);
    const bool input_output = is_input_output(stack.MajorFunction);
    if (!input_output && stack.MajorFunction != IRP_MJ_CREATE) return STATUS_SUCCESS;
    if (irp->RequestorMode == KernelMode && !install->kernel_mode_clients)
        return STATUS_ACCESS_DENIED;
    if (!input_output) return STATUS_SUCCESS;
    if (is_neither(stack) && !install->copy_method_neither) return STATUS_INVALID_DEVICE_REQUEST;
    const bool known =
        stack.FileObject != nullptr &&
        (device.file_object(stack.FileObject) != nullptr || install->unknown_file_objects);
    const bool without = stack.FileObject == nullptr && install->unknown_file_objects;
    return known || without ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST;
}

NTSTATUS translate_open(const Driver& driver, WDF_IO_TARGET_OPEN_PARAMS& params) {
    if (driver.user_mode() == nullptr || params.Type != WdfIoTargetOpenByName)
        return STATUS_SUCCESS;
    if (!may_touch_hardware(driver) && names_connection(params.TargetDeviceName))
        return STATUS_ACCESS_DENIED;
    switch (params.CreateDisposition) {
        case 0:  // as the kernel's words have it: CREATE_BY_NAME leaves it out
        case create_new: params.CreateDisposition = FILE_CREATE; break;
        case create_always: params.CreateDisposition = FILE_OVERWRITE_IF; break;
        case open_existing: params.CreateDisposition = FILE_OPEN; break;
        case open_always: params.CreateDisposition = FILE_OPEN_IF; break;
        case truncate_existing: params.CreateDisposition = FILE_OVERWRITE; break;
        default: return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}

}  // namespace gpioclx::framework
