#include "peripheral.h"

#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>

#include <gtest/gtest.h>

#include "conformance_test.h"
#include "machine/arena.h"
#include "peripheral_driver.h"

namespace gpioclx::conformance {
namespace {

void copy(WDFCMRESLIST list, std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR>& to) {
    const ULONG count = WdfCmResourceListGetCount(list);
    {
        machine::OutsideArenaScope outside;
        to.resize(count);
    }
    for (ULONG i = 0; i < count; ++i) to[i] = *WdfCmResourceListGetDescriptor(list, i);
}

struct InterruptContext {
    Peripheral* peripheral;
    ULONG n;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(InterruptContext, interrupt_context)

}  // namespace

// ---- the driver ----

NTSTATUS PeripheralDriver::entry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, &PeripheralDriver::add);
    return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}

NTSTATUS PeripheralDriver::add(WDFDRIVER, PWDFDEVICE_INIT init) {
    ConformanceTest& test = *ConformanceTest::current;
    Peripheral& self = *test.peripheral_at(GxDevicePath(WdfFdoInitWdmGetPhysicalDevice(init)));
    WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
    WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
    callbacks.EvtDevicePrepareHardware = &PeripheralDriver::prepare;
    callbacks.EvtDeviceReleaseHardware = &PeripheralDriver::release;
    if (self.callbacks) self.callbacks(callbacks);
    WdfDeviceInitSetPnpPowerEventCallbacks(init, &callbacks);
    NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &self.device);
    return status;
}

NTSTATUS PeripheralDriver::prepare(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    ConformanceTest& test = *ConformanceTest::current;
    Peripheral& self = *test.peripheral_at(GxDevicePath(WdfDeviceWdmGetPhysicalDevice(device)));
    copy(raw, self.raw);
    copy(translated, self.translated);
    ULONG n = 0;
    for (ULONG i = 0; i < WdfCmResourceListGetCount(translated) && !self.by_hand; ++i) {
        PCM_PARTIAL_RESOURCE_DESCRIPTOR descriptor = WdfCmResourceListGetDescriptor(translated, i);
        if (descriptor->Type != CmResourceTypeInterrupt) continue;
        WDF_INTERRUPT_CONFIG config;
        WDF_INTERRUPT_CONFIG_INIT(&config, &PeripheralDriver::isr, nullptr);
        config.InterruptRaw = WdfCmResourceListGetDescriptor(raw, i);
        config.InterruptTranslated = descriptor;
        config.PassiveHandling = self.passive;
        if (self.configuration) self.configuration(config);
        WDF_OBJECT_ATTRIBUTES attributes;
        WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, InterruptContext);
        WDFINTERRUPT interrupt = nullptr;
        const NTSTATUS status = WdfInterruptCreate(device, &config, &attributes, &interrupt);
        if (!NT_SUCCESS(status)) return status;
        *interrupt_context(interrupt) = {&self, n++};
        machine::OutsideArenaScope outside;
        self.interrupts.push_back(interrupt);
    }
    return self.prepare_hardware ? self.prepare_hardware() : STATUS_SUCCESS;
}

NTSTATUS PeripheralDriver::release(WDFDEVICE device, WDFCMRESLIST) {
    ConformanceTest& test = *ConformanceTest::current;
    Peripheral& self = *test.peripheral_at(GxDevicePath(WdfDeviceWdmGetPhysicalDevice(device)));
    if (self.release_hardware) self.release_hardware();
    machine::OutsideArenaScope outside;
    self.interrupts.clear();
    return STATUS_SUCCESS;
}

BOOLEAN PeripheralDriver::isr(WDFINTERRUPT interrupt, ULONG) {
    const InterruptContext& context = *interrupt_context(interrupt);
    return context.peripheral->service(context.n);
}

// ---- service ----

bool Peripheral::service(ULONG n) {
    const Place place = here("", no_bank);
    std::size_t index;
    {
        machine::OutsideArenaScope outside;
        Call call;
        call.is_isr = true;
        call.who = short_name();
        call.place = place;
        index = test_.trace.enter(std::move(call));
    }
    current = n;
    bool claimed = true;
    if (isr) {
        claimed = isr();
    } else {
        silence(n);
    }
    test_.trace.leave(index, claimed ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL);
    return claimed;
}

