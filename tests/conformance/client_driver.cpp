#include "client_driver.h"

#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

// "\Driver\client" -> "client"
std::string_view last_part(const UNICODE_STRING& name, char (&buffer)[64]) {
    const std::size_t length = name.Length / sizeof(WCHAR);
    std::size_t start = 0;
    for (std::size_t i = 0; i < length; ++i) {
        if (name.Buffer[i] == u'\\') start = i + 1;
    }
    std::size_t used = 0;
    for (std::size_t i = start; i < length && used < sizeof(buffer); ++i)
        buffer[used++] = static_cast<char>(name.Buffer[i]);
    return {buffer, used};
}

}  // namespace

NTSTATUS ClientDriverEntry::entry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
    char buffer[64];
    ClientDriver& self =
        *ConformanceTest::current->client_named(last_part(driver->DriverName, buffer));
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, &ClientDriverEntry::add);
    config.EvtDriverUnload = &ClientDriverEntry::unload;
    NTSTATUS status =
        WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, &self.driver);
    if (!NT_SUCCESS(status)) return status;
    if (self.on_entry) return self.on_entry(path);
    self.registration = GPIO_CLX_RegisterClient(self.driver, &self.packet, path);
    return self.registration;
}

NTSTATUS ClientDriverEntry::add_with_extension(WDFDRIVER driver, PWDFDEVICE_INIT init) {
    WDF_OBJECT_ATTRIBUTES attributes;
    NTSTATUS status = GPIO_CLX_ProcessAddDevicePreDeviceCreate(driver, init, &attributes);
    if (!NT_SUCCESS(status)) return status;
    WDFDEVICE device = nullptr;
    status = WdfDeviceCreate(&init, &attributes, &device);
    if (!NT_SUCCESS(status)) return status;
    return GPIO_CLX_ProcessAddDevicePostDeviceCreate(driver, device);
}

NTSTATUS ClientDriverEntry::add(WDFDRIVER driver, PWDFDEVICE_INIT init) {
    ClientDriver& self = *ConformanceTest::current->client_of(driver);
    return self.on_add ? self.on_add(init) : add_with_extension(driver, init);
}

VOID ClientDriverEntry::unload(WDFDRIVER driver) {
    ClientDriver& self = *ConformanceTest::current->client_of(driver);
    if (NT_SUCCESS(self.registration)) GPIO_CLX_UnregisterClient(driver);
    self.driver = nullptr;
}

}  // namespace gpioclx::conformance
