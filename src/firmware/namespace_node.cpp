#include "firmware/namespace_node.h"

#include <fmt/format.h>

#include "firmware/os_layer.h"

namespace gpioclx::firmware {
namespace {

constexpr int max_depth = 256;

std::optional<acpi_handle> get_handle(acpi_handle scope, const std::string& path) {
    acpi_handle handle = nullptr;
    std::string name = path;  // ACPICA wants to be able to write
    if (ACPI_FAILURE(acpi_get_handle(scope, name.data(), &handle))) return std::nullopt;
    return handle;
}

}  // namespace

Result<acpi_handle> find_node(const std::string& path) {
    if (path.empty() || path[0] != '\\') {
        return Error{.message = fmt::format("\"{}\" is not a path of the namespace", path),
                     .hint = "it begins with \\, as \\_SB.GPI0"};
    }
    const auto handle = get_handle(nullptr, path);
    if (!handle) return Error{.message = path + " does not exist"};
    return *handle;
}

Result<acpi_handle> find_device(const std::string& path) {
    auto handle = find_node(path);
    if (handle && type_of(*handle) != ACPI_TYPE_DEVICE) {
        return Error{.message = path + " is not a device"};
    }
    return handle;
}

std::optional<acpi_handle> find_child(acpi_handle scope, const char* name) {
    return get_handle(scope, name);
}

acpi_object_type type_of(acpi_handle handle) {
    acpi_object_type type = ACPI_TYPE_ANY;
    acpi_get_type(handle, &type);
    return type;
}

std::optional<std::string> resolve_device(acpi_handle scope, const std::string& source) {
    const auto device_path = [](std::optional<acpi_handle> handle) -> std::optional<std::string> {
        if (!handle || type_of(*handle) != ACPI_TYPE_DEVICE) return std::nullopt;
        return namespace_path(*handle);
    };
    if (source.starts_with('\\')) return device_path(get_handle(nullptr, source));
    if (source.starts_with('^')) return device_path(get_handle(scope, source));
    for (int depth = 0; depth < max_depth; ++depth) {
        if (auto found = device_path(get_handle(scope, source))) return found;
        if (ACPI_FAILURE(acpi_get_parent(scope, &scope))) return std::nullopt;
    }
    return std::nullopt;
}

void forget_errors() { os_layer.first_error_length = 0; }

Error acpi_error(const std::string& what, acpi_status status) {
    return {.message = fmt::format("{}: {}", what, acpi_format_exception(status)),
            .hint = std::string(os_layer.first_error.data(), os_layer.first_error_length)};
}

}  // namespace gpioclx::firmware
