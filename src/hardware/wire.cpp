#include "hardware/wire.h"

#include <cassert>
#include <utility>

namespace gpioclx::hardware {
namespace {

// A change may make a listener drive the same wire again. Real loops that never rest oscillate
// at some frequency; we stop after this many rounds within one moment and say so.
constexpr int settle_rounds_max = 64;

// Who is strongest, and which ways they pull: bit 0 low, bit 1 high.
struct Strongest {
    int strength = -1;
    unsigned ways = 0;

    void add(Strength strength_of_one, bool high) {
        const int value = static_cast<int>(strength_of_one);
        if (value < strength) return;
        if (value > strength) {
            strength = value;
            ways = 0;
        }
        ways |= high ? 2u : 1u;
    }
};

}  // namespace

Wire::Wire(Surroundings& surroundings, std::string name)
    : surroundings_(&surroundings),
      name_(std::move(name)),
      contention_choice_(name_ + "/contention/level") {}

Terminal Wire::attach(WireListener* listener, std::uint32_t tag, std::string owner,
                      Strength drive_strength) {
    assert(!settling_);
    End end;
    end.listener = listener;
    end.tag = tag;
    end.owner = std::move(owner);
    end.drive_strength = drive_strength;
    ends_.push_back(std::move(end));
    return Terminal(this, static_cast<std::uint32_t>(ends_.size() - 1));
}

Level Wire::resolve() {
    Strongest drivers;
    Strongest pulls;
    for (const End& end : ends_) {
        if (end.drive != Drive::off) drivers.add(end.drive_strength, end.drive == Drive::high);
        if (end.pull != Pull::none) pulls.add(end.pull_strength, end.pull == Pull::up);
    }
    if (drivers.ways == 3) return contention();
    contended_ = false;
    if (drivers.ways != 0) return drivers.ways == 2 ? Level::high : Level::low;

    const bool oppose = pulls.ways == 3;
    if (oppose && !pulls_oppose_) {
        surroundings_->report({.kind = HardwareEvent::Kind::opposing_pulls, .source = name_});
    }
    pulls_oppose_ = oppose;
    if (oppose || pulls.ways == 0) return Level::floating;
    return pulls.ways == 2 ? Level::high : Level::low;
}

// Who wins is analogue; low is usual (the transistor to ground is the stronger one). The answer
// holds until the fight is over.
Level Wire::contention() {
    if (contended_) return contended_level_;
    contended_ = true;
    surroundings_->report({.kind = HardwareEvent::Kind::contention, .source = name_});
    contended_level_ = surroundings_->choose(contention_choice_, 2) == 0 ? Level::low : Level::high;
    return contended_level_;
}

void Wire::settle() {
    if (settling_) {
        again_ = true;
        return;
    }
    int rounds = 0;
    do {
        again_ = false;
        const Level resolved = resolve();
        if (resolved == level_) return;
        if (++rounds > settle_rounds_max) {
            surroundings_->report({.kind = HardwareEvent::Kind::oscillation, .source = name_});
            return;
        }
        const Level old = std::exchange(level_, resolved);
        const bool is_floating = resolved == Level::floating;
        if (!is_floating) high_ = resolved == Level::high;
        settling_ = true;
        surroundings_->wire_changed(*this, old, resolved);
        for (const End& end : ends_) {
            if (end.listener) end.listener->wire_level(end.tag, high_, is_floating);
        }
        settling_ = false;
    } while (again_);
}

}  // namespace gpioclx::hardware
