#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/board_link.h"

namespace gpioclx {

std::string Part::state() const {
    for (const nlohmann::json& row : link_->show("parts")) {
        if (row.at("name") == name_) return row.at("state");
    }
    throw BadInput(fmt::format("part '{}' is gone", name_), "", 0);
}

void Part::perform(std::string_view action, std::initializer_list<std::string_view> words) const {
    std::string statement = fmt::format("do {} {}", script_word(name_), script_word(action));
    for (std::string_view word : words) statement += " " + script_word(word);
    link_->step(statement);
}

void Button::press() const { perform("press"); }
void Button::release() const { perform("release"); }
bool Button::is_pressed() const { return state() == "pressed"; }

void Button::press_for(std::chrono::nanoseconds time) const {
    if (time.count() < 0) throw BadInput("a time is negative", "", 0);
    press();
    link_->take(link_->session().run_for(static_cast<std::uint64_t>(time.count())));
    release();
}

bool Led::is_on() const { return state() == "on"; }

}  // namespace gpioclx
