// wdk/ext/gx_observe.h and gx_assert.h: marks, names, findings and settings.
#include "ext/gx_observe.h"

#include <fmt/format.h>

#include <cstdarg>
#include <cstring>
#include <string>

#include "ext/gx_connection.h"
#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/dbg/running_callback.h"
#include "kernel/dbg/setting.h"
#include "kernel/dbg/text_name.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ldr/image.h"
#include "kernel/rtl/format.h"
#include "kernel/system.h"
#include "kernel/vf/fault_point.h"
#include "kernel/vf/lock_order.h"
#include "machine/witness.h"

// The I/O manager's; a build of the kernel without devices has none.
extern "C" PCSTR GxDevicePath(PDEVICE_OBJECT PhysicalDevice) __attribute__((weak));
namespace gpioclx::kernel::io {
machine::NameId path_name(PDEVICE_OBJECT physical_device) __attribute__((weak));
}

namespace gpioclx::kernel::dbg {
namespace {

struct Settings {
    std::vector<Setting> all;
};

machine::NameId path_name(PDEVICE_OBJECT device) {
    return &io::path_name != nullptr ? io::path_name(device) : machine::no_name;
}

std::string_view device_path(PDEVICE_OBJECT device) {
    const char* path =
        device != nullptr && &GxDevicePath != nullptr ? GxDevicePath(device) : nullptr;
    return path != nullptr ? std::string_view(path) : std::string_view();
}

// Without the folder, so that a checkout elsewhere tells the same.
std::string_view file_name(const char* path) {
    const std::string_view text(path);
    const std::size_t slash = text.find_last_of("/\\");
    return slash == std::string_view::npos ? text : text.substr(slash + 1);
}

}  // namespace

void set_settings(const std::vector<Setting>& settings) {
    machine::ArenaScope inside;
    part<Settings>().all = settings;
}

std::uint64_t query_setting(std::string_view path, std::string_view name, std::uint64_t otherwise) {
    std::uint64_t value = otherwise;
    bool own = false;
    for (const Setting& setting : part<Settings>().all) {
        if (setting.name != name) continue;
        const bool of_device = !setting.device.empty();
        if (of_device ? setting.device != path : own) continue;
        value = setting.value;
        own |= of_device;
    }
    return value;
}

}  // namespace gpioclx::kernel::dbg

namespace dbg = gpioclx::kernel::dbg;
namespace ke = gpioclx::kernel::ke;
namespace vf = gpioclx::kernel::vf;
using gpioclx::machine::EventKind;
using gpioclx::machine::Machine;

VOID GxCallbackEnter(PDEVICE_OBJECT PhysicalDevice, PCSTR Callback, ULONG Bank, ULONG64 Operand,
                     ULONG Locks, const VOID* Function) {
    dbg::enter_callback(PhysicalDevice, Callback);
    Machine& machine = Machine::current();
    machine.emit(EventKind::callback_enter, dbg::name_of_text(Callback),
                 dbg::path_name(PhysicalDevice), Bank, Operand, Locks);
    if (gpioclx::machine::Witness* witness = machine.witness()) {
        witness->callback_enters(
            {dbg::name_of_text(Callback), dbg::path_name(PhysicalDevice), Bank, Operand, Function});
    }
}
GX_EXPORT_FUNCTION(GxCallbackEnter);

BOOLEAN GxIsObserved(VOID) { return Machine::current().witness() != nullptr; }
GX_EXPORT_FUNCTION(GxIsObserved);

VOID GxCallbackDetails(const GX_CALLBACK_DETAILS* Details) {
    gpioclx::machine::Witness* witness = Machine::current().witness();
    if (witness == nullptr) return;
    const auto polarity = [&]() -> std::uint8_t {
        switch (Details->Polarity) {
            case InterruptActiveHigh: return 1;
            case InterruptActiveLow: return 2;
            case InterruptActiveBoth: return 3;
            default: return 0;
        }
    };
    witness->callback_details({.first_pin = Details->FirstPin,
                               .pins = Details->Pins,
                               .interrupt = Details->Interrupt != FALSE,
                               .level = Details->Mode == LevelSensitive,
                               .polarity = polarity(),
                               .has_pull = Details->HasPull != FALSE,
                               .pull = Details->Pull,
                               .direction = Details->Direction,
                               .preserve = Details->Preserve != FALSE,
                               .outputs = Details->Outputs != FALSE,
                               .set_pins = Details->SetPins,
                               .clear_pins = Details->ClearPins,
                               .table = reinterpret_cast<const std::uint16_t*>(Details->Table),
                               .count = Details->Count,
                               .buffer = Details->Buffer});
}
GX_EXPORT_FUNCTION(GxCallbackDetails);

