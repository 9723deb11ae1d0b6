#include "wudfx/module.h"

#include "wudfx/driver.h"

extern "C" {
HRESULT DllGetClassObject(REFCLSID class_id, REFIID interface_id, LPVOID* object);
DRIVER_INITIALIZE DriverEntry;

// A driver that has its own overrides this one.
__attribute__((weak)) BOOL DllMain(HINSTANCE instance, DWORD reason, PVOID reserved) {
    UNREFERENCED_PARAMETER(instance);
    UNREFERENCED_PARAMETER(reason);
    UNREFERENCED_PARAMETER(reserved);
    return TRUE;
}
}

namespace wudfx {
namespace {

constexpr ULONG process_attach = 1;
constexpr ULONG process_detach = 0;

bool attach(PDRIVER_OBJECT driver) {
    return DllMain(reinterpret_cast<HINSTANCE>(driver), process_attach, nullptr);
}
void detach(PDRIVER_OBJECT driver) {
    DllMain(reinterpret_cast<HINSTANCE>(driver), process_detach, nullptr);
}

}  // namespace

HRESULT make_driver_entry(Reference<um::IDriverEntry>& entry) {
    void* factory = nullptr;
    HRESULT result = DllGetClassObject(GxDriverClass, um::IID_IClassFactory, &factory);
    if (FAILED(result) || factory == nullptr) {
        GxReportFinding("umdf-106", nullptr,
                        "DllGetClassObject does not know the DriverCLSID of the .inx "
                        "{%08X-%04X-%04X-...}: 0x%08X",
                        static_cast<unsigned>(GxDriverClass.Data1), GxDriverClass.Data2,
                        GxDriverClass.Data3, static_cast<unsigned>(result));
        return FAILED(result) ? result : E_UNEXPECTED;
    }
    void* object = nullptr;
    auto* class_factory = static_cast<um::IClassFactory*>(factory);
    result = class_factory->CreateInstance(nullptr, um::IID_IDriverEntry, &object);
    class_factory->Release();
    if (FAILED(result) || object == nullptr) {
        GxReportFinding("umdf-106", nullptr,
                        "the class of the DriverCLSID makes no object with IDriverEntry: 0x%08X",
                        static_cast<unsigned>(result));
        return FAILED(result) ? result : E_UNEXPECTED;
    }
    entry.keep(static_cast<um::IDriverEntry*>(object));
    static_cast<um::IDriverEntry*>(object)->Release();
    return S_OK;
}

}  // namespace wudfx

using wudfx::Driver;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver_object, PUNICODE_STRING registry_path) {
    if (!wudfx::attach(driver_object)) return STATUS_UNSUCCESSFUL;
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, [](WDFDRIVER driver, PWDFDEVICE_INIT init) -> NTSTATUS {
        return wudfx::face_of<Driver>(driver)->add_device(init);
    });
    config.EvtDriverUnload = [](WDFDRIVER driver) {
        wudfx::face_of<Driver>(driver)->unload();
        wudfx::detach(WdfDriverWdmGetDriverObject(driver));
    };
    WDF_OBJECT_ATTRIBUTES attributes = wudfx::attributes_for<Driver>();
    WDFDRIVER driver = nullptr;
    NTSTATUS status = WdfDriverCreate(driver_object, registry_path, &attributes, &config, &driver);
    if (NT_SUCCESS(status)) status = wudfx::build_face<Driver>(driver)->load();
    if (!NT_SUCCESS(status)) wudfx::detach(driver_object);
    return status;
}
