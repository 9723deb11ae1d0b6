// A controller from the shipped maps, driven as a driver's callbacks would, and a verifier that
// looks on. Nothing runs on a processor: contexts are made by hand.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hardware/test_bench.h"
#include "machine/machine_fixture.h"
#include "verify/verifier.h"

namespace gpioclx::verify {

class VerifierTest : public hardware::ControllerTest, public DriverSide {
  protected:
    void TearDown() override {
        verifier.reset();
        machine.reset();
    }
    void watch(const std::string& model, std::string_view variant = {}) {
        make(model, variant);
        begin();
    }
    // The controller has reset; the driver starts it.
    void begin() {
        chip->reset(hardware::ResetKind::cold);
        machine::Arena::instance().reset();
        policy = std::make_unique<machine::SeededPolicy>(1);
        machine =
            std::make_unique<machine::Machine>(machine::MachineOptions{}, names, recorder, *policy);
        verifier = std::make_unique<Verifier>(*machine, *this);
        verifier->add_controller(names.intern("GPI0"), names.intern("chip"), *chip);
        setup("CLIENT_StartController");
    }

    // ---- callbacks
    struct Call {
        std::string name;
        machine::CallbackDetails details;
        std::uint64_t result = 0;
        std::int32_t status = 0;
    };
    void callback(const Call& call, const std::function<void()>& body) {
        machine::ClientCallback callback{names.intern(call.name), names.intern("GPI0"), 0,
                                         call.details.pins};
        machine::CallbackDetails details = call.details;
        verifier->callback_details(details);
        verifier->callback_enters(callback);
        body();
        verifier->callback_exits(callback, call.result, static_cast<std::uint32_t>(call.status));
    }
    void setup(
        const std::string& name, const std::function<void()>& body = [] {}) {
        const machine::ClientCallback callback{names.intern(name), names.intern("GPI0"), 0xFFFFFFFF,
                                               0};
        verifier->callback_enters(callback);
        body();
        verifier->callback_exits(callback, 0, 0);
    }
    static machine::CallbackDetails about(std::uint64_t pins) { return {.pins = pins}; }
    void enable(unsigned pin, bool level, std::uint8_t polarity,
                const std::function<void()>& body) {
        callback({.name = "CLIENT_EnableInterrupt",
                  .details = {.pins = std::uint64_t{1} << pin,
                              .interrupt = true,
                              .level = level,
                              .polarity = polarity}},
                 body);
    }

    // ---- contexts and locks
    void isr(const std::function<void()>& body) {
        verifier->routine_begins(machine::Routine::interrupt, names.intern("isr"));
        body();
        verifier->routine_ends(machine::Routine::interrupt);
    }
    void locked(std::uint32_t lock, const std::function<void()>& body) {
        verifier->lock_acquired(names.intern("lock " + std::to_string(lock)), lock, nullptr);
        body();
        verifier->lock_released(lock);
    }

    // ---- registers, by name
    std::uint32_t offset(const std::string& name) const { return *chip->offset_of(name); }
    void put_at(std::uint32_t at, std::uint32_t value, unsigned bytes = 4) {
        verifier->register_accessed({.register_name = names.intern(chip->register_name(at)),
                                     .device = names.intern("GPI0"),
                                     .offset = at,
                                     .value = value,
                                     .bytes = bytes,
                                     .write = true});
        chip->write(at, bytes, value);
    }
    std::uint32_t get_at(std::uint32_t at, unsigned bytes = 4) {
        verifier->register_accessed({.register_name = names.intern(chip->register_name(at)),
                                     .device = names.intern("GPI0"),
                                     .offset = at,
                                     .bytes = bytes});
        return static_cast<std::uint32_t>(chip->read(at, bytes));
    }
    void put(const std::string& name, std::uint32_t value) { put_at(offset(name), value); }
    std::uint32_t get(const std::string& name) { return get_at(offset(name)); }
    void update(const std::string& name, std::uint32_t set, std::uint32_t cleared = 0) {
        put(name, (get(name) & ~cleared) | set);
    }

    std::size_t count(std::string_view id) const {
        return static_cast<std::size_t>(std::count_if(
            findings.begin(), findings.end(),
            [&](const std::string& text) { return text.starts_with(std::string(id) + ":"); }));
    }
    std::string all() const {
        std::string text;
        for (const std::string& finding : findings) text += finding + "\n";
        return text;
    }

    std::unique_ptr<machine::SeededPolicy> policy;
    machine::LocalNameTable names;
    machine::Recorder recorder;
    std::unique_ptr<machine::Machine> machine;
    std::unique_ptr<Verifier> verifier;
    std::vector<std::string> findings;

  private:
    CallStack call_stack(const void*) override { return {}; }
    std::string text(const CallStack&) override { return {}; }
    bool same_driver(const void* left, const void* right) override { return left == right; }
    std::string data_name(const void*) override { return "data"; }
    std::string data_place(const void*) override { return "data"; }
    void set_place(const CallStack*, bool) override {}
    void report(std::string_view id, std::string_view sentence, std::string_view) override {
        machine::OutsideArenaScope outside;
        findings.push_back(std::string(id) + ": " + std::string(sentence));
    }
};

}  // namespace gpioclx::verify