BOOLEAN GxCallbackFails(PDEVICE_OBJECT PhysicalDevice, PCSTR Callback) {
    return vf::asks_about_faults() && vf::callback_fails(Callback, dbg::path_name(PhysicalDevice));
}
GX_EXPORT_FUNCTION(GxCallbackFails);

VOID GxCallbackExit(PDEVICE_OBJECT PhysicalDevice, PCSTR Callback, ULONG Bank, ULONG64 Result,
                    NTSTATUS Status) {
    dbg::leave_callback(PhysicalDevice, Callback);
    if (gpioclx::machine::Witness* witness = Machine::current().witness()) {
        witness->callback_exits(
            {dbg::name_of_text(Callback), dbg::path_name(PhysicalDevice), Bank, 0}, Result,
            static_cast<ULONG>(Status));
    }
    Machine::current().emit(EventKind::callback_exit, dbg::name_of_text(Callback),
                            dbg::path_name(PhysicalDevice), Bank, Result,
                            static_cast<ULONG>(Status));
}
GX_EXPORT_FUNCTION(GxCallbackExit);

PDEVICE_OBJECT GxCallingDevice(VOID) { return dbg::calling_device(); }
GX_EXPORT_FUNCTION(GxCallingDevice);

VOID GxNameLock(const VOID* Lock, PCSTR Name) { ke::name_object(Lock, Name); }
GX_EXPORT_FUNCTION(GxNameLock);

VOID GxForgetLock(const VOID* Lock) { ke::forget_name(Lock); }
GX_EXPORT_FUNCTION(GxForgetLock);

VOID GxLockWanted(const VOID* Lock) {
    vf::note_acquire(ke::name_of(Lock, ke::ObjectKind::event), vf::LockKind::blocking);
}
GX_EXPORT_FUNCTION(GxLockWanted);

VOID GxLockAcquired(const VOID* Lock) {
    if (gpioclx::machine::Witness* witness = Machine::current().witness()) witness->is_lock(Lock);
    vf::note_acquired(ke::name_of(Lock, ke::ObjectKind::event), vf::LockKind::blocking);
}
GX_EXPORT_FUNCTION(GxLockAcquired);

VOID GxLockReleased(const VOID* Lock) {
    vf::note_released(ke::name_of(Lock, ke::ObjectKind::event), vf::LockKind::blocking);
}
GX_EXPORT_FUNCTION(GxLockReleased);

VOID GxReportFinding(PCSTR Id, PDEVICE_OBJECT PhysicalDevice, PCSTR Format, ...) {
    std::string text(dbg::device_path(PhysicalDevice));
    if (!text.empty()) text += ": ";
    va_list arguments;
    va_start(arguments, Format);
    // %!STATUS! is a conversion of trace messages.
    const gpioclx::kernel::rtl::TraceContext context;
    gpioclx::kernel::rtl::format(text, Format, arguments, &context);
    va_end(arguments);
    dbg::report_finding(Id, text);
}
GX_EXPORT_FUNCTION(GxReportFinding);

BOOLEAN GxVerifierIsOn(VOID) { return vf::on(); }
GX_EXPORT_FUNCTION(GxVerifierIsOn);

BOOLEAN GxIsPageable(const VOID* Function) {
    const gpioclx::kernel::ldr::Image* image = gpioclx::kernel::ldr::image_of(Function);
    return image != nullptr && image->pageable(Function);
}
GX_EXPORT_FUNCTION(GxIsPageable);

ULONG64 GxQuerySetting(PDEVICE_OBJECT PhysicalDevice, PCSTR Name, ULONG64 Default) {
    ke::charge();
    return dbg::query_setting(dbg::device_path(PhysicalDevice), Name, Default);
}
GX_EXPORT_FUNCTION(GxQuerySetting);

VOID GxAssertFailed(const char* expression, const char* file, ULONG line) {
    ke::charge();
    dbg::report_finding(dbg::id::assertion, fmt::format("assertion failed: {} ({}:{})", expression,
                                                        dbg::file_name(file), line));
}
GX_EXPORT_FUNCTION(GxAssertFailed);

VOID GxPagedCode(const char* function, const char* file, ULONG line) {
    Machine& machine = Machine::current();
    if (!machine.on_processor() || machine.level() <= APC_LEVEL) return;
    dbg::report_finding(
        dbg::id::irql_paged_code,
        fmt::format("the pageable function {} runs at IRQL {} ({}:{}){}", function, machine.level(),
                    dbg::file_name(file), line, dbg::in_raised_callback()));
}
GX_EXPORT_FUNCTION(GxPagedCode);

VOID RtlAssert(PVOID VoidFailedAssertion, PVOID VoidFileName, ULONG LineNumber, PSTR) {
    GxAssertFailed(static_cast<const char*>(VoidFailedAssertion),
                   static_cast<const char*>(VoidFileName), LineNumber);
}
GX_EXPORT_FUNCTION(RtlAssert);
