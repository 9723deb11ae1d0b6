#include "trace.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "kernel/rtl/format.h"
#include "machine/arena.h"

namespace gpioclx::conformance {
namespace {

std::string locks_text(const Place& place) {
    std::string text;
    if (place.interrupt_lock) text += ", interrupt lock";
    if (place.wait_lock) text += ", wait lock";
    return text.empty() ? ", no lock" : text;
}

bool as_documented(const Call& call) {
    const Place& place = call.place;
    if (call.is_isr) return !place.interrupt_lock && !place.wait_lock;
    if (place.irql != PASSIVE_LEVEL || place.interrupt_lock) return false;
    return is_setup(call.callback) ? !place.wait_lock : place.wait_lock;
}

std::string in_place(const Call& call, const std::string& text) {
    const Place& place = call.place;
    if (!call.is_isr && place.irql > DISPATCH_LEVEL && place.irql < HIGH_LEVEL &&
        place.interrupt_lock) {
        return "[" + text + "]";
    }
    if (as_documented(call)) return text;
    return fmt::format("{}<irql {}{}>", text, place.irql, locks_text(place));
}

// "bank 0 pin 5, level, low, ..." -> "level, low" for E, "low" for R and U.
std::string polarity_of(const Call& call) {
    const auto first = call.arguments.find(", ");
    const auto second = call.arguments.find(", ", first + 2);
    const auto third = call.arguments.find(", ", second + 2);
    const std::string mode = call.arguments.substr(first + 2, second - first - 2);
    const std::string polarity = call.arguments.substr(second + 2, third - second - 2);
    return call.callback == Callback::enable ? mode + ", " + polarity : polarity;
}

std::string word_of(const Call& call, const Shape& shape) {
    if (call.is_isr) return shape.who ? "isr(" + call.who + ")" : "isr";
    std::string word(letter_of(call.callback));
    const bool has_polarity = call.callback == Callback::enable ||
                              call.callback == Callback::unmask ||
                              call.callback == Callback::reconfigure;
    if (shape.polarity && has_polarity) word += "(" + polarity_of(call) + ")";
    return word;
}

}  // namespace

void Trace::clear() {
    calls.clear();
    burst_ = 0;
}

std::size_t Trace::enter(Call call) {
    machine::OutsideArenaScope outside;
    call.entered = ++order_;
    call.burst = burst_;
    calls.push_back(std::move(call));
    return calls.size() - 1;
}

void Trace::leave(std::size_t index, NTSTATUS status) {
    if (index >= calls.size()) return;  // cleared meanwhile
    calls[index].status = status;
    calls[index].left = ++order_;
}

std::string Trace::compact(Shape shape) const {
    std::string text;
    const Call* before = nullptr;
    for (const Call& call : calls) {
        if (!call.is_isr && !shape.setup && is_setup(call.callback)) continue;
        if (!shape.query_enabled && call.callback == Callback::query_enabled) continue;
        if (before != nullptr) {
            const bool later = before->place.in_interrupt && !call.place.in_interrupt;
            text += before->burst != call.burst ? " ; " : later ? " ... " : " ";
        }
        text += in_place(call, word_of(call, shape));
        before = &call;
    }
    return text;
}

std::string Trace::lifecycle() const {
    std::string text;
    for (const Call& call : calls) {
        if (call.is_isr || !is_setup(call.callback)) continue;
        std::string word(letter_of(call.callback));
        if (!call.arguments.empty()) word += "(" + call.arguments + ")";
        text += (text.empty() ? "" : " ") + in_place(call, word);
    }
    return text;
}

std::string Trace::full() const {
    std::string text;
    for (const Call& call : calls) {
        text += fmt::format("{} {}({}) irql {}{}", call.who,
                            call.is_isr ? "service routine" : name_of(call.callback),
                            call.arguments, call.place.irql, locks_text(call.place));
        if (call.left == 0) {
            text += ", has not returned\n";
        } else if (call.is_isr) {
            text += NT_SUCCESS(call.status) ? " -> claimed\n" : " -> not claimed\n";
        } else {
            const char* status = kernel::rtl::status_name(call.status);
            text += fmt::format(" -> {}\n", status != nullptr ? status : "?");
        }
    }
    return text;
}

std::vector<const Call*> Trace::all(Callback callback) const {
    std::vector<const Call*> found;
    for (const Call& call : calls) {
        if (!call.is_isr && call.callback == callback) found.push_back(&call);
    }
    return found;
}

std::size_t Trace::isr_count() const {
    std::size_t n = 0;
    for (const Call& call : calls) n += call.is_isr;
    return n;
}

const Call& Trace::last(Callback callback) const {
    static const Call none;
    const auto found = all(callback);
    EXPECT_FALSE(found.empty()) << name_of(callback) << " was never called:\n" << full();
    return found.empty() ? none : *found.back();
}

}  // namespace gpioclx::conformance
