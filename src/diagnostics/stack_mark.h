// The marks of the event stream that carry a driver's call stack, right behind what it belongs to:
// "stack: led+0x1234 < led+0x88", innermost first. Where it takes two, the other one's follows.
#pragma once

#include <string_view>

namespace gpioclx {

constexpr std::string_view stack_mark = "stack: ";
constexpr std::string_view other_stack_mark = "other stack: ";
// And which locks were held: "held: 'led lock', 'queue lock'".
constexpr std::string_view held_mark = "held: ";
// A finding that was told before, again: its id behind the mark, the sentence as detail, a = how
// often so far.
constexpr std::string_view again_mark = "again: ";

}  // namespace gpioclx
