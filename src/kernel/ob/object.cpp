#include "kernel/ob/object.h"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <new>
#include <string>
#include <vector>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"

namespace gpioclx::kernel::ob {
namespace {

constexpr ULONG live_magic = 0x6A626F4C;
constexpr ULONG dead_magic = 0x6A626F44;

struct alignas(16) Header {
    ULONG magic = live_magic;
    LONG handles = 0;
    LONG_PTR references = 1;
    const Type* type = nullptr;
    std::string* path = nullptr;
    std::size_t size = 0;
};

struct Handle {
    void* body = nullptr;
    const void* opener = nullptr;  // the driver's call; null: no driver
};

struct Objects {
    std::vector<Handle> handles;  // HANDLE = (index + 1) * 4
    std::map<std::string, void*, std::less<>> names;
};

Header& header_of(void* body) { return static_cast<Header*>(body)[-1]; }

Header& checked_header(void* body, const char* operation) {
    if (body != nullptr && reinterpret_cast<std::uintptr_t>(body) % 16 == 0) {
        Header& header = header_of(body);
        if (header.magic == live_magic) [[likely]]
            return header;
        if (header.magic == dead_magic) {
            ke::bug_check(
                ke::bug_code::reference_by_pointer, 0, reinterpret_cast<ULONG_PTR>(body), 0, 0,
                fmt::format("{}: the {} object is already deleted", operation, header.type->Name),
                dbg::id::object_reference);
        }
    }
    ke::bug_check(ke::bug_code::reference_by_pointer, 0, reinterpret_cast<ULONG_PTR>(body), 0, 0,
                  fmt::format("{}: the pointer is not one to an object", operation),
                  dbg::id::object_reference);
}

std::string folded(std::string_view path) {
    std::string result(path);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

}  // namespace

void* create(const Type& type, std::size_t size) {
    machine::ArenaScope inside;
    void* memory = machine::Arena::instance().allocate(sizeof(Header) + size);
    std::memset(memory, 0, sizeof(Header) + size);
    Header* header = new (memory) Header;
    header->type = &type;
    header->size = size;
    return header + 1;
}

void reference(void* body) { ++checked_header(body, "ObReferenceObject").references; }

bool dereference(void* body) {
    Header& header = checked_header(body, "ObDereferenceObject");
    if (--header.references > 0) return false;
    if (header.type->Delete != nullptr) header.type->Delete(body);
    if (header.path != nullptr) {
        part<Objects>().names.erase(folded(*header.path));
        delete header.path;
    }
    ke::forget_names_in(body, header.size);
    header.magic = dead_magic;
    machine::Arena::instance().free(&header);
    return true;
}

const Type& type_of(void* body) { return *checked_header(body, "object").type; }

bool is_object(const void* body) {
    return machine::Arena::contains(body) && reinterpret_cast<std::uintptr_t>(body) % 16 == 0 &&
           static_cast<const Header*>(body)[-1].magic == live_magic;
}

LONG_PTR references(void* body) { return checked_header(body, "object").references; }

HANDLE open_handle(void* body) {
    machine::ArenaScope inside;
    Header& header = checked_header(body, "handle");
    ++header.handles;
    ++header.references;
    std::vector<Handle>& handles = part<Objects>().handles;
    std::size_t index = 0;
    while (index < handles.size() && handles[index].body != nullptr) ++index;
    if (index == handles.size()) handles.emplace_back();
    handles[index] = {body, dbg::driver_call()};
    return reinterpret_cast<HANDLE>((index + 1) * 4);
}

void* body_of(HANDLE handle, const Type* type) {
    const auto value = reinterpret_cast<std::uintptr_t>(handle);
    const std::vector<Handle>& handles = part<Objects>().handles;
    if (value == 0 || value % 4 != 0 || value / 4 > handles.size()) return nullptr;
    void* body = handles[value / 4 - 1].body;
    if (body == nullptr || (type != nullptr && header_of(body).type != type)) return nullptr;
    return body;
}

void report_handles_of(const ldr::Image& image) {
    for (const Handle& handle : part<Objects>().handles) {
        if (handle.body == nullptr || !image.contains(handle.opener)) continue;
        dbg::report_finding(
            dbg::id::handle_leak,
            fmt::format("the driver '{}' was unloaded and did not close a handle to an object of "
                        "type {}, opened in {}",
                        image.name(), header_of(handle.body).type->Name,
                        dbg::function_name(handle.opener)));
    }
}

NTSTATUS close_handle(HANDLE handle) {
    void* body = body_of(handle, nullptr);
    if (body == nullptr) return STATUS_INVALID_HANDLE;
    part<Objects>().handles[reinterpret_cast<std::uintptr_t>(handle) / 4 - 1].body = nullptr;
    Header& header = header_of(body);
    if (--header.handles == 0 && header.type->CloseLast != nullptr) header.type->CloseLast(body);
    dereference(body);
    return STATUS_SUCCESS;
}

bool insert_name(std::string_view path, void* body) {
    machine::ArenaScope inside;
    if (!part<Objects>().names.emplace(folded(path), body).second) return false;
    Header& header = checked_header(body, "name");
    if (header.path == nullptr) header.path = new std::string(path);
    return true;
}

void* find_name(std::string_view path) {
    const auto& names = part<Objects>().names;
    const auto found = names.find(folded(path));
    return found != names.end() ? found->second : nullptr;
}

void remove_name(std::string_view path) {
    auto& names = part<Objects>().names;
    const auto found = names.find(folded(path));
    if (found == names.end()) return;
    Header& header = header_of(found->second);
    if (header.path != nullptr && folded(*header.path) == found->first) {
        delete header.path;
        header.path = nullptr;
    }
    names.erase(found);
}

std::string_view name_of(void* body) {
    const Header& header = checked_header(body, "name");
    return header.path != nullptr ? std::string_view(*header.path) : std::string_view();
}

}  // namespace gpioclx::kernel::ob

namespace ke = gpioclx::kernel::ke;
namespace ob = gpioclx::kernel::ob;

#undef ObReferenceObject
#undef ObDereferenceObject
LONG_PTR ObReferenceObject(PVOID Object) {
    ke::charge();
    ob::reference(Object);
    return ob::references(Object);
}
GX_EXPORT_FUNCTION(ObReferenceObject);
extern "C" LONG_PTR ObfReferenceObject(PVOID Object) { return ObReferenceObject(Object); }
GX_EXPORT_FUNCTION(ObfReferenceObject);

LONG_PTR ObDereferenceObject(PVOID Object) {
    ke::charge();
    const LONG_PTR before = ob::references(Object);
    ob::dereference(Object);
    return before - 1;
}
GX_EXPORT_FUNCTION(ObDereferenceObject);
extern "C" LONG_PTR ObfDereferenceObject(PVOID Object) { return ObDereferenceObject(Object); }
GX_EXPORT_FUNCTION(ObfDereferenceObject);

VOID ObDereferenceObjectDeferDelete(PVOID Object) { ObDereferenceObject(Object); }
GX_EXPORT_FUNCTION(ObDereferenceObjectDeferDelete);