// As a driver that reads its device's status: the level goes away.
void Peripheral::silence(ULONG n) {
    for (const kernel::DeviceResource& resource : resources) {
        const auto* wanted = std::get_if<kernel::GpioInterruptResource>(&resource);
        if (wanted == nullptr || n-- != 0) continue;
        if (!wanted->edge)
            test_.controller_at(wanted->controller)
                ->pins.set_level(wanted->pin, wanted->polarity == 1);
        return;
    }
}

// ---- interrupts by hand ----

const CM_PARTIAL_RESOURCE_DESCRIPTOR& Peripheral::descriptor(UCHAR type, ULONG n) const {
    static const CM_PARTIAL_RESOURCE_DESCRIPTOR none = {};
    for (const auto& descriptor : translated) {
        if (descriptor.Type == type && n-- == 0) return descriptor;
    }
    ADD_FAILURE() << path << " was not given such a resource";
    return none;
}

NTSTATUS Peripheral::connect(ULONG n) {
    return connect_with([](IO_CONNECT_INTERRUPT_PARAMETERS&) {}, n);
}

NTSTATUS Peripheral::connect_at(ULONG irql, ULONG n) {
    return connect_with(
        [irql](IO_CONNECT_INTERRUPT_PARAMETERS& parameters) {
            auto& full = parameters.FullySpecified;
            full.Irql = full.SynchronizeIrql = static_cast<KIRQL>(irql);
        },
        n);
}

NTSTATUS Peripheral::connect_with(const Change& change, ULONG n) {
    NTSTATUS status = STATUS_PENDING;
    test_.in_thread([&] {
        const CM_PARTIAL_RESOURCE_DESCRIPTOR& resource = descriptor(CmResourceTypeInterrupt, n);
        Connected* made;
        {
            machine::OutsideArenaScope outside;
            made = &connected_.emplace_back();
        }
        made->self = this;
        made->n = n;
        IO_CONNECT_INTERRUPT_PARAMETERS parameters = {};
        parameters.Version = CONNECT_FULLY_SPECIFIED;
        auto& full = parameters.FullySpecified;
        full.PhysicalDeviceObject = WdfDeviceWdmGetPhysicalDevice(device);
        full.InterruptObject = &made->interrupt;
        full.ServiceRoutine = [](PKINTERRUPT, PVOID context) -> BOOLEAN {
            auto& connected = *static_cast<Connected*>(context);
            return connected.self->service(connected.n);
        };
        full.ServiceContext = made;
        full.Vector = resource.u.Interrupt.Vector;
        full.Irql = full.SynchronizeIrql =
            passive ? PASSIVE_LEVEL : static_cast<KIRQL>(resource.u.Interrupt.Level);
        full.InterruptMode =
            (resource.Flags & CM_RESOURCE_INTERRUPT_LATCHED) != 0 ? Latched : LevelSensitive;
        full.ShareVector = resource.ShareDisposition == CmResourceShareShared;
        full.ProcessorEnableMask = resource.u.Interrupt.Affinity;
        change(parameters);
        status = IoConnectInterruptEx(&parameters);
        if (!NT_SUCCESS(status)) {
            machine::OutsideArenaScope outside;
            connected_.pop_back();
        }
    });
    return status;
}

void Peripheral::disconnect(ULONG n) {
    test_.in_thread([&] {
        for (auto i = connected_.begin(); i != connected_.end(); ++i) {
            if (i->n != n) continue;
            IO_DISCONNECT_INTERRUPT_PARAMETERS parameters = {};
            parameters.Version = CONNECT_FULLY_SPECIFIED;
            parameters.ConnectionContext.InterruptObject = i->interrupt;
            IoDisconnectInterruptEx(&parameters);
            machine::OutsideArenaScope outside;
            connected_.erase(i);
            return;
        }
        ADD_FAILURE() << path << ": interrupt " << n << " is not connected";
    });
}

