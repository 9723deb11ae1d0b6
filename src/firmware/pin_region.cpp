#include "firmware/pin_region.h"

#include <fmt/format.h>

#include "firmware/acpica.h"
#include "firmware/acpica_internals.h"
#include "firmware/firmware.h"
#include "firmware/namespace_node.h"
#include "firmware/os_layer.h"
#include "firmware/resource_decoder.h"

namespace gpioclx::firmware {

// On the host's heap, in a list that starts in the OS layer. ACPICA writes `connection`, which
// must come first, before each access.
struct PinRegion {
    acpi_connection_info connection = {};
    acpi_handle controller = nullptr;
    PinRegionHandler* handler = nullptr;
    PinRegion* next = nullptr;
};

namespace {

constexpr unsigned max_pins = 64;

// The GpioIo of the Connection () that precedes the field.
Result<GpioIo> connection_of(const PinRegion& region) {
    const std::string place = namespace_path(region.controller) + " operation region";
    const u8* bytes = region.connection.connection;
    if (bytes == nullptr) return Error{.message = place + ": a field without Connection"};
    std::vector<std::uint8_t> whole(bytes, bytes + region.connection.length);
    whole.insert(whole.end(), {0x79, 0x00});
    const auto resolve = [&](const std::string& source) {
        return resolve_device(region.controller, source);
    };
    auto resources = decode_resources(whole, {place, resolve});
    if (!resources) return resources.error();
    if (resources->size() != 1 || resources->front().as<GpioIo>() == nullptr) {
        return Error{.message = place + ": the Connection of a field is not one GpioIo"};
    }
    return *resources->front().as<GpioIo>();
}

acpi_status refuse(const std::string& why) {
    os_layer.host->log(LogLevel::error, why);
    return AE_AML_ILLEGAL_ADDRESS;
}

acpi_status access_pins(u32 function, acpi_physical_address first, u32 count, u64* value,
                        void* context, void*) {
    auto& region = *static_cast<PinRegion*>(context);
    auto connection = connection_of(region);
    if (!connection) return refuse(connection.error().text());
    const std::size_t pins = connection->pins.size();
    if (count == 0 || count > max_pins || first > pins || count > pins - first) {
        return refuse(
            fmt::format("{} operation region: a field of {} bits starts at pin {} of a "
                        "connection of {} pins (A22)",
                        namespace_path(region.controller), count, first, pins));
    }
    const bool write = (function & ACPI_IO_MASK) == ACPI_WRITE;
    const PinAccess access{std::move(*connection), static_cast<unsigned>(first), count, write};
    // A field of more than 64 bits is refused above, so ACPICA's buffer is an integer.
    std::uint64_t bits = write ? *value : 0;
    if (!region.handler->access(access, bits)) return AE_ERROR;
    if (!write) *value = bits;
    return AE_OK;
}

PinRegion** link_to(acpi_handle controller) {
    PinRegion** link = &os_layer.pin_regions;
    while (*link != nullptr && (*link)->controller != controller) link = &(*link)->next;
    return link;
}

}  // namespace

void free_pin_regions() {
    while (os_layer.pin_regions != nullptr) {
        PinRegion* region = os_layer.pin_regions;
        os_layer.pin_regions = region->next;
        os_layer.host->free(region);
    }
}

Result<void> Firmware::connect_region(const std::string& controller, PinRegionHandler& handler) {
    auto node = find_device(controller);
    if (!node) return node.error();
    PinRegion** link = link_to(*node);
    if (*link != nullptr) {
        return Error{.message = controller + ": its operation regions are connected already"};
    }
    void* memory = host_.allocate(sizeof(PinRegion));
    if (memory == nullptr) return Error{.message = controller + ": no memory"};
    *link = new (memory) PinRegion{.controller = *node, .handler = &handler};
    forget_errors();
    const acpi_status status =
        acpi_install_address_space_handler(*node, ACPI_ADR_SPACE_GPIO, access_pins, nullptr, *link);
    if (ACPI_SUCCESS(status)) return {};
    host_.free(*link);
    *link = nullptr;
    return acpi_error(controller + ": operation regions cannot be connected", status);
}

Result<void> Firmware::disconnect_region(const std::string& controller) {
    auto node = find_device(controller);
    if (!node) return node.error();
    if (*link_to(*node) == nullptr) {
        return Error{.message = controller + ": its operation regions are not connected"};
    }
    forget_errors();
    const acpi_status status =
        acpi_remove_address_space_handler(*node, ACPI_ADR_SPACE_GPIO, access_pins);
    // _REG ran meanwhile and may have changed the list.
    PinRegion** link = link_to(*node);
    PinRegion* region = *link;
    *link = region->next;
    host_.free(region);
    if (ACPI_FAILURE(status)) {
        return acpi_error(controller + ": operation regions cannot be disconnected", status);
    }
    // ACPICA runs a _REG without region of its own on connection only.
    const std::string reg = controller + "._REG";
    if (has_method(reg) && !gx_acpica_has_region(*node, ACPI_ADR_SPACE_GPIO)) {
        auto ran = evaluate(reg, {ACPI_ADR_SPACE_GPIO, ACPI_REG_DISCONNECT});
        if (!ran) return ran.error();
    }
    return {};
}

}  // namespace gpioclx::firmware
