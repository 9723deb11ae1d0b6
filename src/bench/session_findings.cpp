// Session's part in findings: what stands behind one in the stream, and which of them are told.
#include <utility>

#include "bench/session.h"
#include "diagnostics/stack_mark.h"

namespace gpioclx::bench {

// What the marks behind a finding say of it.
void Session::add_to_finding(const machine::Event& event, std::string_view text) {
    if (text.starts_with(other_stack_mark)) {
        findings_.back().other_stack = symbolize_stack_text(text.substr(other_stack_mark.size()));
    } else if (text.starts_with(held_mark)) {
        findings_.back().held = text.substr(held_mark.size());
    } else if (text.starts_with(again_mark)) {
        const std::string_view id = text.substr(again_mark.size());
        const std::string_view sentence = worker_->name(event.detail);
        for (Finding& finding : findings_) {
            if (finding.id == id && finding.sentence == sentence)
                finding.count = std::max(finding.count, event.a);
        }
    }
}

const Sorted& Session::sorted() const {
    if (std::exchange(sorted_is_old_, false)) sorted_ = sort_out(findings_, bench_.suppressions);
    return sorted_;
}

const std::vector<Finding>& Session::findings() const { return sorted().told; }

std::vector<SuppressedFinding> Session::suppressed() const {
    std::vector<SuppressedFinding> all = sorted().suppressed;
    all.insert(all.end(), suppressed_explored_.begin(), suppressed_explored_.end());
    return all;
}

std::vector<std::string> Session::unused_suppressions() const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < bench_.suppressions.size(); ++i) {
        const bool explored = i < used_explored_.size() && used_explored_[i];
        if (!sorted().used[i] && !explored)
            texts.push_back(unused_text(bench_.suppressions[i], bench_.file.string()));
    }
    return texts;
}

bool Session::suppressed_in_exploration(const Finding& finding) {
    used_explored_.resize(bench_.suppressions.size(), false);
    for (std::size_t i = 0; i < bench_.suppressions.size(); ++i) {
        if (!fits(bench_.suppressions[i], finding)) continue;
        used_explored_[i] = true;
        suppressed_explored_.push_back({finding, bench_.suppressions[i].reason});
        return true;
    }
    return false;
}

}  // namespace gpioclx::bench
