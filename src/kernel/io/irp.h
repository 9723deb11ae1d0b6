// Requests (IRPs): allocation, the way down and up a device stack, and what an observer sees of it.
//
// A request has a number from the first time it is sent; it and the stack location at which it was
// sent live in the part of the IRP that is ours.
#pragma once

#include <wdm.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "machine/name_table.h"

namespace gpioclx::kernel::io {

// A request that somebody besides its sender may cancel, at any time. It outlives the request.
struct Cancellable {
    PIRP irp = nullptr;    // under way; null before and after
    bool busy = false;     // being cancelled: the canceller frees it
    PIRP ended = nullptr;  // ended meanwhile
};

struct __attribute__((may_alias)) IrpRecord {
    std::uint32_t number = 0;  // 0: never sent
    std::int8_t sent_location =
        0;  // CurrentLocation of the first driver that got it; 0: not under way
    Cancellable* cancellable = nullptr;
};
static_assert(sizeof(IrpRecord) <= sizeof(IRP::GxReserved));

inline IrpRecord& record_of(PIRP irp) { return *reinterpret_cast<IrpRecord*>(irp->GxReserved); }

// How an IRP came to be and what completion owes to it (IRP::AllocationFlags).
constexpr UCHAR irp_from_system = 0x1;     // memory is ours: IoFreeIrp takes it back
constexpr UCHAR irp_owns_mdl = 0x4;        // MdlAddress is ours: unlocked and freed at the end
constexpr UCHAR irp_in_quarantine = 0x80;  // freed

// What the I/O manager keeps of all requests.
struct IrpState {
    std::uint32_t last_number = 0;
    KSPIN_LOCK cancel_lock = 0;
    // Freed requests rest here before their memory is used again, so that a second completion or
    // a use after free meets a freed request and not somebody else's.
    std::deque<PIRP> quarantine;
    // Sent and not completed, in order of sending; with the verifier on only.
    std::vector<PIRP> under_way;
};
constexpr std::size_t irp_quarantine_length = 64;

// The system came to rest, and these requests of other drivers than ours will never end.
void report_incomplete_requests();

// "IRP_MJ_PNP IRP_MN_START_DEVICE", "IRP_MJ_DEVICE_CONTROL", ...
machine::NameId request_name(UCHAR major, UCHAR minor);

// Sends `irp` to `device` and waits until it is completed (PASSIVE_LEVEL); the request stays with
// the caller. Its status is returned, also when the driver returned something else.
NTSTATUS call_and_wait(PDEVICE_OBJECT device, PIRP irp);

// FALSE: it is not under way, or nobody who holds it can be interrupted (now).
bool cancel(Cancellable& cancellable);

// The last steps of a request that no completion routine kept: buffers, status block, event.
void finish_irp(PIRP irp, CCHAR priority_boost);

}  // namespace gpioclx::kernel::io
