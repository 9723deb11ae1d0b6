#include "framework/object.h"

#include "ext/gx_export.h"

#include <new>
#include <vector>

#include "framework/attributes.h"
#include "framework/callback_lock.h"
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/pool_tag.h"
#include "framework/request.h"
#include "kernel/system.h"

namespace gpioclx::framework {
namespace {

constexpr ULONG pool_tag = make_tag("WObj");

// handle, parent, execution level, synchronization scope, deletable, passive cleanup
constexpr TypeRules type_rules[] = {
    {"WDFOBJECT", true, true, true, true, false},
    {"WDFDRIVER", false, true, true, false, true},
    {"WDFDEVICE", false, true, true, false, true},
    {"WDFQUEUE", true, true, true, true, true},
    {"WDFREQUEST", true, false, false, true, false},
    {"WDFFILEOBJECT", false, true, true, false, true},
    {"WDFMEMORY", true, false, false, true, false},
    {"WDFLOOKASIDE", true, false, false, true, false},
    {"WDFIOTARGET", true, false, false, true, true},
    {"WDFINTERRUPT", true, false, false, true, true},
    {"WDFDPC", true, false, false, true, true},
    {"WDFTIMER", true, true, false, true, true},
    {"WDFWORKITEM", true, false, false, true, true},
    {"WDFSPINLOCK", true, false, false, true, false},
    {"WDFWAITLOCK", true, false, false, true, false},
    {"WDFCMRESLIST", false, false, false, false, false},
    {"WDFIORESLIST", false, false, false, true, false},
    {"WDFIORESREQLIST", false, false, false, false, false},
    {"WDFKEY", true, false, false, true, true},
    {"WDFSTRING", true, false, false, true, true},
    {"WDFCOLLECTION", true, false, false, true, false},
    {"WDFCHILDLIST", false, false, false, false, true},
    {"WDFWMIPROVIDER", false, false, false, true, false},
    {"WDFWMIINSTANCE", false, false, false, true, false},
};
static_assert(std::size(type_rules) == static_cast<std::size_t>(ObjectType::type_count));

}  // namespace

const TypeRules& rules_of(ObjectType type) { return type_rules[static_cast<std::size_t>(type)]; }

void* Object::operator new(std::size_t size) noexcept {
    return ExAllocatePool2(POOL_FLAG_NON_PAGED, size, pool_tag);  // zeroed
}

void Object::operator delete(void* memory) noexcept { ExFreePoolWithTag(memory, pool_tag); }

void bad_handle(const void* handle, ObjectType wanted, const char* function) {
    const char* wanted_name =
        wanted == ObjectType::type_count ? "framework object" : rules_of(wanted).handle_name;
    if (is_object(handle)) {
        violation("lifetime-202", nullptr, WDF_INVALID_HANDLE, reinterpret_cast<ULONG_PTR>(handle),
                  0, "%s was given a %s where a %s belongs", function,
                  rules_of(static_cast<const Object*>(handle)->type()).handle_name, wanted_name);
    }
    const auto* dead = static_cast<const Object*>(handle);
    if (machine::Arena::contains(handle) && (reinterpret_cast<std::uintptr_t>(handle) & 15) == 0 &&
        dead->signature_ == Object::dead_signature && dead->type_ == ObjectType::request) {
        violation("lifetime-205", nullptr, WDF_INVALID_HANDLE, reinterpret_cast<ULONG_PTR>(handle),
                  0, "%s was given a WDFREQUEST that has been completed already", function);
    }
    violation("lifetime-201", nullptr, WDF_INVALID_HANDLE, reinterpret_cast<ULONG_PTR>(handle), 0,
              "%s was given a handle that is no live %s%s", function, wanted_name,
              handle == nullptr ? " (it is NULL)" : "");
}

Device* Object::device() { return parent_ != nullptr ? parent_->device() : nullptr; }

void Object::revive() {
    signature_ = live_signature;
    state_ = State::alive;
    references_ = 1;
}

void Object::set_parent(Object* parent) {
    if (parent == nullptr) return;
    parent_ = parent;
    next_sibling_ = parent->first_child_;
    if (next_sibling_ != nullptr) next_sibling_->previous_sibling_ = this;
    parent->first_child_ = this;
}

void Object::detach() {
    if (parent_ == nullptr) return;
    if (previous_sibling_ != nullptr) {
        previous_sibling_->next_sibling_ = next_sibling_;
    } else {
        parent_->first_child_ = next_sibling_;
    }
    if (next_sibling_ != nullptr) next_sibling_->previous_sibling_ = previous_sibling_;
    parent_ = next_sibling_ = previous_sibling_ = nullptr;
}

namespace {

// Deleted, and kept by references.
struct Kept {
    std::vector<Object*> objects;
};

}  // namespace

void report_kept_of(const Driver* driver, const char* driver_name) {
    for (Object* object : kernel::part<Kept>().objects) {
        if (object->driver() != driver) continue;
        report("lifetime-241", nullptr,
               "the driver '%s' was unloaded and holds %u reference%s to a %s that was deleted",
               driver_name, static_cast<unsigned>(object->references()),
               object->references() == 1 ? "" : "s", rules_of(object->type()).handle_name);
    }
}

void Object::release() {
    if (--references_ != 0) return;
    std::erase(kernel::part<Kept>().objects, this);
    run_destroy_callbacks();
    free_contexts();
    signature_ = dead_signature;
    last_release();
}

bool Object::needs_passive() const {
    if (rules_of(type_).passive_cleanup) return true;
    for (const Object* child = first_child_; child != nullptr; child = child->next_sibling_) {
        if (child->state_ == State::alive && child->needs_passive()) return true;
    }
    return false;
}

void Object::delete_object() {
    if (state_ != State::alive) return;
    if (KeGetCurrentIrql() > PASSIVE_LEVEL && needs_passive()) {
        state_ = State::disposing;
        ExInitializeWorkItem(&dispose_item_, &Object::dispose_worker, this);
        ExQueueWorkItem(&dispose_item_, DelayedWorkQueue);
        return;
    }
    dispose_and_release();
}

void NTAPI Object::dispose_worker(PVOID object) {
    static_cast<Object*>(object)->dispose_and_release();
}

void Object::dispose_and_release() {
    dispose();
    detach();
    if (references_ > 1) {
        machine::ArenaScope inside;
        kernel::part<Kept>().objects.push_back(this);
    }
    release();
}

// Children first; each goes through both halves before the parent's cleanup, so that a child's
// callbacks can still use the parent. New children cannot appear: creation refuses a dying parent.
void Object::dispose() {
    state_ = State::disposing;
    stop();
    while (first_child_ != nullptr) {
        Object* child = first_child_;
        if (child->state_ == State::alive) {
            child->dispose_and_release();
        } else {
            child->detach();  // its own deletion is under way
        }
    }
    run_cleanup_callbacks();
    state_ = State::disposed;
    cleaned();
}

void Object::run_cleanup_callbacks() {
    for (Context* c = contexts_; c != nullptr; c = c->next) {
        if (c->cleanup != nullptr) c->cleanup(handle());
    }
}

void Object::run_destroy_callbacks() {
    for (Context* c = contexts_; c != nullptr; c = c->next) {
        if (c->destroy != nullptr) c->destroy(handle());
    }
}

bool Object::add_context(const WDF_OBJECT_ATTRIBUTES* attributes) {
    if (attributes == nullptr) return true;
    if (attributes->ContextTypeInfo == nullptr && attributes->EvtCleanupCallback == nullptr &&
        attributes->EvtDestroyCallback == nullptr) {
        return true;
    }
    Context* context = Context::allocate(*this, *attributes);
    if (context == nullptr) return false;
    Context** link = &contexts_;
    while (*link != nullptr) link = &(*link)->next;
    *link = context;
    return true;
}

void Object::free_contexts() {
    while (contexts_ != nullptr) {
        Context* context = contexts_;
        contexts_ = context->next;
        if (!context->intact()) {
            report("lifetime-206", nullptr,
                   "bytes behind the %zu bytes of context %s of a %s were overwritten",
                   context->size, context->type != nullptr ? context->type->ContextName : "(none)",
                   rules_of(type_).handle_name);
        }
        Context::free(context);
    }
}

// A driver may not delete what the framework owns: bug check, as documented.
static void check_deletable(Object& object) {
    bool deletable = rules_of(object.type()).deletable;
    if (object.type() == ObjectType::device) deletable = static_cast<Device&>(object).is_control();
    if (!deletable) {
        violation("lifetime-207", object.device(), WDF_OBJECT_ERROR,
                  reinterpret_cast<ULONG_PTR>(&object), 0,
                  "WdfObjectDelete was called for a %s; the framework deletes it",
                  rules_of(object.type()).handle_name);
    }
    if (object.deleting()) {
        violation("lifetime-203", object.device(), WDF_OBJECT_ERROR,
                  reinterpret_cast<ULONG_PTR>(&object), 0, "a %s was deleted twice",
                  rules_of(object.type()).handle_name);
    }
    if (object.type() == ObjectType::request && static_cast<Request&>(object).is_sent()) {
        report("lifetime-238", object.device(),
               "WdfObjectDelete of a request that was sent to a target and is not back");
    }
}

class GeneralObject final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::general;
    explicit GeneralObject(Driver* driver) : Object(object_type, driver) {}
};

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo) {
    Object& object = object_from(Handle, "WdfObjectGetTypedContext");
    const PCWDF_OBJECT_CONTEXT_TYPE_INFO type =
        TypeInfo->UniqueType != nullptr ? TypeInfo->UniqueType : TypeInfo;
    Context* context = object.find_context(type);
    return context != nullptr ? context->bytes() : nullptr;
}
GX_EXPORT_FUNCTION(WdfObjectGetTypedContextWorker);

