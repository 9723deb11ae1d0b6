#include "bench/direct_access.h"

#include <fmt/format.h>

#include <cstdlib>

#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/mm/device_memory.h"
#include "kernel/um/user_process.h"
#include "machine/arena.h"
#include "machine/checkpoint.h"
#include "machine/machine.h"
#include "trap/register_trap.h"
#include "worker/fault_handler.h"

namespace gpioclx::bench {
namespace {

namespace mm = kernel::mm;
namespace dbg = kernel::dbg;
using machine::Machine;

class DeviceBus final : public trap::Bus {
  public:
    std::uint64_t read(std::uintptr_t address, unsigned bytes) override {
        return mm::read_device(reinterpret_cast<const void*>(address), bytes * 8);
    }
    void write(std::uintptr_t address, unsigned bytes, std::uint64_t value) override {
        mm::write_device(reinterpret_cast<void*>(address), bytes * 8, value);
    }
    void pass_time() override { kernel::ke::charge(kernel::ke::cost::register_ns); }

    [[noreturn]] void refuse(std::uintptr_t address, std::string_view instruction) override {
        Machine& machine = Machine::current();
        const mm::DeviceAccess access = mm::access_of(reinterpret_cast<const void*>(address));
        dbg::report_finding(
            dbg::id::register_not_served,
            fmt::format("'{}' reaches {} in a way that cannot be served (docs/limits.md); use "
                        "READ_REGISTER_* or WRITE_REGISTER_*",
                        instruction,
                        access.range != nullptr
                            ? fmt::format("'{}' at offset {:#x}",
                                          machine.text(access.range->device), access.offset)
                            : std::string("a device address")));
        machine.halt(machine.name("an access to registers that cannot be served"));
        std::abort();  // only processors run drivers: halt() has not returned
    }
};

}  // namespace

void serve_direct_accesses() {
    static DeviceBus bus;
    trap::install(bus, machine::Arena::devices_base, machine::Arena::devices_size);
    worker::set_fault_diverter([](void* context, std::uintptr_t address) {
        return machine::Checkpoint::note_write(address) || trap::divert(context, address) ||
               kernel::um::divert_fault(context, address);
    });
}

}  // namespace gpioclx::bench
