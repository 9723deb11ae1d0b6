// What a point is called: who does what to whom. Hashed over the texts, so that it is the same in
// another build and with other names around it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "explore/schedule.h"
#include "machine/name_table.h"

namespace gpioclx::explore {

struct PointName {
    std::uint32_t kind;  // of a choice its ChoiceKind, of a delay the EventKind
    bool delay;
    machine::NameId actor, operation, object;
};

// A decision with its name: what people read. Plain data.
struct Decision {
    Deviation deviation;
    PointName name;
};

using TextOf = std::function<std::string_view(machine::NameId)>;
// "worker 1 held up for 40.0 us at lock_released led spin lock 1, occurrence 1"
std::string to_text(const Decision& decision, const TextOf& text_of);
// That they are about, each once.
std::vector<Variable> variables_of(const std::vector<Decision>& decisions, const TextOf& text_of);

// Each text is hashed once.
class PointHash {
  public:
    explicit PointHash(machine::NameTable& names) : names_(&names) {}
    // 24 bits.
    std::uint32_t of(const PointName& name) {
        std::uint32_t hash = 0x811C9DC5 ^ (name.kind | (name.delay ? 0x100u : 0u));
        for (const machine::NameId id : {name.actor, name.operation, name.object})
            hash = (hash ^ of(id)) * 0x9E3779B1u;
        hash ^= hash >> 15;
        return (hash ^ hash >> 24) & 0xFFFFFF;
    }
    std::uint32_t of(machine::NameId id) {
        return id < hashes_.size() && hashes_[id] != 0 ? hashes_[id] : add(id);
    }

  private:
    std::uint32_t add(machine::NameId id);

    machine::NameTable* names_;
    std::vector<std::uint32_t> hashes_;  // by id; 0: not yet
};

}  // namespace gpioclx::explore
