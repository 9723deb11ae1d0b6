// IWDFCmResourceList: the resources of a device, while it has them.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class ResourceList final : public ObjectFace<um::IWDFCmResourceList> {
  public:
    static constexpr const char* type_name = "IWDFCmResourceList";
    explicit ResourceList(WDFCMRESLIST list) : ObjectFace(list, type_name), list_(list) {}

    ULONG STDMETHODCALLTYPE GetCount() override { return WdfCmResourceListGetCount(list_); }
    PCM_PARTIAL_RESOURCE_DESCRIPTOR STDMETHODCALLTYPE GetDescriptor(ULONG index) override {
        return WdfCmResourceListGetDescriptor(list_, index);
    }
    HRESULT STDMETHODCALLTYPE DeleteWdfObject() override {
        return HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED);
    }

  private:
    void* find_interface(REFIID id) override {
        return IsEqualIID(id, um::IID_IWDFCmResourceList) ? this : nullptr;
    }
    WDFCMRESLIST list_;
};

}  // namespace wudfx
