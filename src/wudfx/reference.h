// A counted reference to an interface that the driver implements.
#pragma once

#include "wudfx/worlds.h"

namespace wudfx {

template <class Interface>
class Reference {
  public:
    Reference() = default;
    ~Reference() { drop(); }
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;

    // Asks `object` (may be null) for the interface; empty if it has none.
    void ask(um::IUnknown* object, const IID& interface_id) {
        drop();
        void* found = nullptr;
        if (object == nullptr || FAILED(object->QueryInterface(interface_id, &found))) return;
        pointer_ = static_cast<Interface*>(found);
    }
    // A reference of its own to what the driver handed over; may be null.
    void keep(Interface* pointer) {
        if (pointer != nullptr) pointer->AddRef();
        drop();
        pointer_ = pointer;
    }
    void drop() {
        Interface* old = pointer_;
        pointer_ = nullptr;
        if (old != nullptr) old->Release();
    }
    // Empties this one; the caller has the reference now.
    Interface* detach() {
        Interface* old = pointer_;
        pointer_ = nullptr;
        return old;
    }

    explicit operator bool() const { return pointer_ != nullptr; }
    Interface* operator->() const { return pointer_; }
    Interface* get() const { return pointer_; }

  private:
    Interface* pointer_ = nullptr;
};

}  // namespace wudfx
