// Objects with reference counts, handles and names: threads, files, devices, drivers, callbacks.
// The body is what drivers hold a pointer to; the kernel's header stands before it.
#pragma once

#include <wdm.h>

#include <cstddef>
#include <string_view>

// Constant description of a kind of objects; what a driver's POBJECT_TYPE points to.
struct _OBJECT_TYPE {
    const char* Name;
    void (*Delete)(void* body);     // last reference gone; may be null
    void (*CloseLast)(void* body);  // last handle closed; may be null
};

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::ob {

using Type = struct _OBJECT_TYPE;

// A zeroed body of `size` bytes with one reference. Arena memory, 16-byte aligned.
void* create(const Type& type, std::size_t size);

// `body` must be an object (else bug check REFERENCE_BY_POINTER).
void reference(void* body);
// The last one deletes the object and returns true.
bool dereference(void* body);
const Type& type_of(void* body);
bool is_object(const void* body);
LONG_PTR references(void* body);

// A handle holds a reference of its own.
HANDLE open_handle(void* body);
// nullptr if the handle is not open or of another type (`type` null: any). No reference is added.
void* body_of(HANDLE handle, const Type* type);
NTSTATUS close_handle(HANDLE handle);
// Handles that the driver opened and did not close.
void report_handles_of(const ldr::Image& image);

// The name space: full paths such as "\\Callback\\PowerState", compared without case. A name holds
// no reference and goes with the object.
bool insert_name(std::string_view path, void* body);  // false: taken
void* find_name(std::string_view path);
void remove_name(std::string_view path);
std::string_view name_of(void* body);

}  // namespace gpioclx::kernel::ob
