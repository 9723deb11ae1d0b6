// Assertions for GoogleTest, which this header needs and no other one does:
//     EXPECT_TRUE(gpioclx::nothing_found(board));
//     EXPECT_TRUE(gpioclx::in_order(board.take_new_events(), {"wire button goes low", "wire
//     led"}));
// When one fails, it shows the timeline.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>

#include <gpioclx/board.h>

namespace gpioclx {

// No driver broke a rule so far. Fails with each finding, its place in the driver's source and the
// command that shows the run again.
inline ::testing::AssertionResult nothing_found(const Board& board) {
    if (board.findings().empty()) return ::testing::AssertionSuccess();
    std::ostringstream text;
    for (const Finding& finding : board.findings()) text << finding << '\n';
    return ::testing::AssertionFailure()
           << board.findings().size() << " finding(s) with " << board.bench().string() << ", seed "
           << board.seed() << "\n"
           << text.str();
}

// The timeline (Events::steps) has these texts, parts of Event::text(), in this order, whatever is
// between.
// Fails with the timeline: a number in front of what was found, and what was looked for in vain.
inline ::testing::AssertionResult in_order(const Events& events,
                                           std::initializer_list<std::string_view> texts) {
    std::ostringstream timeline;
    auto wanted = texts.begin();
    int found = 0;
    for (const Event& event : events.steps()) {
        const bool matches =
            wanted != texts.end() && event.text().find(*wanted) != std::string::npos;
        std::string number = matches ? std::to_string(++found) : "";
        number.resize(4, ' ');
        timeline << number << event << '\n';
        if (matches) ++wanted;
    }
    if (wanted == texts.end()) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << "expected " << texts.size() << " events in order; \"" << *wanted << "\", number "
           << found + 1 << ", does not follow. What happened:\n"
           << timeline.str();
}

}  // namespace gpioclx
