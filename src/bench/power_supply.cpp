#include "bench/power_supply.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kernel/dbg/finding.h"

namespace gpioclx::bench {
namespace {

constexpr std::uint32_t whole_device = 0xFFFFFFFF;

std::uint32_t key_of(const kernel::ContextOwner& owner) {
    return owner.whole_device ? whole_device : owner.component;
}

std::string pins_text(const hardware::PinList& pins) {
    if (pins.empty()) return {};
    return fmt::format(", pin {}", fmt::join(pins, " "));
}

std::string whose(const std::string& device, const kernel::ContextOwner& owner) {
    return owner.whole_device ? device : fmt::format("{} bank {}", device, owner.component);
}

}  // namespace

void PowerSupply::add(const std::string& device, hardware::Controller& model, bool lost_in_d3) {
    supplies_[device] = {&model, lost_in_d3, {}};
}

PowerSupply::Supply* PowerSupply::find(std::string_view device) {
    const auto found = supplies_.find(device);
    return found != supplies_.end() ? &found->second : nullptr;
}

void PowerSupply::set_power(const std::string& device, bool on) {
    Supply* supply = find(device);
    if (supply == nullptr || (!supply->lost_in_d3 && !on)) return;
    supply->model->set_power(on);
    if (on) return;
    for (auto& [component, kept] : supply->kept) kept.lost = true;
}

void PowerSupply::set_component_power(const std::string& device, std::uint32_t component,
                                      std::uint32_t count, bool on) {
    Supply* supply = find(device);
    if (supply == nullptr) return;
    const unsigned pins = supply->model->pin_count();
    unsigned pin_count = (pins + count - 1) / count;
    unsigned first_pin = component * pin_count;
    // Who saved its registers has said which pins they are about.
    if (const auto kept = supply->kept.find(component); kept != supply->kept.end()) {
        first_pin = kept->second.owner.first_pin;
        pin_count = kept->second.owner.pin_count;
        kept->second.lost |= !on;
    }
    supply->model->set_pin_power(first_pin, pin_count, on);
}

void PowerSupply::context_saved(const std::string& device, const kernel::ContextOwner& owner) {
    if (Supply* supply = find(device))
        supply->kept[key_of(owner)] = {supply->model->context(), owner, false};
}

void PowerSupply::context_restored(const std::string& device, const kernel::ContextOwner& owner) {
    Supply* supply = find(device);
    if (supply == nullptr) return;
    const auto found = supply->kept.find(key_of(owner));
    if (found == supply->kept.end()) return;
    const Kept& kept = found->second;
    hardware::Controller& model = *supply->model;
    const std::string after =
        owner.whole_device ? "StartController with RestoreContext" : "RestoreBankHardwareContext";
    for (const auto& difference :
         model.differences(kept.context, owner.first_pin, owner.pin_count)) {
        kernel::dbg::report_finding(
            "power-010",
            fmt::format("{}: {} is not as before after {}: it was 0x{:x}, it is 0x{:x}{}",
                        whose(device, owner), difference.register_name, after, difference.before,
                        difference.now, pins_text(difference.pins)));
    }
    const bool lost = kept.lost && model.power_loss() != hardware::PowerLoss::none;
    const hardware::PinList spurious =
        lost ? model.spurious_interrupts(owner.first_pin, owner.pin_count) : hardware::PinList{};
    if (!spurious.empty()) {
        kernel::dbg::report_finding(
            "power-012",
            fmt::format("{}: {} made an interrupt that nothing on the pins has caused{}; what lets "
                        "interrupts "
                        "through comes last, behind the clearing of what the settings latched",
                        whose(device, owner), after, pins_text(spurious)));
    }
    const hardware::PinList glitches =
        lost ? model.glitches(kept.context, owner.first_pin, owner.pin_count) : hardware::PinList{};
    if (!glitches.empty()) {
        kernel::dbg::report_finding(
            "power-013",
            fmt::format("{}: on the way to {} an output drove the other level for a moment{}; the "
                        "latch comes before what makes the pin an output",
                        whose(device, owner), after, pins_text(glitches)));
    }
    supply->kept.erase(found);
}

Result<void> PowerSupply::force(std::string_view device, bool on) {
    Supply* supply = find(device);
    if (supply == nullptr) {
        std::string known;
        for (const auto& [name, unused] : supplies_) known += (known.empty() ? "" : ", ") + name;
        return Error{
            .message =
                fmt::format("there is no controller '{}' whose power can be switched", device),
            .hint = known.empty() ? "models of register maps only" : "controllers: " + known};
    }
    if (supply->model->power_loss() == hardware::PowerLoss::none)
        return Error{.message = fmt::format("{} keeps its registers: power_loss is none", device)};
    supply->model->set_power(on);
    return {};
}

}  // namespace gpioclx::bench
