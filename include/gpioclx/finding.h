// What a driver does against the rules, where in its source.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include <gpioclx/irql.h>

namespace gpioclx {

struct SourceFrame {
    std::string image;     // "led"
    std::string function;  // "??" if the image says nothing of the place
    std::string file;      // "" likewise
    int line = 0;
    std::uint64_t offset = 0;  // in the image
};

struct Finding {
    std::string id;  // lasting: "V3", "fault-010"
    std::string sentence;
    std::chrono::nanoseconds time{};
    std::optional<unsigned> processor;  // nothing: outside
    Irql irql;
    std::string actor;
    std::vector<SourceFrame> stack;        // innermost first; the driver's part of it
    std::vector<SourceFrame> other_stack;  // likewise, of the other one, where it takes two

    std::string held = {};      // locks that were held at that moment; "": none
    std::uint64_t count = 1;    // how often at this place, at least
    std::string rule = {};      // what is wrong, whatever happened: docs/findings.md
    std::string document = {};  // title of the page of Microsoft's documentation; "": there is none
    std::string remedy = {};    // what to do

    // Several lines: sentence, place, context, stack.
    std::string text() const;
};

std::ostream& operator<<(std::ostream& stream, const Finding& finding);

}  // namespace gpioclx
