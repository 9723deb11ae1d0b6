// Findings: what a driver does wrong, told where it happens. A finding is an event of the machine's
// stream with an id that never changes its meaning, a sentence, and the driver's call stack in a
// `mark` event right behind it ("stack: led+0x1234 < led+0x88", innermost first; only frames of
// driver images, because those are the same with every compiler that built us).
//
// The same sentence under the same id from the same place is told once, and counted: a driver that
// repeats its mistake in a loop would else drown everything.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace gpioclx::kernel::dbg {

// Ids of the kernel. Numbers from 100 on belong to the layers above, which use report_finding too.
namespace id {
constexpr std::string_view irql_too_high = "irql-001";         // a service above its highest IRQL
constexpr std::string_view irql_blocking = "irql-002";         // waiting where nothing may block
constexpr std::string_view irql_wrong_direction = "irql-003";  // "raise" that lowers and vice versa
constexpr std::string_view irql_paged_code = "irql-004";       // pageable code above APC_LEVEL
constexpr std::string_view irql_not_restored = "irql-005";     // a routine returned at another IRQL
constexpr std::string_view irql_below_floor = "irql-006";  // lowered below the routine's own level
constexpr std::string_view irql_too_low = "irql-007";      // a service below its lowest IRQL
constexpr std::string_view irql_framework_too_high = "irql-201";  // one of the framework
constexpr std::string_view lock_recursion = "lock-001";
constexpr std::string_view lock_not_owned = "lock-002";
constexpr std::string_view lock_uninitialized = "lock-003";
constexpr std::string_view lock_leaked = "lock-004";  // still held when its routine returned
constexpr std::string_view lock_wrong_irql =
    "lock-005";  // released to another IRQL than it came from
constexpr std::string_view lock_mutex_misuse = "lock-006";
constexpr std::string_view lock_order = "lock-010";  // acquired in opposite orders
constexpr std::string_view lock_long = "lock-012";   // a spin lock held too long
constexpr std::string_view lock_irql = "lock-011";   // held below the IRQL of who else wants it
constexpr std::string_view lock_wait = "lock-013";   // waiting, with a lock held, for what needs it
constexpr std::string_view pool_overrun = "lifetime-001";
constexpr std::string_view pool_bad_free = "lifetime-002";
constexpr std::string_view pool_use_after_free = "lifetime-003";
constexpr std::string_view pool_active_object = "lifetime-004";
constexpr std::string_view object_uninitialized = "lifetime-005";
constexpr std::string_view pool_leak = "lifetime-006";
constexpr std::string_view pool_wrong_tag = "lifetime-007";
constexpr std::string_view object_reference = "lifetime-008";
constexpr std::string_view image_in_use =
    "lifetime-009";  // unloaded while something points into it
constexpr std::string_view object_misuse = "lifetime-010";
constexpr std::string_view handle_leak = "lifetime-032";  // left open when the driver was unloaded
constexpr std::string_view request_incomplete = "lifetime-033";  // at rest in the shut-down
constexpr std::string_view handle_not_open = "lifetime-034";     // used, and never opened or closed
constexpr std::string_view section_leak = "lifetime-035";        // a critical section, not deleted
constexpr std::string_view register_unmapped = "register-001";
constexpr std::string_view register_beyond_range = "register-002";
constexpr std::string_view register_misaligned = "register-003";
constexpr std::string_view register_not_served =
    "register-004";                                        // dereferenced by an odd instruction
constexpr std::string_view model_failed = "hardware-001";  // a C++ model threw or misused its host
constexpr std::string_view bug_check = "fault-001";        // the driver asked for it
constexpr std::string_view breakpoint = "fault-002";
constexpr std::string_view exception = "fault-003";  // Windows would raise an exception here
constexpr std::string_view assertion = "driver-001";
constexpr std::string_view firmware_event = "firmware-001";  // the method of an event failed
constexpr std::string_view firmware_region =
    "firmware-002";                                          // an operation region cannot be served
constexpr std::string_view firmware_power = "firmware-003";  // _PS0 or _PS3 failed
}  // namespace id

// Any level, also outside processors.
// Where it takes two, `other_stack` is the call stack of the other one, from call_stack().
void report_finding(std::string_view finding_id, std::string_view sentence,
                    std::string_view other_stack = {});
struct CallStack;
// The same for what happened elsewhere than where the running code is.
void report_finding_at(const CallStack& stack, std::string_view finding_id,
                       std::string_view sentence, std::string_view other_stack = {});

// "led+0x1234 < led+0x88" for the code that runs; "" if no driver is on the stack.
std::string call_stack();
// The same for later: what is called from `outermost` on (a frame's address; null: all).
struct CallStack {
    std::array<const void*, 24> return_addresses;
    std::size_t count = 0;
};
CallStack capture_stack(const void* outermost = nullptr);
std::string stack_text(const CallStack& stack);
// The same in names of functions: "led!LedEvtDeviceAdd < led!DriverEntry".
std::string function_stack();
// "led+0x1234" for an address in a driver image, else "".
std::string code_name(const void* address);
// "led!OnTimer" for an address in a driver image, as a Windows debugger writes it; where the image
// has no name for it, as code_name.
std::string function_name(const void* address);
// Where the innermost driver on the stack calls; nullptr if there is none.
const void* driver_call();
// The driver that runs: the innermost image on the stack; "system" if there is none.
std::string_view running_driver();

}  // namespace gpioclx::kernel::dbg
