#include "check/finding_list.h"

#include <algorithm>
#include <regex>

namespace gpioclx::check {
namespace {

struct Parts {
    std::string what;
    std::string where;
};

// "... pin 3 ...", "... pins 3, 4 ...", or "... (WHERE): ...".
Parts parts_of(const std::string& sentence) {
    static const std::regex pins(" (pins? [0-9]+(, [0-9]+)*)");
    if (std::smatch found; std::regex_search(sentence, found, pins))
        return {found.prefix().str() + found.suffix().str(), found[1].str()};
    const auto open = sentence.find(" (");
    const auto close = sentence.find("): ", open);
    if (open == std::string::npos || close == std::string::npos) return {sentence, ""};
    return {sentence.substr(0, open), sentence.substr(open + 2, close - open - 2)};
}

// The driver's line. Where a bus driver of ours stands between, all lines that led there: a
// function that writes registers for everybody is no mistake.
std::string key_of(const bench::Finding& finding) {
    std::string key = finding.id;
    const auto add = [&key](const bench::StackFrame& frame) {
        key += " " + frame.file + ":" + std::to_string(frame.line) + " " + frame.function;
    };
    const bool direct =
        !finding.stack.empty() && !bench::is_own_driver(finding.stack.front().image);
    for (const bench::StackFrame& frame : finding.stack) {
        if (bench::is_own_driver(frame.image)) continue;
        add(frame);
        if (direct) return key;
    }
    // How far back the lines go is limited; the sentence names the callback.
    if (key != finding.id) return key + " " + parts_of(finding.sentence).what;
    if (finding.stack.empty()) return key + " " + parts_of(finding.sentence).what;
    add(finding.stack.front());  // the extension says so, whatever the numbers in the sentence are
    return key;
}

constexpr std::size_t places_max = 300;

}  // namespace

bool FindingList::add(CheckFinding finding) {
    const std::string key = key_of(finding.finding);
    const auto known = std::find(keys_.begin(), keys_.end(), key);
    if (known == keys_.end()) {
        keys_.push_back(key);
        findings_.push_back(std::move(finding));
        return true;
    }
    CheckFinding& first = findings_[static_cast<std::size_t>(known - keys_.begin())];
    const std::string where = parts_of(finding.finding.sentence).where;
    if (where.empty() || where == parts_of(first.finding.sentence).where ||
        first.more_places.size() >= places_max)
        return false;
    if (std::find(first.more_places.begin(), first.more_places.end(), where) ==
        first.more_places.end())
        first.more_places.push_back(where);
    return false;
}

}  // namespace gpioclx::check
