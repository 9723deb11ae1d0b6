#include "machine/name_table.h"

#include <deque>
#include <string>
#include <unordered_map>

#include "machine/arena.h"

namespace gpioclx::machine {

struct LocalNameTable::Impl {
    std::deque<std::string> texts{""};
    std::unordered_map<std::string_view, NameId> ids{{"", no_name}};
};

LocalNameTable::LocalNameTable() {
    OutsideArenaScope outside;
    impl_ = new Impl;
}

LocalNameTable::~LocalNameTable() { delete impl_; }

NameId LocalNameTable::intern(std::string_view text) {
    const auto known = impl_->ids.find(text);
    if (known != impl_->ids.end()) return known->second;
    OutsideArenaScope outside;
    const NameId id = static_cast<NameId>(impl_->texts.size());
    impl_->texts.emplace_back(text);
    impl_->ids.emplace(impl_->texts.back(), id);
    return id;
}

std::string_view LocalNameTable::text(NameId id) const {
    return id < impl_->texts.size() ? std::string_view(impl_->texts[id]) : std::string_view("?");
}

}  // namespace gpioclx::machine
