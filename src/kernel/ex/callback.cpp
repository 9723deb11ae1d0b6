// Callback objects: somebody notifies, everybody registered is called in order.
#include <wdm.h>

#include <algorithm>
#include <vector>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ldr/image_use.h"
#include "kernel/ob/object.h"
#include "kernel/rtl/text.h"
#include "machine/arena.h"

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
namespace ob = gpioclx::kernel::ob;
namespace rtl = gpioclx::kernel::rtl;

namespace {

struct Registration : gpioclx::machine::SeenByDrivers {
    struct _CALLBACK_OBJECT* callback = nullptr;
    PCALLBACK_FUNCTION function = nullptr;
    PVOID context = nullptr;
};

void delete_callback(void* body);
const ob::Type callback_type = {"Callback", &delete_callback, nullptr};

}  // namespace

struct _CALLBACK_OBJECT {
    bool allow_multiple;
    std::vector<Registration*>* registrations;
};

namespace {

void delete_callback(void* body) { delete static_cast<PCALLBACK_OBJECT>(body)->registrations; }

}  // namespace

NTSTATUS ExCreateCallback(PCALLBACK_OBJECT* CallbackObject, POBJECT_ATTRIBUTES ObjectAttributes,
                          BOOLEAN Create, BOOLEAN AllowMultipleCallbacks) {
    ke::charge();
    const std::string path = ObjectAttributes != nullptr && ObjectAttributes->ObjectName != nullptr
                                 ? rtl::to_utf8(*ObjectAttributes->ObjectName)
                                 : std::string();
    if (!path.empty()) {
        if (void* existing = ob::find_name(path)) {
            if (&ob::type_of(existing) != &callback_type) return STATUS_OBJECT_TYPE_MISMATCH;
            ob::reference(existing);
            *CallbackObject = static_cast<PCALLBACK_OBJECT>(existing);
            return STATUS_SUCCESS;
        }
    }
    if (!Create) return STATUS_OBJECT_NAME_NOT_FOUND;
    gpioclx::machine::ArenaScope inside;
    auto* callback =
        static_cast<PCALLBACK_OBJECT>(ob::create(callback_type, sizeof(_CALLBACK_OBJECT)));
    callback->allow_multiple = AllowMultipleCallbacks;
    callback->registrations = new std::vector<Registration*>;
    if (!path.empty()) ob::insert_name(path, callback);
    *CallbackObject = callback;
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(ExCreateCallback);

PVOID ExRegisterCallback(PCALLBACK_OBJECT CallbackObject, PCALLBACK_FUNCTION CallbackFunction,
                         PVOID CallbackContext) {
    ke::charge();
    if (!CallbackObject->allow_multiple && !CallbackObject->registrations->empty()) return nullptr;
    gpioclx::machine::ArenaScope inside;
    auto* registration = new Registration{{}, CallbackObject, CallbackFunction, CallbackContext};
    CallbackObject->registrations->push_back(registration);
    ob::reference(CallbackObject);
    gpioclx::kernel::ldr::note_registration(registration, "ExRegisterCallback",
                                            reinterpret_cast<const void*>(CallbackFunction));
    return registration;
}
GX_EXPORT_FUNCTION(ExRegisterCallback);

VOID ExUnregisterCallback(PVOID CallbackRegistration) {
    ke::charge();
    auto* registration = static_cast<Registration*>(CallbackRegistration);
    PCALLBACK_OBJECT callback = registration->callback;
    auto& all = *callback->registrations;
    all.erase(std::remove(all.begin(), all.end(), registration), all.end());
    gpioclx::kernel::ldr::forget_registration(registration);
    delete registration;
    ob::dereference(callback);
}
GX_EXPORT_FUNCTION(ExUnregisterCallback);

VOID ExNotifyCallback(PVOID CallbackObject, PVOID Argument1, PVOID Argument2) {
    ke::charge();
    auto* callback = static_cast<PCALLBACK_OBJECT>(CallbackObject);
    ob::reference(callback);
    // By index: a routine may register and unregister.
    for (std::size_t i = 0; i < callback->registrations->size(); ++i) {
        Registration* registration = (*callback->registrations)[i];
        registration->function(registration->context, Argument1, Argument2);
        if (i < callback->registrations->size() && (*callback->registrations)[i] != registration)
            --i;
    }
    ob::dereference(callback);
}
GX_EXPORT_FUNCTION(ExNotifyCallback);
