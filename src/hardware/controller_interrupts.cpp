// Detectors, status and interrupt outputs.
#include <utility>

#include "hardware/controller.h"

namespace gpioclx::hardware {

// From the registers that choose to what the detectors look for.
void Controller::update_triggers(Bank& bank) {
    const std::uint32_t old_level_mode = bank.level_high | bank.level_low;
    bank.rising = bank[Plane::detect_rising] | bank[Plane::detect_rising_async];
    bank.falling = bank[Plane::detect_falling] | bank[Plane::detect_falling_async];
    bank.level_high = bank[Plane::detect_high];
    bank.level_low = bank[Plane::detect_low];

    const std::uint32_t config_both = bank[Plane::config_both];
    if (layout_.has_type || layout_.has_polarity) {
        // With a type register, the codes of a configuration field give the polarity only.
        const std::uint32_t level = layout_.has_type ? bank[Plane::type_level]
                                    : rules_.level == InterruptSpec::LevelRule::none ? 0u
                                                                                     : bank.pins;
        std::uint32_t high = bank[Plane::polarity_high];
        std::uint32_t low = ~high;
        if (layout_.has_config) {
            high = bank[Plane::config_high] | bank[Plane::config_rising];
            low = bank[Plane::config_low] | bank[Plane::config_falling];
        }
        const std::uint32_t both = bank[Plane::both] | config_both;
        bank.level_high |= level & high;
        bank.level_low |= level & low;
        bank.rising |= ~level & (high | both);
        bank.falling |= ~level & (low | both);
    } else if (layout_.has_config) {
        bank.level_high |= bank[Plane::config_high];
        bank.level_low |= bank[Plane::config_low];
        bank.rising |= bank[Plane::config_rising] | config_both;
        bank.falling |= bank[Plane::config_falling] | config_both;
    }
    if (layout_.both_overrides) {
        const std::uint32_t both = bank[Plane::both];
        bank.rising |= both;
        bank.falling |= both;
        bank.level_high &= ~both;
        bank.level_low &= ~both;
    }
    for (std::uint32_t* plane : {&bank.rising, &bank.falling, &bank.level_high, &bank.level_low}) {
        *plane &= bank.pins;
    }
    if (bank.reconfigured != 0) follow_reconfiguration(bank, old_level_mode);
}

// What a change of trigger does to the status of the pins concerned.
void Controller::follow_reconfiguration(Bank& bank, std::uint32_t old_level_mode) {
    const std::uint32_t changed = std::exchange(bank.reconfigured, 0);
    using Rule = InterruptSpec::Reconfigure;
    if (rules_.on_reconfigure == Rule::keep) return;
    if (rules_.on_reconfigure == Rule::clear) {
        // A pin that changes between level and edge starts empty; another edge keeps its latch.
        const std::uint32_t new_level_mode = bank.level_high | bank.level_low;
        bank[Plane::status] &= ~(changed & (old_level_mode ^ new_level_mode));
        return;
    }
    // 0: a level that was active at the switch to edge mode stays as a stale request.
    // 1: it does not. 2: any change of the trigger leaves one.
    const std::uint32_t now_edge = changed & ~(bank.level_high | bank.level_low);
    if (now_edge == 0) return;
    switch (surroundings_->choose(reconfigure_choices_[reconfigured_by_], 3)) {
        case 0: bank[Plane::status] |= now_edge & old_level_mode & bank.level_active; break;
        case 1: break;
        default: bank[Plane::status] |= now_edge; break;
    }
}

void Controller::detect(Bank& bank, std::uint32_t filter_rose, std::uint32_t filter_fell) {
    using Spec = InterruptSpec;
    bank.moved |= bank.rose | bank.fell;
    if (rules_.compare != Spec::Compare::none) return compare(bank);
    if (bank.filtering != 0) filter(bank);
    bank.rose |= filter_rose;
    bank.fell |= filter_fell;
    std::uint32_t watched = bank.pins & ~bank.off;
    std::uint32_t pad =
        (bank[Plane::pad] & ~bank.filtering) | (bank[Plane::filtered] & bank.filtering);
    switch (rules_.watch) {
        case Spec::Watch::pads: break;
        case Spec::Watch::inputs: watched &= ~bank[Plane::is_output]; break;
        case Spec::Watch::software_inputs:
            watched &=
                ~(bank[Plane::is_output] | bank[Plane::hardware] | bank[Plane::function_hardware]);
            break;
        case Spec::Watch::function: watched &= bank[Plane::function_interrupt]; break;
        case Spec::Watch::input_path:
            pad &= ~bank[Plane::is_output];
            bank.rose = pad & ~bank.seen;
            bank.fell = bank.seen & ~pad;
            bank.seen = pad;
            break;
    }
    // A closed gate stops the level comparator always, edges unless they latch `always`.
    const std::uint32_t enabled = watched & bank[Plane::enable];
    std::uint32_t latching = watched;
    if (rules_.latch_edges_while == Spec::Latch::enabled) latching = enabled;
    if (rules_.latch_edges_while == Spec::Latch::unmasked) latching = enabled & bank[Plane::unmask];
    const std::uint32_t edges = ((bank.rose & bank.rising) | (bank.fell & bank.falling)) & latching;
    bank.rose = bank.fell = 0;

    const std::uint32_t active = ((pad & bank.level_high) | (~pad & bank.level_low)) & enabled;
    bank.level_active = active;
    std::uint32_t& status = bank[Plane::status];
    if (rules_.drop_on_disable) status &= enabled;
    status |= edges;
    switch (rules_.level) {
        case Spec::LevelRule::latch:
            status |= active;
            bank[Plane::raw] = status;
            break;
        case Spec::LevelRule::follow:
            // An edge latch left from before hides behind the comparator while in level mode.
            bank[Plane::raw] = (status & ~(bank.level_high | bank.level_low)) | active;
            break;
        case Spec::LevelRule::none: bank[Plane::raw] = status; break;
    }
    assert_outputs(bank);
}

void Controller::assert_outputs(Bank& bank) {
    for (std::size_t i = 0; i < layout_.assertions.size(); ++i) {
        const std::uint32_t value = layout_.assertions[i].evaluate(bank) & ~bank.off;
        if (value == bank.asserted[i]) continue;
        bank.asserted[i] = value;
        bank.ever_asserted |= value;
        for (unsigned l = 0; l < bank.link_count; ++l) {
            OutputLink& link = layout_.links[bank.first_link + l];
            if (link.assertion == i) set_link(link, (value & link.pins) != 0 && counts(link));
        }
    }
}

void Controller::set_link(OutputLink& link, bool on) {
    if (on == link.on) return;
    link.on = on;
    OutputState& output = outputs_[link.output];
    output.links_on += on ? 1 : -1;
    if (output.queued) return;
    output.queued = true;
    queued_outputs_.push_back(link.output);
}

// A control bit of outputs was written: who stands for which pins, and how pads are driven, anew.
void Controller::follow_output_controls() {
    for (Bank& bank : banks_) {
        for (unsigned l = 0; l < bank.link_count; ++l) {
            OutputLink& link = layout_.links[bank.first_link + l];
            set_link(link, (bank.asserted[link.assertion] & link.pins) != 0 && counts(link));
        }
    }
    for (std::uint16_t i = 0; i < outputs_.size(); ++i) {
        if (outputs_[i].queued) continue;
        outputs_[i].queued = true;
        queued_outputs_.push_back(i);
    }
    if (!busy_) flush_outputs();
}

// Told at the end of an access only: an output that moves between two banks in one step does not
// glitch.
void Controller::flush_outputs() {
    while (!queued_outputs_.empty()) {
        const std::uint16_t index = queued_outputs_.front();
        queued_outputs_.erase(queued_outputs_.begin());
        OutputState& state = outputs_[index];
        state.queued = false;
        const bool active = state.links_on != 0;
        const bool changed = active != state.active;
        state.active = active;
        if (state.terminal.connected()) {
            const OutputLayout& layout = layout_.outputs[index];
            const bool pulls_only = layout.open_drain || stored(layout.open_drain_when);
            const bool active_high = layout.active_high_when.mask == 0
                                         ? layout.active_high
                                         : !pulls_only && stored(layout.active_high_when);
            const bool high = active == active_high;
            state.terminal.drive(pulls_only && high ? Drive::off : drive_of(high));
        }
        if (changed) surroundings_->interrupt_output(*this, index, active);
    }
}

}  // namespace gpioclx::hardware
