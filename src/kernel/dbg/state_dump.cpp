#include "kernel/dbg/state_dump.h"

#include <ext/gx_dump.h>
#include <ext/gx_export.h>

#include <fmt/format.h>

#include <cstdarg>
#include <map>

#include "kernel/dbg/finding.h"
#include "kernel/ke/irql.h"
#include "kernel/ldr/image.h"
#include "kernel/rtl/format.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::dbg {
namespace {

struct StateDumps {
    std::map<std::string, GX_WRITE_DUMP*, std::less<>> writers;
};

}  // namespace

static_assert(dump_details == GX_DUMP_DETAILS && dump_registers == GX_DUMP_REGISTERS &&
              dump_unconfigured_pins == GX_DUMP_UNCONFIGURED_PINS);

std::string state_dump(std::string_view name, std::uint32_t flags) {
    const auto& writers = part<StateDumps>().writers;
    const auto writer = writers.find(name);
    if (writer == writers.end()) return {};
    _GX_DUMP dump;
    writer->second(&dump, flags);
    return std::move(dump.text);
}

void report_dumps_of(const ldr::Image& image) {
    std::erase_if(part<StateDumps>().writers, [&image](const auto& entry) {
        if (!image.contains(reinterpret_cast<const void*>(entry.second))) return false;
        report_finding(id::image_in_use,
                       fmt::format("the driver '{}' was unloaded while its dump '{}' is registered",
                                   image.name(), entry.first));
        return true;
    });
}

}  // namespace gpioclx::kernel::dbg

using namespace gpioclx;
using namespace gpioclx::kernel;

extern "C" {

VOID GxRegisterDump(PCSTR Name, GX_WRITE_DUMP* Write) {
    machine::ArenaScope inside;
    part<dbg::StateDumps>().writers[Name] = Write;
}
GX_EXPORT_FUNCTION(GxRegisterDump);

VOID GxUnregisterDump(PCSTR Name) { part<dbg::StateDumps>().writers.erase(Name); }
GX_EXPORT_FUNCTION(GxUnregisterDump);

VOID GxDumpPrint(PGX_DUMP Dump, PCSTR Format, ...) {
    va_list arguments;
    va_start(arguments, Format);
    rtl::format(Dump->text, Format, arguments);
    va_end(arguments);
}
GX_EXPORT_FUNCTION(GxDumpPrint);

}  // extern "C"
