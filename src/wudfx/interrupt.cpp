#include "wudfx/interrupt.h"

#include "wudfx/device.h"
#include "wudfx/hresult.h"

namespace wudfx {
namespace {

bool is_edge(const CM_PARTIAL_RESOURCE_DESCRIPTOR& line) {
    return (line.Flags & CM_RESOURCE_INTERRUPT_LATCHED) != 0;
}

}  // namespace

Interrupt::Interrupt(WDFINTERRUPT interrupt, Device& device,
                     const um::WUDF_INTERRUPT_CONFIG& config)
    : ObjectFace(interrupt, type_name),
      interrupt_(interrupt),
      device_(device),
      config_(config),
      waits_for_resource_(config.InterruptTranslated == nullptr) {
    Interrupt** end = &device.first_interrupt;
    while (*end != nullptr) end = &(*end)->next;
    *end = this;
}

Interrupt::~Interrupt() {
    for (Interrupt** link = &device_.first_interrupt; *link != nullptr; link = &(*link)->next) {
        if (*link != this) continue;
        *link = next;
        break;
    }
}

WDF_INTERRUPT_CONFIG Interrupt::settings_for(const um::WUDF_INTERRUPT_CONFIG& config) {
    WDF_INTERRUPT_CONFIG settings;
    WDF_INTERRUPT_CONFIG_INIT(
        &settings,
        [](WDFINTERRUPT handle, ULONG message) -> BOOLEAN {
            auto* face = face_of<Interrupt>(handle);
            return face->config_.OnInterruptIsr(face, message, 0);
        },
        nullptr);
    settings.PassiveHandling = TRUE;
    settings.ShareVector = static_cast<WDF_TRI_STATE>(config.ShareVector);
    settings.AutomaticSerialization = config.AutomaticSerialization;
    settings.InterruptRaw = config.InterruptRaw;
    settings.InterruptTranslated = config.InterruptTranslated;
    if (config.OnInterruptWorkItem != nullptr) {
        settings.EvtInterruptWorkItem = [](WDFINTERRUPT handle, WDFOBJECT) {
            auto* face = face_of<Interrupt>(handle);
            face->config_.OnInterruptWorkItem(face, &face->device_);
        };
    }
    if (config.OnInterruptEnable != nullptr) {
        settings.EvtInterruptEnable = [](WDFINTERRUPT handle, WDFDEVICE) -> NTSTATUS {
            auto* face = face_of<Interrupt>(handle);
            return status_from(face->config_.OnInterruptEnable(face, &face->device_));
        };
    }
    if (config.OnInterruptDisable != nullptr) {
        settings.EvtInterruptDisable = [](WDFINTERRUPT handle, WDFDEVICE) -> NTSTATUS {
            auto* face = face_of<Interrupt>(handle);
            return status_from(face->config_.OnInterruptDisable(face, &face->device_));
        };
    }
    return settings;
}

HRESULT Interrupt::create(Device& device, const um::WUDF_INTERRUPT_CONFIG* config, bool preparing,
                          um::IWDFInterrupt** interrupt) {
    if (config == nullptr || interrupt == nullptr) return E_POINTER;
    *interrupt = nullptr;
    if (config->Size != sizeof(*config) || config->OnInterruptIsr == nullptr) return E_INVALIDARG;
    // Needs the lock that SetLockingConstraint(None) has given up.
    if (config->AutomaticSerialization && !device.serializes()) return E_INVALIDARG;
    WDF_INTERRUPT_CONFIG settings = settings_for(*config);
    const CM_PARTIAL_RESOURCE_DESCRIPTOR* line = preparing ? config->InterruptTranslated : nullptr;
    if (line != nullptr) {
        if (!may_use(device, config->ShareVector, *line)) return E_INVALIDARG;
        // Default: what the bus says of a level, and never for an edge.
        if (is_edge(*line)) settings.ShareVector = WdfFalse;
    }
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<Interrupt>();
    WDFINTERRUPT handle = nullptr;
    const NTSTATUS status =
        WdfInterruptCreate(device.device_handle(), &settings, &attributes, &handle);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    hand_out(build_face<Interrupt>(handle, device, *config), interrupt);
    return S_OK;
}

bool Interrupt::may_use(Device& device, um::WDF_TRI_STATE share_vector,
                        const CM_PARTIAL_RESOURCE_DESCRIPTOR& line) {
    const char* wrong = nullptr;
    if (share_vector > um::WdfUseDefault) {
        wrong = "is no WDF_TRI_STATE";
    } else if (share_vector == um::WdfTrue && is_edge(line)) {
        wrong = "is WdfTrue for an edge-triggered interrupt, which UMDF does not share";
    }
    if (wrong == nullptr) return true;
    GxReportFinding("umdf-102", device.physical_device(),
                    "WUDF_INTERRUPT_CONFIG.ShareVector (%d) %s (interrupt 0x%X)",
                    static_cast<int>(share_vector), wrong,
                    static_cast<unsigned>(line.u.Interrupt.Vector));
    return false;
}

um::IWDFDevice3* Interrupt::GetDevice() { return &device_; }

void Interrupt::GetInfo(um::WDF_INTERRUPT_INFO* info) {
    static_assert(sizeof(um::WDF_INTERRUPT_INFO) == sizeof(WDF_INTERRUPT_INFO));
    WdfInterruptGetInfo(interrupt_, reinterpret_cast<WDF_INTERRUPT_INFO*>(info));
}

void Interrupt::SetPolicy(um::WDF_INTERRUPT_POLICY policy, um::WDF_INTERRUPT_PRIORITY priority,
                          KAFFINITY processors) {
    WdfInterruptSetPolicy(interrupt_, static_cast<WDF_INTERRUPT_POLICY>(policy),
                          static_cast<WDF_INTERRUPT_PRIORITY>(priority), processors);
}

void Interrupt::SetExtendedPolicy(um::WDF_INTERRUPT_EXTENDED_POLICY* policy) {
    static_assert(sizeof(um::WDF_INTERRUPT_EXTENDED_POLICY) ==
                  sizeof(WDF_INTERRUPT_EXTENDED_POLICY));
    WdfInterruptSetExtendedPolicy(interrupt_,
                                  reinterpret_cast<WDF_INTERRUPT_EXTENDED_POLICY*>(policy));
}

}  // namespace wudfx
