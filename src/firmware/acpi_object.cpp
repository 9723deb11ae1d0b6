#include "firmware/acpi_object.h"

namespace gpioclx::firmware {

std::string namespace_path(acpi_handle handle) {
    acpi_buffer name{.length = ACPI_ALLOCATE_BUFFER, .pointer = nullptr};
    if (ACPI_FAILURE(acpi_get_name(handle, ACPI_FULL_PATHNAME_NO_TRAILING, &name))) return "?";
    std::string path = static_cast<const char*>(name.pointer);
    acpi_os_free(name.pointer);
    return path;
}

Value from_acpi(const acpi_object& object) {
    switch (object.type) {
        case ACPI_TYPE_INTEGER: return Value{std::uint64_t{object.integer.value}};
        case ACPI_TYPE_STRING:
            return Value{std::string(object.string.pointer, object.string.length)};
        case ACPI_TYPE_BUFFER:
            return Value{
                Buffer(object.buffer.pointer, object.buffer.pointer + object.buffer.length)};
        case ACPI_TYPE_PACKAGE: {
            Package package;
            for (u32 i = 0; i < object.package.count; ++i) {
                package.push_back(from_acpi(object.package.elements[i]));
            }
            return Value{std::move(package)};
        }
        case ACPI_TYPE_LOCAL_REFERENCE:
            if (object.reference.handle == nullptr) return Value{};
            return Value{Reference{namespace_path(object.reference.handle)}};
        default: return Value{};
    }
}

ArgumentList::ArgumentList(const std::vector<Value>& values) : values_(values) {
    for (const Value& value : values_) objects_.push_back(convert(value));
    list_.count = static_cast<u32>(objects_.size());
    list_.pointer = objects_.data();
}

// ACPICA copies arguments before the method runs: the pointers into `value` stay read-only.
acpi_object ArgumentList::convert(const Value& value) {
    acpi_object object = {};
    if (const auto* integer = value.integer()) {
        object.integer.type = ACPI_TYPE_INTEGER;
        object.integer.value = *integer;
    } else if (const auto* text = value.string()) {
        object.string.type = ACPI_TYPE_STRING;
        object.string.length = static_cast<u32>(text->size());
        object.string.pointer = const_cast<char*>(text->c_str());
    } else if (const auto* buffer = value.buffer()) {
        object.buffer.type = ACPI_TYPE_BUFFER;
        object.buffer.length = static_cast<u32>(buffer->size());
        object.buffer.pointer = const_cast<u8*>(buffer->data());
    } else if (const auto* package = value.package()) {
        std::vector<acpi_object> elements;
        for (const Value& element : *package) elements.push_back(convert(element));
        packages_.push_back(std::move(elements));
        object.package.type = ACPI_TYPE_PACKAGE;
        object.package.count = static_cast<u32>(packages_.back().size());
        object.package.elements = packages_.back().data();
    } else if (const auto* reference = value.reference()) {
        object.reference.type = ACPI_TYPE_LOCAL_REFERENCE;
        object.reference.actual_type = ACPI_TYPE_ANY;
        acpi_get_handle(nullptr, const_cast<char*>(reference->path.c_str()),
                        &object.reference.handle);
    } else {
        object.type = ACPI_TYPE_ANY;
    }
    return object;
}

}  // namespace gpioclx::firmware
