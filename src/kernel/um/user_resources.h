// What a driver in user mode has of its process: heap blocks, locks, handles, threads. It goes with
// the process, wherever the driver is hosted; what is left when the driver is unloaded in order is
// told.
#pragma once

#include <um/parts/um_types.h>
#include <wdm.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "machine/name_table.h"

namespace gpioclx::kernel::ldr {
class Image;
}

namespace gpioclx::kernel::um {

class UserProcess;

struct HeapBlock {
    void* pool = nullptr;  // the machine's; the driver's own unless it is hosted
    std::size_t size = 0;
    const void* caller = nullptr;
};

// A critical section or a slim lock. Several may share it if `readers` is not empty.
struct UserLock {
    KEVENT free;  // first: has the lock's name. Somebody may try again
    PKTHREAD owner = nullptr;
    ULONG recursion = 0;
    std::vector<PKTHREAD> readers;
    void* place = nullptr;  // in the driver's memory
    std::size_t size = 0;   // there
    bool slim = false;      // needs no initialization, and nobody deletes it
    ULONG spin_count = 0;
    unsigned number = 0;                // of its series
    const void* initialized = nullptr;  // by this call

    bool held() const { return owner != nullptr || !readers.empty(); }
    bool read_by(PKTHREAD thread) const {
        return std::find(readers.begin(), readers.end(), thread) != readers.end();
    }
    bool held_by(PKTHREAD thread) const { return owner == thread || read_by(thread); }
};

struct UserHandle {
    HANDLE handle = nullptr;
    unsigned event_number = 0;  // of an event without a name; 0: none
};

// The lowest free number, so that names come again.
class Numbers {
  public:
    unsigned take();
    void give_back(unsigned number);

  private:
    std::vector<bool> used_;
};

struct UserResources {
    const ldr::Image* image = nullptr;  // null: code of the machine (tests)
    bool gone = false;                  // nobody waits any more
    std::map<const void*, HeapBlock> heap;
    std::list<UserLock> locks;                           // in order of first use
    std::map<const void*, UserLock*> lock_at;            // by place
    std::vector<UserHandle> handles;                     // in order of opening
    std::vector<std::pair<HANDLE, const void*>> closed;  // the latest, and by whom
    std::vector<PKTHREAD> waiting;                       // inside a wait
    std::vector<PKTHREAD> threads;                       // its own, that have not ended
    Numbers event_numbers, section_numbers, slim_numbers;
    DWORD process_id = 0;

    std::string_view name() const;
    UserProcess* process() const;
};

// Of the driver whose call returns to `return_address`.
UserResources& resources_of_caller(const void* return_address);
// The driver's call, for whoever is told of it later.
const void* call_of(const void* return_address);

// A thread of the machine waits on behalf of the driver; the end of the process ends that.
class WaitScope {
  public:
    explicit WaitScope(UserResources& resources);
    ~WaitScope();
    WaitScope(const WaitScope&) = delete;
    WaitScope& operator=(const WaitScope&) = delete;

  private:
    UserResources& resources_;
    PKTHREAD thread_;
};

// The process is gone: whoever waits in a function of it comes back, its locks belong to nobody.
void abandon_resources(const ldr::Image& image);
// What a driver leaves behind when it is unloaded.
void report_resources_of(const ldr::Image& image);
// The end of the process, reported or not.
void drop_resources(const ldr::Image& image);

// How many locks of processes the caller's thread holds; a routine of a driver that came back with
// more of them than it had is told (lock-004).
unsigned user_locks_held();
void report_user_locks(std::string_view routine);

// ---- critical sections and slim locks (user_lock.cpp) ----

void release_for_lost_process(UserResources& resources);
// A block of the heap is freed: nothing in it is a lock any more.
void forget_locks_in(UserResources& resources, const void* start, std::size_t size,
                     std::string_view what);
void forget_lock(UserResources& resources, UserLock& lock);
machine::NameId lock_name(UserLock& lock);

}  // namespace gpioclx::kernel::um
