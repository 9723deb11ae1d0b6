// Somebody who follows what a machine does closer than the event stream tells: what orders what,
// who holds which lock, which registers are touched for whom. For the verifier; without one, each
// place that tells costs a comparison. A witness changes nothing: it may look at hardware and emit
// findings.
//
// A *token* is an object through which one context waits for another (an event, a DPC, a work
// item, a timer, a thread): what came before release() is over when acquire() returns. Locks are no
// tokens, because their holders could have come in the other order.
#pragma once

#include <cstdint>

#include "machine/name_table.h"

namespace gpioclx::machine {

struct Thread;

enum class Routine : std::uint8_t { interrupt, deferred, timer, work_item };

struct RegisterAccess {
    NameId register_name = no_name;
    NameId device = no_name;
    std::uint64_t offset = 0;
    std::uint64_t value = 0;  // of a write
    unsigned bytes = 0;
    bool write = false;
    bool over_bus = false;  // of a chip behind a serial bus: who asked for it waits elsewhere
};

// Of a driver that was built to tell (bench key `instrument`), about to happen.
struct MemoryAccess {
    // volatile_*: as the declaration says. atomic_*: of an interlocked function.
    enum class Kind : std::uint8_t {
        read,
        write,
        volatile_read,
        volatile_write,
        atomic_read,
        atomic_write
    };
    const void* address = nullptr;
    std::uint32_t size = 0;
    Kind kind = Kind::read;
    const void* caller = nullptr;  // behind the call that tells of it
};

// Where the access is one that another context could come in between; else no_name.
struct AccessPoint {
    NameId operation = no_name;
    NameId object = no_name;
};

// What a callback was asked for (GX_CALLBACK_DETAILS of wdk/ext/gx_observe.h).
struct CallbackDetails {
    std::uint32_t first_pin = 0;  // of the controller: pin 0 of the bank
    std::uint64_t pins = 0;       // of the bank: that it is about
    bool interrupt = false;       // the next two count
    bool level = false;           // else edge
    std::uint8_t polarity = 0;    // 1 high or rising, 2 low or falling, 3 both
    bool has_pull = false;
    std::uint8_t pull = 0;       // 0 default, 1 up, 2 down, 3 none
    std::uint8_t direction = 0;  // 1 input, 2 output
    bool preserve = false;
    bool outputs = false;
    std::uint64_t set_pins = 0, clear_pins = 0;
    const std::uint16_t* table = nullptr;
    std::uint32_t count = 0;
    const std::uint8_t* buffer = nullptr;
};

// A callback of a client of the extension.
struct ClientCallback {
    NameId name = no_name;
    NameId device = no_name;
    std::uint32_t bank = 0;
    std::uint64_t operand = 0;       // pin or mask
    const void* function = nullptr;  // the client's
};

class Witness {
  public:
    virtual ~Witness() = default;

    // A routine that nobody calls begins on top of what runs here, and ends.
    virtual void routine_begins(Routine kind, NameId name) = 0;
    virtual void routine_ends(Routine kind) = 0;

    // It is over, and about to be forgotten.
    virtual void thread_ended(const Thread& thread) = 0;

    // No processor has anything to do. `for_good`: and no timer is set that could change that.
    virtual void rests(bool for_good) = 0;

    virtual void release(const void* token) = 0;
    virtual void acquire(const void* token) = 0;

    // `instance` tells locks of a name apart. A blocking lock is its thread's wherever that runs;
    // `thread`: the one that holds it now, null for the running one.
    virtual void lock_acquired(NameId name, std::uint32_t instance, const void* thread) = 0;
    virtual void lock_released(std::uint32_t instance) = 0;
    // The event is used as a lock (lock_acquired is told): signalling it orders nothing.
    virtual void is_lock(const void* token) = 0;

    // A register is about to be read or written.
    virtual void register_accessed(const RegisterAccess& access) = 0;

    // Whether it listens to the next ones.
    virtual bool follows_memory() const { return false; }
    virtual AccessPoint memory_accessed(const MemoryAccess&) { return {}; }
    // The memory was given to somebody: what was done with it before is nobody's business.
    virtual void memory_renewed(const void*, std::uint64_t) {}
    // A lock that several may hold, or another means of order that is no token: what was done
    // before it was touched last is over, as far as memory is concerned.
    virtual void memory_ordered_by(const void*) {}
    // The running code makes a driver set its device up or take it down; by contract the driver has
    // nothing else under way that could touch the device's data. `image`: an address in the driver.
    virtual void setup_begins(const void* image) { (void)image; }
    virtual void setup_ends() {}
    // Whoever uses the device that the running code has just started comes after that.
    virtual void device_started() {}

    // What runs hands a transfer to a serial bus; the chip's registers are accessed later, when
    // nobody or somebody else runs.
    virtual void transfer_begins() {}

    // Of the callback that enters next.
    virtual void callback_details(const CallbackDetails& details) = 0;
    virtual void callback_enters(const ClientCallback& callback) = 0;
    virtual void callback_exits(const ClientCallback& callback, std::uint64_t result,
                                std::uint32_t status) = 0;
};

}  // namespace gpioclx::machine
