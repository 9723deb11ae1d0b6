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
    unsigned accesses = 0;  // under way
    bool closing = false;
};

namespace {

constexpr unsigned max_pins = 64;

// The GpioIo of the Connection () that precedes a field.
Result<GpioIo> decode_connection(acpi_handle controller, const std::string& place, const u8* bytes,
                                 std::size_t length) {
    if (bytes == nullptr) {
        return Error{.message = place + ": a field without Connection",
                     .hint = "Connection (GpioIo (...) {pin}) before the field"};
    }
    std::vector<std::uint8_t> whole(bytes, bytes + length);
    whole.insert(whole.end(), {0x79, 0x00});
    const auto resolve = [&](const std::string& source) {
        return resolve_device(controller, source);
    };
    auto resources = decode_resources(whole, {place, resolve});
    if (!resources) return resources.error();
    const GpioIo* io = resources->size() == 1 ? resources->front().as<GpioIo>() : nullptr;
    if (io == nullptr) {
        return Error{.message = place + ": the Connection of a field is not one GpioIo"};
    }
    if (io->controller != namespace_path(controller)) {
        return Error{.message = fmt::format("{}: the Connection of a field names pins of {}", place,
                                            io->controller),
                     .hint = "pins of the controller that declares the region (A22)"};
    }
    return *io;
}

Result<void> check_field(const std::string& place, std::size_t pins, std::size_t first,
                         std::size_t count) {
    if (count > 0 && count <= max_pins && first <= pins && count <= pins - first) return {};
    return Error{.message = fmt::format("{}: a field of {} bits starts at pin {} of a connection "
                                        "of {} pins (A22)",
                                        place, count, first, pins)};
}

acpi_status refuse(const Error& why) {
    os_layer.host->log(LogLevel::error, why.text());
    return AE_AML_ILLEGAL_ADDRESS;
}

// While one is open, other threads may access the region. ACPICA holds a mutex around the handler,
// because it passes the connection in shared memory; once that is read, the mutex would only make
// methods wait for each other's pins, for ever if one of them runs under a lock of the controller.
class OpenToOthers {
  public:
    explicit OpenToOthers(PinRegion& region)
        : region_(region),
          mutex_(static_cast<acpi_mutex>(
              gx_acpica_region_mutex(region.controller, ACPI_ADR_SPACE_GPIO))) {
        ++region_.accesses;
        if (mutex_ != nullptr) acpi_os_release_mutex(mutex_);
    }
    ~OpenToOthers() {
        if (mutex_ != nullptr) acpi_os_acquire_mutex(mutex_, ACPI_WAIT_FOREVER);
        --region_.accesses;
    }
    OpenToOthers(const OpenToOthers&) = delete;
    OpenToOthers& operator=(const OpenToOthers&) = delete;

  private:
    PinRegion& region_;
    acpi_mutex mutex_;
};

acpi_status access_pins(u32 function, acpi_physical_address first, u32 count, u64* value,
                        void* context, void*) {
    auto& region = *static_cast<PinRegion*>(context);
    const std::string place = namespace_path(region.controller) + " operation region";
    if (region.closing) return refuse({.message = place + ": its controller is being stopped"});
    auto connection = decode_connection(region.controller, place, region.connection.connection,
                                        region.connection.length);
    if (!connection) return refuse(connection.error());
    if (auto fits = check_field(place, connection->pins.size(), first, count); !fits) {
        return refuse(fits.error());
    }
    const bool write = (function & ACPI_IO_MASK) == ACPI_WRITE;
    const PinAccess access{std::move(*connection), static_cast<unsigned>(first), count, write};
    // A field of more than 64 bits is refused above, so ACPICA's buffer is an integer.
    std::uint64_t bits = write ? *value : 0;
    const auto accessed = [&] {
        OpenToOthers scope(region);
        return region.handler->access(access, bits);
    }();
    if (!accessed) {
        os_layer.host->log(LogLevel::error, accessed.error().text());
        return AE_ERROR;
    }
    if (!write) *value = bits;
    return AE_OK;
}

PinRegion** link_to(acpi_handle controller) {
    PinRegion** link = &os_layer.pin_regions;
    while (*link != nullptr && (*link)->controller != controller) link = &(*link)->next;
    return link;
}

struct FieldCollection {
    std::vector<PinField>& fields;
    std::vector<std::string>& problems;
};

acpi_status collect_field(acpi_handle node, u32, void* context, void**) {
    auto& collection = *static_cast<FieldCollection*>(context);
    gx_acpica_field field = {};
    if (!gx_acpica_describe_field(node, ACPI_ADR_SPACE_GPIO, &field)) return AE_OK;
    PinField found{.path = namespace_path(node),
                   .controller = namespace_path(field.device),
                   .connection = {},
                   .first = field.first,
                   .count = field.count};
    auto connection =
        decode_connection(field.device, found.path, field.connection, field.connection_length);
    if (!connection) {
        collection.problems.push_back(connection.error().text());
        return AE_OK;
    }
    if (auto fits = check_field(found.path, connection->pins.size(), field.first, field.count);
        !fits) {
        collection.problems.push_back(fits.error().text());
        return AE_OK;
    }
    found.connection = std::move(*connection);
    collection.fields.push_back(std::move(found));
    return AE_OK;
}

}  // namespace

void free_pin_regions() {
    while (os_layer.pin_regions != nullptr) {
        PinRegion* region = os_layer.pin_regions;
        os_layer.pin_regions = region->next;
        os_layer.host->free(region);
    }
}

std::vector<PinField> Firmware::pin_fields(std::vector<std::string>& problems) const {
    std::vector<PinField> fields;
    FieldCollection collection{fields, problems};
    acpi_walk_namespace(ACPI_TYPE_LOCAL_REGION_FIELD, ACPI_ROOT_OBJECT, ACPI_UINT32_MAX,
                        collect_field, nullptr, &collection, nullptr);
    return fields;
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
    auto* region = new (memory) PinRegion{.controller = *node, .handler = &handler};
    *link = region;
    forget_errors();
    const acpi_status status = acpi_install_address_space_handler(*node, ACPI_ADR_SPACE_GPIO,
                                                                  access_pins, nullptr, region);
    if (ACPI_SUCCESS(status)) return {};
    // _REG ran meanwhile and may have changed the list.
    *link_to(*node) = region->next;
    host_.free(region);
    return acpi_error(controller + ": operation regions cannot be connected", status);
}

Result<void> Firmware::disconnect_region(const std::string& controller) {
    auto node = find_device(controller);
    if (!node) return node.error();
    PinRegion* region = *link_to(*node);
    if (region == nullptr) {
        return Error{.message = controller + ": its operation regions are not connected"};
    }
    // ACPICA must not forget its handler while a thread is in it.
    region->closing = true;
    while (region->accesses > 0) host_.sleep_ms(1);
    forget_errors();
    const acpi_status status =
        acpi_remove_address_space_handler(*node, ACPI_ADR_SPACE_GPIO, access_pins);
    *link_to(*node) = region->next;  // looked for again: _REG ran meanwhile
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
