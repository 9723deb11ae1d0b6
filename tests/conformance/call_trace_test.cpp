// What observers are told of the extension's calls (D5) is what the callbacks see themselves.
#include <fmt/format.h>

#include "every_callback.h"
#include "machine/arena.h"

namespace gpioclx::conformance {
namespace {

using machine::Event;
using machine::EventKind;

class CallTrace : public EveryCallback {
  protected:
    // "CLIENT_MaskInterrupts of \_SB.GPIO, bank 0, 20, irql 3, locks 1 -> 0", in the order of the
    // calls.
    std::vector<std::string> told() const {
        struct Open {
            const Event* enter;
            std::string* text;
        };
        std::list<std::string> texts;
        std::vector<Open> open;
        for (const Event& event : recorder.events) {
            if (!names.text(event.subject).starts_with("CLIENT_")) continue;
            if (event.kind == EventKind::callback_enter) {
                texts.push_back(line(names.text(event.subject), names.text(event.detail),
                                     static_cast<ULONG>(event.a), event.b, event.level, event.c));
                open.push_back({&event, &texts.back()});
            } else if (event.kind == EventKind::callback_exit) {
                const auto of_it = std::find_if(open.rbegin(), open.rend(), [&](const Open& o) {
                    return o.enter->subject == event.subject && o.enter->actor == event.actor;
                });
                if (of_it == open.rend()) {
                    ADD_FAILURE() << "a return without a call";
                    continue;
                }
                *of_it->text += fmt::format(" -> {:x}", event.c);
                open.erase(std::next(of_it).base());
            }
        }
        EXPECT_TRUE(open.empty()) << "a call that did not return";
        return {texts.begin(), texts.end()};
    }
    std::vector<std::string> seen() const {
        std::vector<std::string> lines;
        for (const Call& call : trace.calls) {
            if (call.is_isr) continue;
            const Place& place = call.place;
            const ULONG locks = (place.interrupt_lock ? 1u : 0u) | (place.wait_lock ? 2u : 0u);
            lines.push_back(line(fmt::format("CLIENT_{}", name_of(call.callback)), gpio.path,
                                 call.bank, operand_of(call), place.irql, locks) +
                            fmt::format(" -> {:x}", static_cast<ULONG>(call.status)));
        }
        return lines;
    }
    void compare() const {
        const auto from_events = told();
        const auto from_callbacks = seen();
        ASSERT_FALSE(from_callbacks.empty());
        for (std::size_t i = 0; i < std::min(from_events.size(), from_callbacks.size()); ++i)
            EXPECT_EQ(from_events[i], from_callbacks[i]) << "call " << i;
        EXPECT_EQ(from_events.size(), from_callbacks.size());
    }

  private:
    // One pin, or a mask of those concerned.
    static ULONG64 operand_of(const Call& call) {
        switch (call.callback) {
            case Callback::enable:
            case Callback::disable:
            case Callback::unmask:
            case Callback::reconfigure: return call.pin;
            case Callback::read_mask:
            case Callback::write_mask:
                return 0x70;  // those of the connection; a callback for reading is not told them
            default: break;
        }
        ULONG64 mask = call.mask;
        for (const USHORT pin : call.pins) mask |= 1ull << pin;
        return mask;
    }
    static std::string line(std::string_view callback, std::string_view device, ULONG bank,
                            ULONG64 operand, unsigned irql, std::uint64_t locks) {
        return fmt::format("{} of {}, bank {}, {:x}, irql {}, locks {}", callback, device,
                           static_cast<int>(bank), operand, irql, locks);
    }
};

TEST_F(CallTrace, F184_tells_every_callback_with_place_IRQL_locks_and_status) {
    describe();
    exercise();
    compare();
}

TEST_F(CallTrace, F184_of_a_serial_controller_with_pin_tables) {
    gpio.serial();
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    describe();
    exercise();
    compare();
}

TEST_F(CallTrace, F184_tells_the_failures) {
    gpio.serial();
    describe();
    gpio.fail(Callback::unmask, STATUS_UNSUCCESSFUL);
    gpio.fail(Callback::disable, STATUS_UNSUCCESSFUL, 2);
    expect_finding("V31");  // what failed was not done
    exercise();
    compare();
}

}  // namespace
}  // namespace gpioclx::conformance
