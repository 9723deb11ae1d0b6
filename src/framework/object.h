// What all framework objects share: type, references, a place in the tree of parents, contexts,
// deletion. A handle is the address of its object; every use is checked.
//
// Deletion has two halves. Dispose, children before parents: the object stops what it does
// (stop()) and its EvtCleanupCallbacks run, at PASSIVE_LEVEL for types that may have to wait.
// Destroy, when the last reference is gone: EvtDestroyCallbacks, then the memory. Until then the
// handle stays valid.
#pragma once

#include <wdf.h>

#include <cstdint>

#include "framework/call.h"
#include "framework/context.h"
#include "machine/arena.h"

namespace gpioclx::framework {

class Driver;
class CallbackLock;

enum class ObjectType : std::uint8_t {
    general,
    driver,
    device,
    queue,
    request,
    file_object,
    memory,
    lookaside,
    io_target,
    interrupt,
    dpc,
    timer,
    work_item,
    spin_lock,
    wait_lock,
    cm_resource_list,
    io_resource_list,
    io_resource_requirements_list,
    key,
    string,
    collection,
    child_list,
    wmi_provider,
    wmi_instance,
    type_count
};

// What Windows documents about a type ("Summary of Framework Objects").
[[noreturn]] void bad_handle(const void* handle, ObjectType wanted, const char* function);

struct TypeRules {
    const char* handle_name;       // "WDFDEVICE"
    bool parent_allowed;           // the driver may name a parent
    bool execution_level_allowed;  // ExecutionLevel other than inherit
    bool synchronization_allowed;  // SynchronizationScope other than inherit
    bool deletable;                // WdfObjectDelete is allowed
    bool passive_cleanup;          // dispose may wait
};
const TypeRules& rules_of(ObjectType type);

class Object {
  public:
    Object(ObjectType type, Driver* driver) : type_(type), driver_(driver) {}
    virtual ~Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    // Objects live in non-paged pool of the machine.
    static void* operator new(std::size_t size) noexcept;
    static void operator delete(void* memory) noexcept;

    ObjectType type() const { return type_; }
    WDFOBJECT handle() { return this; }
    Driver* driver() const { return driver_; }
    Object* parent() const { return parent_; }
    Object* first_child() const { return first_child_; }
    Object* next_sibling() const { return next_sibling_; }
    bool deleting() const { return state_ != State::alive; }
    bool is_live() const { return signature_ == live_signature; }

    void reference() { ++references_; }
    void release();
    ULONG references() const { return references_; }

    void set_parent(Object* parent);
    // Disposes of the object and its children and drops the reference of creation. Above
    // PASSIVE_LEVEL what may wait is left to a system thread.
    void delete_object();
    bool in_delete_object() const { return state_ == State::disposing; }

    // Adds contexts and callbacks of (validated) attributes. False if memory is short.
    bool add_context(const WDF_OBJECT_ATTRIBUTES* attributes);
    Context* find_context(PCWDF_OBJECT_CONTEXT_TYPE_INFO type) const {
        for (Context* c = contexts_; c != nullptr; c = c->next) {
            if (c->type == type) return c;
        }
        return nullptr;
    }
    // Frees contexts, cached objects only: the object starts a new life in another request.
    void drop_contexts() { free_contexts(); }
    void run_cleanup_callbacks();
    void run_destroy_callbacks();

    // The device to which the object belongs, by itself or through its parents; may be null.
    virtual Device* device();
    // The lock that serializes callbacks of this object, or null.
    virtual CallbackLock* callback_lock() { return nullptr; }
    // Effective execution level (passive or dispatch).
    virtual bool passive_execution() { return parent_ != nullptr && parent_->passive_execution(); }

  protected:
    // Ends what the object does on its own: waits for callbacks that run, closes files. At
    // PASSIVE_LEVEL if the type's rules say so. Before the cleanup callbacks.
    virtual void stop() {}
    // After the cleanup callbacks, before references may go.
    virtual void cleaned() {}
    // The last reference is gone; `delete this` unless the object is kept for another life.
    virtual void last_release() { delete this; }
    // A kept object starts its next life; its handle is valid again.
    void revive();

  private:
    enum class State : std::uint8_t { alive, disposing, disposed };
    static constexpr std::uint32_t live_signature = 0x4F464457;
    static constexpr std::uint32_t dead_signature = 0xDEADF00D;

    bool needs_passive() const;
    void dispose();
    void dispose_and_release();
    void detach();
    void free_contexts();
    static void NTAPI dispose_worker(PVOID object);

    std::uint32_t signature_ = live_signature;
    ObjectType type_;
    State state_ = State::alive;
    ULONG references_ = 1;
    Driver* driver_;
    Object* parent_ = nullptr;
    Object* first_child_ = nullptr;
    Object* next_sibling_ = nullptr;
    Object* previous_sibling_ = nullptr;
    Context* contexts_ = nullptr;
    WORK_QUEUE_ITEM dispose_item_{};

    friend bool is_object(const void* handle);
    friend void bad_handle(const void* handle, ObjectType wanted, const char* function);
};

inline bool is_object(const void* handle) {
    return machine::Arena::contains(handle) &&
           (reinterpret_cast<std::uintptr_t>(handle) & 15) == 0 &&
           static_cast<const Object*>(handle)->signature_ == Object::live_signature;
}

// Any object.
inline Object& object_from(const void* handle, const char* function) {
    if (!is_object(handle)) bad_handle(handle, ObjectType::type_count, function);
    return *static_cast<Object*>(const_cast<void*>(handle));
}

// An object of type T (T::object_type); a wrong handle is a finding and a bug check.
template <typename T>
T& from_handle(const void* handle, const char* function) {
    if (!is_object(handle) || static_cast<const Object*>(handle)->type() != T::object_type) {
        bad_handle(handle, T::object_type, function);
    }
    return *static_cast<T*>(static_cast<Object*>(const_cast<void*>(handle)));
}

// Creates a T(driver, arguments...) with the attributes' contexts below `parent`. Null if memory
// is short; then nothing remains.
template <typename T, typename... Arguments>
T* create_object(Object* parent, const WDF_OBJECT_ATTRIBUTES* attributes,
                 Arguments&&... arguments) {
    T* object = new T(static_cast<Arguments&&>(arguments)...);
    if (object == nullptr) return nullptr;
    if (!object->add_context(attributes)) {
        object->drop_contexts();
        object->Object::release();
        return nullptr;
    }
    object->set_parent(parent);
    return object;
}

// Objects of a driver that goes away: deleted, and kept by references that it did not give back.
void report_kept_of(const Driver* driver, const char* driver_name);

}  // namespace gpioclx::framework
