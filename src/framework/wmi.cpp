// WMI providers and instances. The objects are real; nobody here consumes WMI, so providers stay
// disabled and no instance is ever queried.
#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/device.h"
#include "framework/driver.h"

namespace gpioclx::framework {

class WmiProvider final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::wmi_provider;
    explicit WmiProvider(Device& device) : Object(object_type, device.driver()), device_(device) {}
    Device& owner() const { return device_; }
    static NTSTATUS create(Device& device, const WDF_WMI_PROVIDER_CONFIG& config,
                           const WDF_OBJECT_ATTRIBUTES* attributes, WmiProvider** provider) {
        if (config.Size != sizeof(config)) return STATUS_INFO_LENGTH_MISMATCH;
        if ((config.Flags & ~ULONG{WdfWmiProviderValidFlags}) != 0) return STATUS_INVALID_PARAMETER;
        const NTSTATUS status = check_attributes(attributes, object_type);
        if (!NT_SUCCESS(status)) return status;
        *provider = create_object<WmiProvider>(&device, attributes, device);
        return *provider != nullptr ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }

  private:
    Device& device_;
};

class WmiInstance final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::wmi_instance;
    WmiInstance(WmiProvider& provider, bool registered)
        : Object(object_type, provider.driver()), provider_(provider), registered_(registered) {}
    WmiProvider& provider() const { return provider_; }
    bool registered() const { return registered_; }
    void set_registered(bool registered) { registered_ = registered; }

  private:
    WmiProvider& provider_;
    bool registered_;
};

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

NTSTATUS WdfWmiProviderCreate(WDFDEVICE Device, PWDF_WMI_PROVIDER_CONFIG WmiProviderConfig,
                              PWDF_OBJECT_ATTRIBUTES ProviderAttributes,
                              WDFWMIPROVIDER* WmiProvider) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfWmiProviderCreate");
    require(WmiProviderConfig, "WdfWmiProviderCreate", "WmiProviderConfig");
    require(WmiProvider, "WdfWmiProviderCreate", "WmiProvider");
    *WmiProvider = nullptr;
    gpioclx::framework::WmiProvider* provider;
    const NTSTATUS status = gpioclx::framework::WmiProvider::create(device, *WmiProviderConfig,
                                                                    ProviderAttributes, &provider);
    if (NT_SUCCESS(status)) *WmiProvider = static_cast<WDFWMIPROVIDER>(provider->handle());
    return status;
}
GX_EXPORT_FUNCTION(WdfWmiProviderCreate);

WDFDEVICE WdfWmiProviderGetDevice(WDFWMIPROVIDER WmiProvider) {
    enter();
    return from_handle<gpioclx::framework::WmiProvider>(WmiProvider, "WdfWmiProviderGetDevice")
        .owner()
        .device_handle();
}
GX_EXPORT_FUNCTION(WdfWmiProviderGetDevice);

BOOLEAN WdfWmiProviderIsEnabled(WDFWMIPROVIDER WmiProvider,
                                WDF_WMI_PROVIDER_CONTROL ProviderControl) {
    enter();
    UNREFERENCED_PARAMETER(ProviderControl);
    from_handle<gpioclx::framework::WmiProvider>(WmiProvider, "WdfWmiProviderIsEnabled");
    return FALSE;
}
GX_EXPORT_FUNCTION(WdfWmiProviderIsEnabled);

ULONGLONG WdfWmiProviderGetTracingHandle(WDFWMIPROVIDER WmiProvider) {
    enter();
    from_handle<gpioclx::framework::WmiProvider>(WmiProvider, "WdfWmiProviderGetTracingHandle");
    return 0;
}
GX_EXPORT_FUNCTION(WdfWmiProviderGetTracingHandle);

NTSTATUS WdfWmiInstanceCreate(WDFDEVICE Device, PWDF_WMI_INSTANCE_CONFIG InstanceConfig,
                              PWDF_OBJECT_ATTRIBUTES InstanceAttributes, WDFWMIINSTANCE* Instance) {
    enter();
    auto& device = from_handle<gpioclx::framework::Device>(Device, "WdfWmiInstanceCreate");
    require(InstanceConfig, "WdfWmiInstanceCreate", "InstanceConfig");
    if (Instance != nullptr) *Instance = nullptr;
    if (InstanceConfig->Size != sizeof(WDF_WMI_INSTANCE_CONFIG)) return STATUS_INFO_LENGTH_MISMATCH;
    // One of the two says whose instance it is.
    if ((InstanceConfig->Provider != nullptr) == (InstanceConfig->ProviderConfig != nullptr))
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = check_attributes(InstanceAttributes, ObjectType::wmi_instance);
    if (!NT_SUCCESS(status)) return status;
    WmiProvider* provider = nullptr;
    if (InstanceConfig->Provider != nullptr) {
        provider = &from_handle<WmiProvider>(InstanceConfig->Provider, "WdfWmiInstanceCreate");
    } else {
        status = WmiProvider::create(device, *InstanceConfig->ProviderConfig, nullptr, &provider);
        if (!NT_SUCCESS(status)) return status;
    }
    auto* instance = create_object<WmiInstance>(provider, InstanceAttributes, *provider,
                                                InstanceConfig->Register != FALSE);
    if (instance == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (Instance != nullptr) *Instance = static_cast<WDFWMIINSTANCE>(instance->handle());
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfWmiInstanceCreate);

#define GX_INSTANCE(function) from_handle<gpioclx::framework::WmiInstance>(WmiInstance, function)

NTSTATUS WdfWmiInstanceRegister(WDFWMIINSTANCE WmiInstance) {
    enter();
    auto& instance = GX_INSTANCE("WdfWmiInstanceRegister");
    if (instance.registered()) return STATUS_INVALID_DEVICE_REQUEST;
    instance.set_registered(true);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfWmiInstanceRegister);

VOID WdfWmiInstanceDeregister(WDFWMIINSTANCE WmiInstance) {
    enter();
    GX_INSTANCE("WdfWmiInstanceDeregister").set_registered(false);
}
GX_EXPORT_FUNCTION(WdfWmiInstanceDeregister);

WDFDEVICE WdfWmiInstanceGetDevice(WDFWMIINSTANCE WmiInstance) {
    enter();
    return GX_INSTANCE("WdfWmiInstanceGetDevice").provider().owner().device_handle();
}
GX_EXPORT_FUNCTION(WdfWmiInstanceGetDevice);

WDFWMIPROVIDER WdfWmiInstanceGetProvider(WDFWMIINSTANCE WmiInstance) {
    enter();
    return static_cast<WDFWMIPROVIDER>(
        GX_INSTANCE("WdfWmiInstanceGetProvider").provider().handle());
}
GX_EXPORT_FUNCTION(WdfWmiInstanceGetProvider);

NTSTATUS WdfWmiInstanceFireEvent(WDFWMIINSTANCE WmiInstance, ULONG EventDataSize, PVOID EventData) {
    enter();
    UNREFERENCED_PARAMETER(EventDataSize);
    UNREFERENCED_PARAMETER(EventData);
    return GX_INSTANCE("WdfWmiInstanceFireEvent").registered() ? STATUS_SUCCESS
                                                               : STATUS_UNSUCCESSFUL;
}
GX_EXPORT_FUNCTION(WdfWmiInstanceFireEvent);
