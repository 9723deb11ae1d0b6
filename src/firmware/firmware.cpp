#include "firmware/firmware.h"

#include <fmt/format.h>

#include "firmware/acpica.h"
#include "firmware/acpica_internals.h"
#include "firmware/namespace_node.h"
#include "firmware/os_layer.h"
#include "firmware/pin_region.h"
#include "firmware/table_map.h"
#include "firmware/table_set.h"

namespace gpioclx::firmware {
namespace {

constexpr u32 initial_table_slots = 16;
// A While () that goes on for longer of the host's time ends its method.
constexpr u32 loop_limit_s = 10;

// SystemMemory regions are the machine's physical memory.
acpi_status access_memory(u32 function, acpi_physical_address address, u32 width, u64* value, void*,
                          void*) {
    return (function & ACPI_IO_MASK) == ACPI_READ ? acpi_os_read_memory(address, value, width)
                                                  : acpi_os_write_memory(address, *value, width);
}

void dispatch_notify(acpi_handle device, u32 code, void*) {
    if (os_layer.notify_handler != nullptr) {
        os_layer.notify_handler->notify(namespace_path(device), code);
    }
}

// ACPICA goes on after names that do not resolve and scopes that are not there. Machines in the
// field have such tables and live with them, so for binary tables the messages are enough; in
// source of one's own, half a board helps nobody.
Result<void> check_messages(const std::vector<Table>& tables) {
    if (os_layer.first_error_length == 0) return {};
    Error error{.message = std::string(os_layer.first_error.data(), os_layer.first_error_length)};
    int blocks = 0;
    for (const Table& table : tables) {
        if (table.file.empty()) continue;
        if (!table.from_source) return {};
        error.file = ++blocks == 1 ? table.file : "";
    }
    return error;
}

// A definition block that could not be loaded at all is an error in any case.
Result<void> check_loaded(const std::vector<Table>& tables) {
    acpi_table_header* header = nullptr;
    for (u32 i = 0; ACPI_SUCCESS(acpi_get_table_by_index(i, &header)); ++i) {
        const std::string signature(header->signature, ACPI_NAMESEG_SIZE);
        if (signature != ACPI_SIG_DSDT && signature != ACPI_SIG_SSDT &&
            signature != ACPI_SIG_PSDT) {
            continue;
        }
        if (gx_acpica_is_table_loaded(i)) continue;
        const auto which = table_of(header);
        Error error{.message = fmt::format("table {} could not be loaded", signature)};
        if (which) error.file = tables[*which].file;
        error.hint = std::string(os_layer.first_error.data(), os_layer.first_error_length);
        return error;
    }
    return {};
}

Result<void> start_acpica(const std::vector<Table>& tables) {
    forget_errors();
    const auto step = [](const char* what, acpi_status status) -> Result<void> {
        if (ACPI_FAILURE(status)) return acpi_error(what, status);
        return {};
    };
    acpi_gbl_enable_aml_debug_object = TRUE;
    acpi_gbl_max_loop_iterations = loop_limit_s;
    if (auto r = step("ACPICA cannot start", acpi_initialize_subsystem()); !r) return r;
    if (auto r = step("tables cannot be read",
                      acpi_initialize_tables(nullptr, initial_table_slots, TRUE));
        !r) {
        return r;
    }
    if (auto r = step("memory handler", acpi_install_address_space_handler(
                                            ACPI_ROOT_OBJECT, ACPI_ADR_SPACE_SYSTEM_MEMORY,
                                            access_memory, nullptr, nullptr));
        !r) {
        return r;
    }
    if (auto r = step("tables cannot be loaded", acpi_load_tables()); !r) return r;
    if (auto r = check_loaded(tables); !r) return r;
    if (auto r = check_messages(tables); !r) return r;
    if (auto r = step("ACPICA cannot be enabled", acpi_enable_subsystem(ACPI_FULL_INITIALIZATION));
        !r) {
        return r;
    }
    if (auto r = step("devices cannot be initialized",
                      acpi_initialize_objects(ACPI_FULL_INITIALIZATION));
        !r) {
        return r;
    }
    return step("notify handler", acpi_install_notify_handler(ACPI_ROOT_OBJECT, ACPI_ALL_NOTIFY,
                                                              dispatch_notify, nullptr));
}

}  // namespace

Result<std::unique_ptr<Firmware>> Firmware::load(std::vector<Table> tables, Host& host) {
    if (os_layer.host != nullptr) {
        return Error{.message = "another firmware is loaded: ACPICA has room for one"};
    }
    std::vector<std::string> ignored;
    auto complete = complete_tables(std::move(tables), &ignored);
    if (!complete) return complete.error();

    reset_acpica_data();
    os_layer.host = &host;
    std::unique_ptr<Firmware> firmware(new Firmware(host));
    for (const std::string& line : ignored) host.log(LogLevel::info, line);
    if (!map_tables(*complete)) return Error{.message = "no memory for the tables"};
    if (auto started = start_acpica(*complete); !started) return started.error();
    return firmware;
}

Firmware::~Firmware() {
    free_pin_regions();
    acpi_terminate();
    free_heap();
    unmap_tables();
    os_layer.host = nullptr;
}

void Firmware::set_notify_handler(NotifyHandler* handler) { os_layer.notify_handler = handler; }

}  // namespace gpioclx::firmware
