// Devices of the namespace, their resources, and the order in which they start.
#include <fmt/format.h>

#include <map>

#include "firmware/acpi_object.h"
#include "firmware/firmware.h"
#include "firmware/namespace_node.h"
#include "firmware/resource_decoder.h"
#include "firmware/start_order.h"

namespace gpioclx::firmware {
namespace {

constexpr int max_depth = 64;

std::string text_of(const acpi_pnp_device_id& id) {
    return id.string == nullptr ? std::string() : std::string(id.string);
}

// Walks objects below `scope` and collects the devices that are there.
class Enumeration {
  public:
    Enumeration(const Firmware& firmware, std::vector<std::string>* problems)
        : firmware_(firmware), problems_(problems) {}

    Result<void> walk(acpi_handle scope, const std::string& parent, int depth);
    std::vector<Device> take() { return std::move(devices_); }

  private:
    Result<Device> describe(acpi_handle handle, const std::string& path) const;
    Result<std::uint32_t> status(const std::string& path) const;
    Result<std::vector<std::string>> dependencies(const std::string& path) const;

    const Firmware& firmware_;
    std::vector<std::string>* problems_;  // null: the first one ends the walk
    std::vector<Device> devices_;
};

// \_SB and \_TZ are scopes, though ACPICA keeps them as devices.
bool is_root_scope(const std::string& path) { return path == "\\_SB" || path == "\\_TZ"; }

Result<void> Enumeration::walk(acpi_handle scope, const std::string& parent, int depth) {
    if (depth > max_depth) return Error{.message = parent + ": devices nest too deep"};
    acpi_handle child = nullptr;
    while (ACPI_SUCCESS(acpi_get_next_object(ACPI_TYPE_ANY, scope, child, &child))) {
        const acpi_object_type type = type_of(child);
        if (type == ACPI_TYPE_METHOD) continue;
        std::string below = parent;
        if (type == ACPI_TYPE_DEVICE) {
            const std::string path = namespace_path(child);
            if (!is_root_scope(path)) {
                auto device = describe(child, path);
                if (!device && problems_ != nullptr) {
                    problems_->push_back(device.error().text());
                    continue;
                }
                if (!device) return device.error();
                device->parent = parent;
                if (device->status & Device::present) {
                    below = path;
                    devices_.push_back(std::move(*device));
                } else if (!(device->status & Device::functional)) {
                    continue;
                }
            }
        }
        if (auto walked = walk(child, below, depth + 1); !walked) return walked;
    }
    return {};
}

Result<std::uint32_t> Enumeration::status(const std::string& path) const {
    const std::string name = path + "._STA";
    if (!firmware_.exists(name)) return 0xFu;
    auto value = firmware_.evaluate(name);
    if (!value) return value.error();
    if (value->integer() == nullptr) {
        return Error{.message = fmt::format("{} returned {}", name, to_string(*value)),
                     .hint = "an integer, 0xF for a present device"};
    }
    return static_cast<std::uint32_t>(*value->integer());
}

Result<std::vector<std::string>> Enumeration::dependencies(const std::string& path) const {
    std::vector<std::string> paths;
    const std::string name = path + "._DEP";
    if (!firmware_.exists(name)) return paths;
    auto value = firmware_.evaluate(name);
    if (!value) return value.error();
    if (value->package() == nullptr) {
        return Error{.message = fmt::format("{} returned {}", name, to_string(*value)),
                     .hint = "a package of devices"};
    }
    for (const Value& element : *value->package()) {
        if (element.reference() != nullptr) paths.push_back(element.reference()->path);
    }
    return paths;
}

Result<Device> Enumeration::describe(acpi_handle handle, const std::string& path) const {
    Device device;
    device.path = path;
    auto state = status(path);
    if (!state) return state.error();
    device.status = *state;
    // Nothing else of an absent device may run.
    if (!(device.status & Device::present)) return device;

    auto needs = dependencies(path);
    if (!needs) return needs.error();
    device.dependencies = std::move(*needs);
    acpi_device_info* info = nullptr;
    forget_errors();
    const acpi_status status = acpi_get_object_info(handle, &info);
    if (ACPI_FAILURE(status)) return acpi_error(path, status);
    if (info->valid & ACPI_VALID_HID) device.hid = text_of(info->hardware_id);
    if (info->valid & ACPI_VALID_UID) device.uid = text_of(info->unique_id);
    if (info->valid & ACPI_VALID_ADR) device.adr = info->address;
    if (info->valid & ACPI_VALID_CID) {
        for (u32 i = 0; i < info->compatible_id_list.count; ++i) {
            device.cids.push_back(text_of(info->compatible_id_list.ids[i]));
        }
    }
    acpi_os_free(info);
    return device;
}

}  // namespace

Result<std::vector<Device>> Firmware::devices(std::vector<std::string>* problems) const {
    Enumeration enumeration(*this, problems);
    if (auto walked = enumeration.walk(ACPI_ROOT_OBJECT, "", 0); !walked) return walked.error();
    return enumeration.take();
}

Result<std::vector<Resource>> Firmware::resources(const std::string& device) const {
    auto node = find_device(device);
    if (!node) return node.error();
    const std::string name = device + "._CRS";
    if (!exists(name)) return std::vector<Resource>{};
    auto value = evaluate(name);
    if (!value) return value.error();
    if (value->buffer() == nullptr) {
        return Error{.message = fmt::format("{} returned {}", name, to_string(*value)),
                     .hint = "a ResourceTemplate"};
    }
    return decode_resources(*value->buffer(), {device + " _CRS", [&](const std::string& source) {
                                                   return resolve_device(*node, source);
                                               }});
}

Result<std::vector<Device>> Firmware::start_order(const std::vector<Device>& devices) const {
    std::vector<StartNode> nodes;
    for (const Device& device : devices) {
        StartNode node{device.path, device.dependencies};
        if (!device.parent.empty()) node.needs.push_back(device.parent);
        auto list = resources(device.path);
        if (!list) return list.error();
        for (const Resource& resource : *list) {
            if (!resource.source().empty()) node.needs.push_back(resource.source());
        }
        nodes.push_back(std::move(node));
    }
    auto order = firmware::start_order(nodes);
    if (!order) return order.error();
    std::vector<Device> ordered;
    for (const std::size_t index : *order) ordered.push_back(devices[index]);
    return ordered;
}

}  // namespace gpioclx::firmware
