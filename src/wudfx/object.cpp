#include "wudfx/object.h"

#include "wudfx/hresult.h"

namespace wudfx {

const IID Face::face_id = {
    0x8F3B2A51, 0x5D0C, 0x4B7E, {0x9A, 0x41, 0x2C, 0x6E, 0x10, 0xB8, 0xD3, 0x77}};

Face* Face::of(um::IUnknown* object) {
    void* face = nullptr;
    if (object == nullptr || FAILED(object->QueryInterface(face_id, &face))) return nullptr;
    return static_cast<Face*>(face);
}

ULONG Face::add_reference() {
    WdfObjectReference(handle_);
    return static_cast<ULONG>(InterlockedIncrement(&references_));
}

ULONG Face::drop_reference() {
    const LONG left = InterlockedDecrement(&references_);
    if (left < 0) {
        InterlockedIncrement(&references_);
        GxReportFinding("umdf-101", nullptr, "Release of an %s without a reference of the driver",
                        name_);
        return 0;
    }
    WdfObjectDereference(handle_);  // this object may be gone now
    return static_cast<ULONG>(left);
}

HRESULT Face::assign_context(um::IObjectCleanup* cleanup, void* context) {
    if (gone_) return HRESULT_FROM_WIN32(ERROR_INVALID_STATE);
    if (has_context_) return HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS);
    has_context_ = true;
    context_ = context;
    context_cleanup_.keep(cleanup);
    return S_OK;
}

HRESULT Face::retrieve_context(void** context) const {
    if (context == nullptr) return E_POINTER;
    *context = context_;
    return has_context_ ? S_OK : HRESULT_FROM_WIN32(ERROR_NOT_FOUND);
}

void Face::clean_up() {
    gone_ = true;
    if (context_cleanup_) context_cleanup_->OnCleanup(self_);
    if (cleanup_) cleanup_->OnCleanup(self_);
    context_cleanup_.drop();
    cleanup_.drop();
}

}  // namespace wudfx
