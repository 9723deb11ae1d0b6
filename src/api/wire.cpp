#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/board_link.h"

namespace gpioclx {
namespace {

nlohmann::json row_of(BoardLink& link, const std::string& name) {
    for (const nlohmann::json& row : link.show("wires")) {
        if (row.at("name") == name) return row;
    }
    throw BadInput(fmt::format("wire '{}' is gone", name), "", 0);
}

}  // namespace

Level Wire::level() const { return level_of(row_of(*link_, name_).at("level").get<std::string>()); }

std::vector<std::string> Wire::ends() const {
    std::vector<std::string> owners;
    for (const nlohmann::json& end : row_of(*link_, name_).at("ends"))
        owners.push_back(end.at("owner"));
    return owners;
}

void Wire::set(Level level) const {
    if (level == Level::floating) return release();
    link_->step(fmt::format("set {} {}", script_word(name_), to_string(level)));
}

void Wire::release() const { link_->step(fmt::format("set {} off", script_word(name_))); }

}  // namespace gpioclx
