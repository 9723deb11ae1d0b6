// What all objects that a driver sees have in common.
//
// Each is the face of one object of the framework and lives in a context of it. So it is there
// exactly as long as that object: parents delete it, references keep its memory, and what the
// framework says about leaked or unknown handles it says about interfaces too. AddRef and Release
// are references of the driver to the framework's object; a Release without one is a finding.
//
// All methods at PASSIVE_LEVEL.
#pragma once

#include "wudfx/reference.h"

namespace wudfx {

class Face {
  public:
    WDFOBJECT handle() const { return handle_; }
    // The object is about to be deleted: tells the driver.
    void clean_up();
    // Who is told then, besides the owner of a context. May be null.
    void watch(um::IUnknown* callbacks) { cleanup_.ask(callbacks, um::IID_IObjectCleanup); }

    // What a driver handed over as some IWDF interface; null for null and for what is none of ours.
    static Face* of(um::IUnknown* object);

  protected:
    Face(WDFOBJECT handle, um::IWDFObject* self, const char* name)
        : handle_(handle), self_(self), name_(name) {}
    ~Face() = default;
    Face(const Face&) = delete;
    Face& operator=(const Face&) = delete;

    ULONG add_reference();
    ULONG drop_reference();
    HRESULT assign_context(um::IObjectCleanup* cleanup, void* context);
    HRESULT retrieve_context(void** context) const;

    static const IID face_id;  // asked for by of(): no reference is added

  private:
    WDFOBJECT handle_;
    um::IWDFObject* self_;
    const char* name_;  // "IWDFDevice", for findings
    volatile LONG references_ = 0;
    bool gone_ = false;
    bool has_context_ = false;
    void* context_ = nullptr;
    Reference<um::IObjectCleanup> cleanup_;
    Reference<um::IObjectCleanup> context_cleanup_;
};

// Implements IUnknown and IWDFObject for an interface that is derived from them.
template <class Interface>
class ObjectFace : public Interface, public Face {
  public:
    ObjectFace(WDFOBJECT handle, const char* name) : Face(handle, this, name) {}

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) override {
        if (object == nullptr) return E_POINTER;
        if (IsEqualIID(id, face_id)) {
            *object = static_cast<Face*>(this);
            return S_OK;
        }
        const bool base = IsEqualIID(id, um::IID_IUnknown) || IsEqualIID(id, um::IID_IWDFObject);
        *object = base ? this : find_interface(id);
        if (*object == nullptr) return E_NOINTERFACE;
        add_reference();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return add_reference(); }
    ULONG STDMETHODCALLTYPE Release() override { return drop_reference(); }

    HRESULT STDMETHODCALLTYPE DeleteWdfObject() override {
        WdfObjectDelete(handle());
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE AssignContext(um::IObjectCleanup* cleanup, void* context) override {
        return assign_context(cleanup, context);
    }
    HRESULT STDMETHODCALLTYPE RetrieveContext(void** context) override {
        return retrieve_context(context);
    }
    // Only devices and queues have a lock to take.
    void STDMETHODCALLTYPE AcquireLock() override {}
    void STDMETHODCALLTYPE ReleaseLock() override {}

  protected:
    // Other interfaces than IUnknown and IWDFObject; null if there is none.
    virtual void* find_interface(REFIID id) = 0;
};

// The context in which a T lives.
template <class T>
inline const WDF_OBJECT_CONTEXT_TYPE_INFO place_of = {
    sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO), T::type_name, sizeof(T), &place_of<T>, nullptr};

struct Placement {
    void* memory;
};

// The T of an object, or null if the object is none or has not been given a face yet.
template <class T>
T* face_of(WDFOBJECT handle) {
    if (handle == nullptr) return nullptr;
    void* memory = WdfObjectGetTypedContextWorker(handle, &place_of<T>);
    // Contexts start as zeros; the first word of a T is never zero.
    const bool built = memory != nullptr && *static_cast<void**>(memory) != nullptr;
    return built ? static_cast<T*>(memory) : nullptr;
}

// The T that a driver handed over; null for null, for another type and for what is none of ours.
template <class T>
T* behind(um::IUnknown* object) {
    Face* face = Face::of(object);
    return face != nullptr ? face_of<T>(face->handle()) : nullptr;
}

// Attributes for an object that shall have a T.
template <class T>
WDF_OBJECT_ATTRIBUTES attributes_for(WDFOBJECT parent = nullptr) {
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = parent;
    attributes.ContextTypeInfo = &place_of<T>;
    attributes.EvtCleanupCallback = [](WDFOBJECT handle) {
        if (T* face = face_of<T>(handle)) face->clean_up();
    };
    attributes.EvtDestroyCallback = [](WDFOBJECT handle) {
        if (T* face = face_of<T>(handle)) face->~T();
    };
    return attributes;
}

}  // namespace wudfx

inline void* operator new(size_t, wudfx::Placement place) noexcept { return place.memory; }

namespace wudfx {

// Gives an object that was made with attributes_for<T>() its T.
template <class T, class Handle, class... Arguments>
T* build_face(Handle handle, Arguments&&... arguments) {
    return new (Placement{WdfObjectGetTypedContextWorker(handle, &place_of<T>)})
        T(handle, static_cast<Arguments&&>(arguments)...);
}

// The T of an object that the framework made without one: gives it one at first sight. Null if
// memory is short.
template <class T, class Handle, class... Arguments>
T* face_at_sight(Handle handle, Arguments&&... arguments) {
    if (handle == nullptr) return nullptr;
    if (T* face = face_of<T>(handle)) return face;
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<T>();
    void* memory = nullptr;
    const NTSTATUS status = WdfObjectAllocateContext(handle, &attributes, &memory);
    if (!NT_SUCCESS(status) && status != STATUS_OBJECT_NAME_EXISTS) return nullptr;
    return new (Placement{memory}) T(handle, static_cast<Arguments&&>(arguments)...);
}

// An optional output of a method.
template <class T>
void put(T* place, T value) {
    if (place != nullptr) *place = value;
}

// Hands out an interface: the driver has a reference to it. `face` may be null.
template <class T, class Interface>
void hand_out(T* face, Interface** place) {
    if (face != nullptr) face->AddRef();
    *place = face;
}

}  // namespace wudfx
