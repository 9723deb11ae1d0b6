#include "wudfx/work_item.h"

#include "wudfx/hresult.h"

namespace wudfx {

HRESULT WorkItem::create(const um::WUDF_WORKITEM_CONFIG* config, WDFOBJECT parent_handle,
                         um::IWDFObject* parent, bool serialize, um::IWDFWorkItem** item) {
    if (config == nullptr || item == nullptr) return E_POINTER;
    *item = nullptr;
    if (config->Size != sizeof(*config) || config->OnWorkItemFunc == nullptr) return E_INVALIDARG;
    WDF_WORKITEM_CONFIG settings;
    WDF_WORKITEM_CONFIG_INIT(&settings, [](WDFWORKITEM handle) {
        auto* face = face_of<WorkItem>(handle);
        face->function_(face);
    });
    settings.AutomaticSerialization = serialize && config->AutomaticSerialization;
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<WorkItem>(parent_handle);
    WDFWORKITEM handle = nullptr;
    const NTSTATUS status = WdfWorkItemCreate(&settings, &attributes, &handle);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    hand_out(build_face<WorkItem>(handle, config->OnWorkItemFunc, parent), item);
    return S_OK;
}

}  // namespace wudfx