PKINTERRUPT Peripheral::connected(ULONG n) {
    for (const Connected& candidate : connected_) {
        if (candidate.n == n) return candidate.interrupt;
    }
    return nullptr;
}

void Peripheral::report_active(bool active, ULONG n) {
    test_.in_thread([&] {
        for (Connected& connected : connected_) {
            if (connected.n != n) continue;
            IO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS parameters = {};
            parameters.Version = CONNECT_FULLY_SPECIFIED;
            parameters.ConnectionContext.InterruptObject = connected.interrupt;
            active ? IoReportInterruptActive(&parameters) : IoReportInterruptInactive(&parameters);
            return;
        }
        ADD_FAILURE() << path << ": interrupt " << n << " is not connected";
    });
}

// ---- connections ----

Handle& Peripheral::open(ACCESS_MASK access, ULONG n) {
    const auto& connection = descriptor(CmResourceTypeConnection, n).u.Connection;
    return open_id(ULONG64{connection.IdHighPart} << 32 | connection.IdLowPart, access);
}

Handle& Peripheral::open_id(ULONG64 id, ACCESS_MASK access) {
    Handle* handle;
    {
        machine::OutsideArenaScope outside;
        handle = &handles_.emplace_back();
    }
    handle->test_ = &test_;
    test_.in_thread([&] {
        DECLARE_UNICODE_STRING_SIZE(name, RESOURCE_HUB_PATH_SIZE);
        handle->status = RESOURCE_HUB_CREATE_PATH_FROM_ID(&name, static_cast<ULONG>(id),
                                                          static_cast<ULONG>(id >> 32));
        if (!NT_SUCCESS(handle->status)) return;
        handle->status = WdfIoTargetCreate(device, WDF_NO_OBJECT_ATTRIBUTES, &handle->target_);
        if (!NT_SUCCESS(handle->status)) return;
        WDF_IO_TARGET_OPEN_PARAMS parameters;
        WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&parameters, &name, access);
        handle->status = WdfIoTargetOpen(handle->target_, &parameters);
    });
    return *handle;
}

namespace {

IoResult send(ConformanceTest& test, WDFIOTARGET target, ULONG code, std::vector<UCHAR> input,
              std::vector<UCHAR> output) {
    IoResult result;
    result.data = std::move(output);
    test.in_thread([&] {
        WDF_MEMORY_DESCRIPTOR in, out;
        WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&in, input.data(), static_cast<ULONG>(input.size()));
        WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&out, result.data.data(),
                                          static_cast<ULONG>(result.data.size()));
        result.status = WdfIoTargetSendIoctlSynchronously(
            target, nullptr, code, input.empty() ? nullptr : &in,
            result.data.empty() ? nullptr : &out, nullptr, &result.information);
    });
    return result;
}

}  // namespace

IoResult Handle::read(ULONG size) {
    return send(*test_, target_, IOCTL_GPIO_READ_PINS, {}, std::vector<UCHAR>(size, 0xEE));
}
IoResult Handle::write(std::vector<UCHAR> data) {
    return send(*test_, target_, IOCTL_GPIO_WRITE_PINS, data, data);
}
IoResult Handle::control(ULONG code, std::vector<UCHAR> input, ULONG output_size) {
    return send(*test_, target_, code, std::move(input), std::vector<UCHAR>(output_size, 0xEE));
}
IoResult Handle::read_file(ULONG size) {
    IoResult result;
    result.data.assign(size, 0xEE);
    test_->in_thread([&] {
        WDF_MEMORY_DESCRIPTOR buffer;
        WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&buffer, result.data.data(), size);
        result.status = WdfIoTargetSendReadSynchronously(target_, nullptr, &buffer, nullptr,
                                                         nullptr, &result.information);
    });
    return result;
}
void Handle::close() {
    test_->in_thread([&] {
        WdfIoTargetClose(target_);
        WdfObjectDelete(target_);
        target_ = nullptr;
    });
}

}  // namespace gpioclx::conformance
