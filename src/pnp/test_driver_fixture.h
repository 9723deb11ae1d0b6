// A function driver of the tests that writes down what the PnP manager does with it.
#pragma once

#include <ext/gx_connection.h>

#include <map>
#include <string>
#include <vector>

#include "pnp_test_fixture.h"

namespace gpioclx::kernel::pnp_test {

using Descriptors = std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR>;
using Paths = std::vector<std::string>;

struct FunctionDriver {
    static inline Paths started, removed, surprised, opened_names;
    static inline std::map<std::string, Descriptors> raw, translated;
    static inline std::map<std::string, NTSTATUS> fail_add, fail_start;
    static inline NTSTATUS fail_query_remove = STATUS_SUCCESS;
    static inline std::map<std::string, PDEVICE_OBJECT> physical_devices;
    static inline std::vector<UCHAR> written;
    static inline int unloads = 0, opens = 0, closes = 0;

    static void reset() {
        started.clear();
        removed.clear();
        surprised.clear();
        opened_names.clear();
        raw.clear();
        translated.clear();
        fail_add.clear();
        fail_start.clear();
        fail_query_remove = STATUS_SUCCESS;
        physical_devices.clear();
        written.clear();
        unloads = opens = closes = 0;
    }

    struct Extension {
        PDEVICE_OBJECT physical;
        PDEVICE_OBJECT lower;
    };

    static NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING) {
        driver->DriverExtension->AddDevice = add_device;
        driver->DriverUnload = [](PDRIVER_OBJECT) { ++unloads; };
        for (PDRIVER_DISPATCH& routine : driver->MajorFunction) routine = dispatch;
        return STATUS_SUCCESS;
    }

  private:
    // What the test keeps lives outside the machine. Nothing in `change` may call the kernel: the
    // scope is the process's, and another thread of the machine may run meanwhile.
    template <typename Change>
    static void note(Change change) {
        machine::OutsideArenaScope outside;
        change();
    }

    static NTSTATUS add_device(PDRIVER_OBJECT driver, PDEVICE_OBJECT physical) {
        const std::string path = GxDevicePath(physical);
        if (fail_add.contains(path)) return fail_add[path];
        PDEVICE_OBJECT device = nullptr;
        IoCreateDevice(driver, sizeof(Extension), nullptr, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
        device->Flags |= DO_BUFFERED_IO;
        auto extension = static_cast<Extension*>(device->DeviceExtension);
        extension->physical = physical;
        extension->lower = IoAttachDeviceToDeviceStack(device, physical);
        device->Flags &= ~static_cast<ULONG>(DO_DEVICE_INITIALIZING);
        note([&] { physical_devices[std::string(path)] = physical; });
        return STATUS_SUCCESS;
    }

    static NTSTATUS pass_down(Extension& extension, PIRP irp) {
        IoSkipCurrentIrpStackLocation(irp);
        return IoCallDriver(extension.lower, irp);
    }

    static NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG_PTR information = 0) {
        irp->IoStatus.Status = status;
        irp->IoStatus.Information = information;
        IoCompleteRequest(irp, IO_NO_INCREMENT);
        return status;
    }

    static Descriptors copy(PCM_RESOURCE_LIST list) {
        if (list == nullptr) return {};
        const CM_PARTIAL_RESOURCE_LIST& partial = list->List[0].PartialResourceList;
        return {partial.PartialDescriptors, partial.PartialDescriptors + partial.Count};
    }

    static NTSTATUS dispatch(PDEVICE_OBJECT device, PIRP irp) {
        auto& extension = *static_cast<Extension*>(device->DeviceExtension);
        PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
        switch (stack->MajorFunction) {
            case IRP_MJ_PNP: return pnp(device, extension, *stack, irp);
            case IRP_MJ_CREATE: {
                ++opens;
                const UNICODE_STRING& name = stack->FileObject->FileName;
                note([&] {
                    opened_names.emplace_back(name.Buffer,
                                              name.Buffer + name.Length / sizeof(WCHAR));
                });
                return complete(irp, STATUS_SUCCESS, FILE_OPENED);
            }
            case IRP_MJ_CLEANUP: return complete(irp, STATUS_SUCCESS);
            case IRP_MJ_CLOSE: ++closes; return complete(irp, STATUS_SUCCESS);
            case IRP_MJ_WRITE: {
                auto data = static_cast<const UCHAR*>(irp->AssociatedIrp.SystemBuffer);
                note([&] { written.assign(data, data + stack->Parameters.Write.Length); });
                return complete(irp, STATUS_SUCCESS, written.size());
            }
            case IRP_MJ_READ: {
                const std::size_t count =
                    std::min<std::size_t>(written.size(), stack->Parameters.Read.Length);
                std::copy_n(written.begin(), count,
                            static_cast<UCHAR*>(irp->AssociatedIrp.SystemBuffer));
                return complete(irp, STATUS_SUCCESS, count);
            }
            default: return pass_down(extension, irp);
        }
    }

    static NTSTATUS pnp(PDEVICE_OBJECT device, Extension& extension, const IO_STACK_LOCATION& stack,
                        PIRP irp) {
        const std::string path = GxDevicePath(extension.physical);
        switch (stack.MinorFunction) {
            case IRP_MN_START_DEVICE: {
                note([&] {
                    raw[std::string(path)] = copy(stack.Parameters.StartDevice.AllocatedResources);
                    translated[std::string(path)] =
                        copy(stack.Parameters.StartDevice.AllocatedResourcesTranslated);
                });
                IoForwardIrpSynchronously(extension.lower, irp);
                if (fail_start.contains(path)) return complete(irp, fail_start[path]);
                note([&] { started.emplace_back(std::string(path)); });
                return complete(irp, STATUS_SUCCESS);
            }
            case IRP_MN_QUERY_REMOVE_DEVICE:
                if (!NT_SUCCESS(fail_query_remove)) return complete(irp, fail_query_remove);
                break;
            case IRP_MN_SURPRISE_REMOVAL:
                note([&] { surprised.emplace_back(std::string(path)); });
                break;
            case IRP_MN_REMOVE_DEVICE: {
                note([&] { removed.emplace_back(std::string(path)); });
                PDEVICE_OBJECT lower = extension.lower;
                irp->IoStatus.Status = STATUS_SUCCESS;
                const NTSTATUS status = pass_down(extension, irp);
                IoDetachDevice(lower);
                IoDeleteDevice(device);
                return status;
            }
            default: break;
        }
        return pass_down(extension, irp);
    }
};

}  // namespace gpioclx::kernel::pnp_test
