#include "bench/suppression.h"

#include <fmt/format.h>

#include <algorithm>

#include "diagnostics/function_name.h"

namespace gpioclx::bench {

bool fits(const SuppressEntry& entry, const Finding& finding) {
    if (entry.id != finding.id) return false;
    if (!entry.device.empty() && finding.sentence.find(entry.device) == std::string::npos)
        return false;
    const auto on_stack = [&finding](const auto& is) {
        return std::any_of(finding.stack.begin(), finding.stack.end(), is);
    };
    if (!entry.driver.empty() &&
        !on_stack([&](const StackFrame& frame) { return frame.image == entry.driver; }))
        return false;
    return entry.function.empty() || on_stack([&](const StackFrame& frame) {
               return frame.function == entry.function ||
                      short_function_name(frame.function) == entry.function;
           });
}

namespace {

// The driver's own line.
const StackFrame* place_of(const Finding& finding) {
    const auto frame =
        std::find_if(finding.stack.begin(), finding.stack.end(),
                     [](const StackFrame& one) { return !is_own_driver(one.image); });
    return frame != finding.stack.end() ? &*frame : nullptr;
}

bool is_number(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// "at IRQL 5" and "at IRQL 12" are the same sentence.
bool same_but_numbers(std::string_view a, std::string_view b) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        const bool digits = a[i] >= '0' && a[i] <= '9' && b[j] >= '0' && b[j] <= '9';
        if (digits) {
            while (i < a.size() && is_number(a[i])) ++i;
            while (j < b.size() && is_number(b[j])) ++j;
        } else if (a[i++] != b[j++]) {
            return false;
        }
    }
    return i == a.size() && j == b.size();
}

bool same(const Finding& a, const Finding& b) {
    if (a.id != b.id) return false;
    const StackFrame* at = place_of(a);
    const StackFrame* other = place_of(b);
    if (at == nullptr || other == nullptr) return at == other && a.sentence == b.sentence;
    const bool same_line = at->file.empty() ? at->offset == other->offset
                                            : at->file == other->file && at->line == other->line;
    return at->image == other->image && same_line && same_but_numbers(a.sentence, b.sentence);
}

}  // namespace

Sorted sort_out(const std::vector<Finding>& findings, const std::vector<SuppressEntry>& entries) {
    Sorted sorted;
    sorted.used.assign(entries.size(), false);
    for (const Finding& finding : findings) {
        const auto entry =
            std::find_if(entries.begin(), entries.end(),
                         [&finding](const SuppressEntry& one) { return fits(one, finding); });
        if (entry != entries.end()) {
            sorted.used[static_cast<std::size_t>(entry - entries.begin())] = true;
            const auto known = std::find_if(
                sorted.suppressed.begin(), sorted.suppressed.end(),
                [&finding](const SuppressedFinding& one) { return same(one.finding, finding); });
            if (known != sorted.suppressed.end()) {
                known->finding.count += finding.count;
            } else {
                sorted.suppressed.push_back({finding, entry->reason});
            }
            continue;
        }
        const auto known =
            std::find_if(sorted.told.begin(), sorted.told.end(),
                         [&finding](const Finding& one) { return same(one, finding); });
        if (known != sorted.told.end()) {
            known->count += finding.count;
        } else {
            sorted.told.push_back(finding);
        }
    }
    return sorted;
}

std::string unused_text(const SuppressEntry& entry, const std::string& file) {
    return fmt::format("{}:{}: warning: nothing was found that this suppresses ({}: {})", file,
                       entry.line, entry.id, entry.reason);
}

}  // namespace gpioclx::bench
