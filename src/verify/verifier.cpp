#include "verify/verifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "machine/arena.h"

namespace gpioclx::verify {
namespace {

// Of callbacks that are about no bank (gpioclx/client_call.h).
constexpr std::uint32_t no_bank = 0xFFFFFFFF;

class Place {
  public:
    Place(DriverSide& drivers, const CallStack* calls, bool called_here) : drivers_(drivers) {
        drivers_.set_place(calls, called_here);
    }
    ~Place() { drivers_.set_place(nullptr, false); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

  private:
    DriverSide& drivers_;
};

}  // namespace

void Verifier::add_controller(machine::NameId device, machine::NameId chip,
                              const hardware::Controller& controller) {
    WatchedController watched;
    watched.device = device;
    watched.chip = chip;
    watched.hardware = &controller;
    watched.pins.resize(controller.pin_count());
    controllers_.push_back(std::move(watched));
}

WatchedController* Verifier::find(machine::NameId device) {
    for (WatchedController& controller : controllers_) {
        if (controller.device == device || controller.chip == device) return &controller;
    }
    return nullptr;
}

[[gnu::noinline]] void Verifier::routine_begins(machine::Routine kind, machine::NameId name) {
    machine::ArenaScope inside;
    ++routines_;
    ordering_.begins(kind, name, __builtin_frame_address(0));
}

void Verifier::routine_ends(machine::Routine kind) {
    machine::ArenaScope inside;
    --routines_;
    ordering_.ends(kind);
}

void Verifier::release(const void* token) {
    machine::ArenaScope inside;
    ordering_.release(token);
}

void Verifier::acquire(const void* token) {
    machine::ArenaScope inside;
    ordering_.acquire(token);
}

void Verifier::lock_acquired(machine::NameId name, std::uint32_t instance, const void* thread) {
    machine::ArenaScope inside;
    ordering_.lock_acquired(name, instance, thread);
}

void Verifier::lock_released(std::uint32_t instance) {
    machine::ArenaScope inside;
    ordering_.lock_released(instance);
}

void Verifier::is_lock(const void* token) {
    machine::ArenaScope inside;
    ordering_.is_lock(token);
}

void Verifier::power_changes(machine::NameId device, unsigned first_pin, unsigned count, bool on) {
    WatchedController* controller = find(device);
    if (controller == nullptr) return;
    for (unsigned pin = first_pin; pin < first_pin + count && pin < controller->pins.size(); ++pin)
        controller->pins[pin].off = !on;
}

void Verifier::check_power(const WatchedController& controller,
                           const machine::RegisterAccess& access,
                           const hardware::AccessEffect& effect) {
    for (const hardware::StateEffect& one : effect) {
        if (!one.is_plane) continue;
        const unsigned pin = controller.hardware->bank(one.bank).first_pin;
        if (!controller.pins[pin].off) continue;
        drivers_.report(
            id::without_power,
            fmt::format("a {} of {} of {}, whose bank has no power",
                        access.write ? "write" : "read", machine_.text(access.register_name),
                        machine_.text(controller.device)),
            "");
        return;
    }
}

void Verifier::register_accessed(const machine::RegisterAccess& access) {
    WatchedController* controller = find(access.device);
    if (controller == nullptr) return;
    machine::ArenaScope inside;
    const hardware::AccessEffect effect =
        controller->hardware->effect_of(access.write, access.offset, access.bytes, access.value);
    InterruptEffects::note_pending(*controller);
    // Over a bus the driver waits for its transfer; where it has two at once, they are not told
    // apart.
    if (access.over_bus && controller->running.size() != 1) return;
    Context& context = access.over_bus ? *controller->running.back() : ordering_.current();
    const Place place(drivers_, access.over_bus ? &context.transfer : nullptr, false);
    if (effect.count != 0)
        races_.accessed(access, static_cast<std::uint32_t>(controller - controllers_.data()),
                        context, effect);
    check_power(*controller, access, effect);
    if (context.callbacks.empty()) return;
    interrupts_.accesses(*controller, context.callbacks.back(), access, effect);
    pins_.accesses(*controller, context.callbacks.back(), access, effect);
}

machine::AccessPoint Verifier::memory_accessed(const machine::MemoryAccess& access) {
    if (!instrumented_) return {};
    machine::ArenaScope inside;
    return data_.accessed(access);
}

void Verifier::memory_renewed(const void* start, std::uint64_t size) {
    if (!instrumented_) return;
    machine::ArenaScope inside;
    data_.renewed(start, size);
}

void Verifier::memory_ordered_by(const void* word) {
    if (!instrumented_) return;
    machine::ArenaScope inside;
    ordering_.acquire_word(word);
    ordering_.release_word(word);
}

void Verifier::setup_begins(const void* image) {
    machine::ArenaScope inside;
    ordering_.current().setups.push_back(image);
}

void Verifier::setup_ends() {
    Context& context = ordering_.current();
    if (!context.setups.empty()) context.setups.pop_back();
}

void Verifier::device_started() {
    if (!instrumented_) return;
    machine::ArenaScope inside;
    ordering_.memory_before_everything();
}

// The extension makes the setup callbacks when nothing else of the controller runs, and lets
// nothing begin before they have returned. At HIGH_LEVEL it makes critical transitions of banks:
// all processors are idle (P44).
bool Verifier::is_alone(const machine::ClientCallback& callback) const {
    const bool is_setup = callback.bank == no_bank && callback.operand == 0;
    return is_setup || (machine_.on_processor() && machine_.level() == machine::level_high);
}

void Verifier::transfer_begins() {
    Context& context = ordering_.current();
    if (!context.callbacks.empty()) context.transfer = drivers_.call_stack(context.frame);
}

void Verifier::callback_details(const machine::CallbackDetails& details) {
    ordering_.current().next_details = details;
}

void Verifier::callback_enters(const machine::ClientCallback& callback) {
    machine::ArenaScope inside;
    if (is_alone(callback)) ordering_.after_everything();
    Context& context = ordering_.current();
    ++context.section;
    context.callbacks.push_back({callback, context.next_details});
    context.next_details = {};
    WatchedController* controller = find(callback.device);
    if (controller == nullptr) return;
    controller->running.push_back(&context);
    interrupts_.enters(*controller, context.callbacks.back());
    pins_.enters(*controller, context.callbacks.back());
}

void Verifier::callback_exits(const machine::ClientCallback& callback, std::uint64_t result,
                              std::uint32_t status) {
    machine::ArenaScope inside;
    Context& context = ordering_.current();
    ++context.section;
    if (context.callbacks.empty()) return;
    const RunningCallback exited = context.callbacks.back();
    context.callbacks.pop_back();
    if (WatchedController* controller = find(callback.device)) {
        std::erase(controller->running, &context);
        const bool succeeded = static_cast<std::int32_t>(status) >= 0;
        const std::string_view name = machine_.text(callback.name);
        if (whole_ || name != "CLIENT_ReleaseController") {
            // It has returned; where it begins is the best place to name.
            CallStack function;
            function.return_addresses[0] = static_cast<const char*>(exited.function) + 1;
            function.count = exited.function != nullptr ? 1 : 0;
            const Place place(drivers_, &function, true);
            interrupts_.exits(*controller, exited, result, succeeded);
            pins_.exits(*controller, exited, result, succeeded);
        }
        if (name == "CLIENT_StartController") controller->started = succeeded;
        if (name == "CLIENT_ReleaseController") {
            controller->started = false;
            controller->enabled.clear();
            controller->pins.assign(controller->pins.size(), {});
        }
    }
    if (is_alone(callback)) ordering_.before_everything();
}

void Verifier::thread_ended(const machine::Thread& thread) {
    machine::ArenaScope inside;
    ordering_.thread_ended(thread);
}

void Verifier::rests(bool for_good) {
    // Who serves it may be a passive-level routine that waits for something.
    if (!whole_ || (routines_ != 0 && !for_good)) return;
    machine::ArenaScope inside;
    for (WatchedController& controller : controllers_) {
        if (controller.started && controller.running.empty())
            interrupts_.idle(controller, for_good);
    }
}

}  // namespace gpioclx::verify