NTSTATUS WdfObjectAllocateContext(WDFOBJECT Handle, PWDF_OBJECT_ATTRIBUTES ContextAttributes,
                                  PVOID* Context) {
    enter();
    Object& object = object_from(Handle, "WdfObjectAllocateContext");
    require(ContextAttributes, "WdfObjectAllocateContext", "ContextAttributes");
    if (ContextAttributes->ParentObject != nullptr) return STATUS_WDF_PARENT_ALREADY_ASSIGNED;
    const NTSTATUS status = check_attributes(ContextAttributes, ObjectType::general);
    if (!NT_SUCCESS(status)) return status;
    if (ContextAttributes->ContextTypeInfo == nullptr) return STATUS_OBJECT_NAME_INVALID;
    if (object.deleting()) return STATUS_DELETE_PENDING;
    if (auto* existing = object.find_context(ContextAttributes->ContextTypeInfo)) {
        if (Context != nullptr) *Context = existing->bytes();
        return STATUS_OBJECT_NAME_EXISTS;
    }
    if (!object.add_context(ContextAttributes)) return STATUS_INSUFFICIENT_RESOURCES;
    if (Context != nullptr)
        *Context = object.find_context(ContextAttributes->ContextTypeInfo)->bytes();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfObjectAllocateContext);

