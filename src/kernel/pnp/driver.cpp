#include "kernel/pnp/driver.h"

#include <fmt/core.h>
#include <ext/gx_observe.h>

#include <algorithm>

#include "kernel/ex/pool.h"
#include "kernel/io/driver_object.h"
#include "kernel/io/text.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::pnp {
namespace {

std::string comparable(std::string_view id) {
    const std::size_t slash = id.rfind('\\');
    std::string result(slash == std::string_view::npos ? id : id.substr(slash + 1));
    if (!result.empty() && result.front() == '*') result.erase(0, 1);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return result;
}

void note_state(const Driver& driver, std::string_view state, NTSTATUS status = STATUS_SUCCESS) {
    machine::Machine& m = System::current().machine();
    m.emit(machine::EventKind::driver_state, m.name(driver.install.name), m.name(state), 0, 0,
           static_cast<std::uint32_t>(status));
}

std::string service_key(const Driver& driver) {
    return "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\" + driver.install.name;
}

void drop_image(Driver& driver) {
    if (driver.image != nullptr) ldr::unload(*driver.image);
    driver.image = nullptr;
}

}  // namespace

Driver* find_driver(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
        for (const auto& driver : part<DriverDatabase>().drivers) {
            for (const std::string& served : driver->install.hardware_ids) {
                if (comparable(served) == comparable(id)) return driver.get();
            }
        }
    }
    return nullptr;
}

std::unique_ptr<LoadFailure> load_driver(Driver& driver) {
    if (driver.loaded()) return nullptr;
    machine::ArenaScope inside;
    write_registry_values(service_key(driver), driver.install.values);
    void* entry = driver.install.entry;
    if (entry == nullptr) {
        auto image = ldr::load(driver.install.image, driver.install.name,
                               driver.install.user_mode ? &*driver.install.user_mode : nullptr);
        if (!image) {
            note_state(driver, "not loaded", STATUS_DRIVER_UNABLE_TO_LOAD);
            return std::make_unique<LoadFailure>(
                LoadFailure{STATUS_DRIVER_UNABLE_TO_LOAD, "image", image.error().text()});
        }
        driver.image = *image;
        entry = driver.image->symbol("DriverEntry");
    }
    if (entry == nullptr) {
        drop_image(driver);
        note_state(driver, "not loaded", STATUS_DRIVER_ENTRYPOINT_NOT_FOUND);
        return std::make_unique<LoadFailure>(
            LoadFailure{STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, "image",
                        fmt::format("{} exports no DriverEntry", driver.install.image)});
    }
    note_state(driver, "loaded");
    driver.object = io::create_driver(driver.install.name);
    if (driver.image != nullptr) {
        driver.object->DriverStart = reinterpret_cast<PVOID>(driver.image->base());
        driver.object->DriverSize = static_cast<ULONG>(driver.image->size());
    }
    const NTSTATUS status =
        io::initialize_driver(driver.object, reinterpret_cast<PDRIVER_INITIALIZE>(entry));
    if (NT_SUCCESS(status)) {
        note_state(driver, "initialized", status);
        return nullptr;
    }
    note_state(driver, "failed in DriverEntry", status);
    // A driver whose DriverEntry failed is dropped without DriverUnload.
    io::destroy_driver(driver.object);
    driver.object = nullptr;
    drop_image(driver);
    return std::make_unique<LoadFailure>(LoadFailure{
        status, "DriverEntry", fmt::format("DriverEntry of {} failed", driver.install.name)});
}

void unload_driver(Driver& driver) {
    if (!driver.loaded() || driver.object->DriverUnload == nullptr) return;
    driver.object->DriverUnload(driver.object);
    ex::check_pool();
    if (driver.object->DeviceObject != nullptr) {
        GxReportFinding("lifetime-031", nullptr,
                        "%s: DriverUnload returned, but the driver still has device objects",
                        driver.install.name.c_str());
    }
    io::destroy_driver(driver.object);
    driver.object = nullptr;
    drop_image(driver);
    note_state(driver, "unloaded");
}

void unload_driver_if_unused(Driver& driver) {
    if (driver.devices == 0 && !driver.install.boot) unload_driver(driver);
}

HANDLE create_registry_path(std::string_view path) {
    HANDLE key = nullptr;
    // "\Registry\Machine" is always there.
    std::size_t end = std::string_view("\\Registry\\Machine").size();
    while (end < path.size()) {
        end = std::min(path.find('\\', end + 1), path.size());
        const std::u16string name = io::widen(path.substr(0, end));
        UNICODE_STRING view = io::unicode_view(name);
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &view, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE,
                                   nullptr, nullptr);
        HANDLE next = nullptr;
        const NTSTATUS status = ZwCreateKey(&next, KEY_ALL_ACCESS, &attributes, 0, nullptr,
                                            REG_OPTION_NON_VOLATILE, nullptr);
        if (key != nullptr) ZwClose(key);
        if (!NT_SUCCESS(status)) return nullptr;
        key = next;
    }
    return key;
}

void write_registry_values(std::string_view path, const std::vector<RegistryValue>& values) {
    HANDLE service = create_registry_path(path);
    if (service != nullptr) ZwClose(service);
    for (const RegistryValue& value : values) {
        HANDLE key = create_registry_path(
            value.key.empty() ? std::string(path) : fmt::format("{}\\{}", path, value.key));
        if (key == nullptr) continue;
        const std::u16string name = io::widen(value.name);
        UNICODE_STRING name_view = io::unicode_view(name);
        std::vector<std::uint8_t> data = value.data;
        if (value.type == REG_SZ || value.type == REG_EXPAND_SZ || value.type == REG_MULTI_SZ) {
            std::u16string text =
                io::widen({reinterpret_cast<const char*>(data.data()), data.size()});
            text += u'\0';
            data.resize(text.size() * sizeof(char16_t));
            std::copy_n(reinterpret_cast<const std::uint8_t*>(text.data()), data.size(),
                        data.data());
        }
        ZwSetValueKey(key, &name_view, 0, value.type, data.data(), static_cast<ULONG>(data.size()));
        ZwClose(key);
    }
}

}  // namespace gpioclx::kernel::pnp
