// Where an explorer may hold up a driver that tells of its memory: at accesses that another context
// could come in between. There are too many accesses to try all of them, so an execution tries
// those that were seen to be contested in the executions before. Lives as long as the explorer,
// outside the arena.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "machine/arena.h"
#include "machine/witness.h"

namespace gpioclx::verify {

class MemoryPoints {
  public:
    // An execution begins. `all`: every access is a point; what a schedule names is among them,
    // whatever was seen before.
    void begin(bool all) {
        all_ = all;
        contested_.merge(seen_);
        seen_.clear();
    }
    bool is_point(std::uintptr_t granule) const { return all_ || contested_.contains(granule); }
    // Two contexts that nothing keeps apart touched it. From the next execution on.
    void note_contested(std::uintptr_t granule) {
        if (contested_.contains(granule)) return;
        machine::OutsideArenaScope outside;
        seen_.insert(granule);
    }
    std::size_t contested() const { return contested_.size(); }

    // The name of a point, made once by `make`.
    template <typename Make>
    machine::AccessPoint name_of(std::uintptr_t address, bool write, Make make) {
        const std::uintptr_t key = address << 1 | (write ? 1 : 0);
        if (const auto known = names_.find(key); known != names_.end()) return known->second;
        machine::OutsideArenaScope outside;
        return names_[key] = make();
    }

  private:
    bool all_ = true;
    std::set<std::uintptr_t> contested_;
    std::set<std::uintptr_t> seen_;
    std::map<std::uintptr_t, machine::AccessPoint> names_;
};

}  // namespace gpioclx::verify