WDFOBJECT WdfObjectContextGetObject(PVOID ContextPointer) {
    auto* context = gpioclx::framework::Context::from_bytes(ContextPointer);
    if (context == nullptr)
        bad_handle(ContextPointer, ObjectType::type_count, "WdfObjectContextGetObject");
    return context->object->handle();
}
GX_EXPORT_FUNCTION(WdfObjectContextGetObject);

VOID WdfObjectReferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCCH File) {
    UNREFERENCED_PARAMETER(Tag);
    UNREFERENCED_PARAMETER(Line);
    UNREFERENCED_PARAMETER(File);
    enter();
    object_from(Handle, "WdfObjectReference").reference();
}
GX_EXPORT_FUNCTION(WdfObjectReferenceActual);

VOID WdfObjectDereferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCCH File) {
    UNREFERENCED_PARAMETER(Tag);
    enter();
    Object& object = object_from(Handle, "WdfObjectDereference");
    // The reference of creation belongs to the framework until the object is deleted.
    if (object.references() == 1 && !object.deleting()) {
        violation("lifetime-204", object.device(), WDF_OBJECT_ERROR,
                  reinterpret_cast<ULONG_PTR>(Handle), 0,
                  "WdfObjectDereference of a %s without a reference of the driver (%s:%d)",
                  rules_of(object.type()).handle_name, File != nullptr ? File : "?",
                  static_cast<int>(Line));
    }
    object.release();
}
GX_EXPORT_FUNCTION(WdfObjectDereferenceActual);

GX_ASKS_CALLER
NTSTATUS WdfObjectCreate(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT* Object) {
    enter();
    require(Object, "WdfObjectCreate", "Object");
    *Object = nullptr;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    NTSTATUS status = check_attributes(Attributes, ObjectType::general);
    gpioclx::framework::Object* parent = nullptr;
    if (NT_SUCCESS(status)) status = resolve_parent(Attributes, driver, "WdfObjectCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    auto* object = create_object<GeneralObject>(parent, Attributes, driver);
    if (object == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    *Object = object->handle();
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(WdfObjectCreate);

VOID WdfObjectDelete(WDFOBJECT Object) {
    enter();
    auto& object = object_from(Object, "WdfObjectDelete");
    check_deletable(object);
    object.delete_object();
}
GX_EXPORT_FUNCTION(WdfObjectDelete);

NTSTATUS WdfObjectQuery(WDFOBJECT Object, const GUID* Guid, ULONG QueryBufferLength,
                        PVOID QueryBuffer) {
    enter();
    object_from(Object, "WdfObjectQuery");
    UNREFERENCED_PARAMETER(Guid);
    UNREFERENCED_PARAMETER(QueryBufferLength);
    UNREFERENCED_PARAMETER(QueryBuffer);
    return STATUS_NOT_FOUND;  // the functions it hands out on Windows are not published
}
GX_EXPORT_FUNCTION(WdfObjectQuery);

VOID WdfObjectAcquireLock(WDFOBJECT Object) {
    enter();
    auto& object = object_from(Object, "WdfObjectAcquireLock");
    CallbackLock* lock = object.callback_lock();
    if (lock == nullptr) {
        violation("lock-204", object.device(), WDF_INVALID_LOCK_OPERATION,
                  reinterpret_cast<ULONG_PTR>(Object), 0,
                  "WdfObjectAcquireLock for a %s without a synchronization scope",
                  rules_of(object.type()).handle_name);
    }
    lock->acquire("WdfObjectAcquireLock");
}
GX_EXPORT_FUNCTION(WdfObjectAcquireLock);

VOID WdfObjectReleaseLock(WDFOBJECT Object) {
    enter();
    auto& object = object_from(Object, "WdfObjectReleaseLock");
    CallbackLock* lock = object.callback_lock();
    if (lock == nullptr || !lock->held_by_caller()) {
        violation("lock-202", object.device(), WDF_INVALID_LOCK_OPERATION,
                  reinterpret_cast<ULONG_PTR>(Object), 0,
                  "WdfObjectReleaseLock for a %s whose lock the caller does not hold",
                  rules_of(object.type()).handle_name);
    }
    lock->release();
}
GX_EXPORT_FUNCTION(WdfObjectReleaseLock);
