// IWDFWorkItem.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class WorkItem final : public ObjectFace<um::IWDFWorkItem> {
  public:
    static constexpr const char* type_name = "IWDFWorkItem";
    WorkItem(WDFWORKITEM item, um::PFN_WUDF_WORKITEM function, um::IWDFObject* parent)
        : ObjectFace(item, type_name), item_(item), function_(function), parent_(parent) {}

    void STDMETHODCALLTYPE Enqueue() override { WdfWorkItemEnqueue(item_); }
    void STDMETHODCALLTYPE Flush() override { WdfWorkItemFlush(item_); }
    um::IWDFObject* STDMETHODCALLTYPE GetParentObject() override { return parent_; }

    // `parent` is the face of `parent_handle`; `serialize`: the device has a lock for its
    // callbacks.
    static HRESULT create(const um::WUDF_WORKITEM_CONFIG* config, WDFOBJECT parent_handle,
                          um::IWDFObject* parent, bool serialize, um::IWDFWorkItem** item);

  private:
    void* find_interface(REFIID id) override {
        return IsEqualIID(id, um::IID_IWDFWorkItem) ? this : nullptr;
    }
    WDFWORKITEM item_;
    um::PFN_WUDF_WORKITEM function_;
    um::IWDFObject* parent_;
};

}  // namespace wudfx
