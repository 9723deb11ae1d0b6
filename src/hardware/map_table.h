// Reads one table of a register map key by key. Mistakes are collected in a MapProblem (the first
// one counts), so that readers need not stop at each key; `finish` finds the keys nobody asked for.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "hardware/map_document.h"
#include "hardware/pin_list.h"

namespace gpioclx::hardware {

class MapProblem {
  public:
    explicit MapProblem(std::string file) : file_(std::move(file)) {}
    void add(int line, std::string message, std::string hint = {});
    bool any() const { return first_.has_value(); }
    const Error& first() const { return *first_; }
    const std::string& file() const { return file_; }

  private:
    std::string file_;
    std::optional<Error> first_;
};

class MapTable {
  public:
    // `what` names the table in messages: "register GPLEV".
    MapTable(const MapValue& table, std::string what, MapProblem& problem);

    bool has(std::string_view key) const { return table_->find(key) != nullptr; }
    const MapValue* value(std::string_view key);  // any kind; null when absent
    std::optional<std::string> text(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    // Also takes 0 and 1, as registers have it.
    std::optional<bool> bit(std::string_view key);
    std::optional<std::uint32_t> number(std::string_view key, std::uint32_t max = 0xFFFFFFFF);
    // One number or a list of them.
    std::vector<std::uint32_t> numbers(std::string_view key, std::uint32_t max = 0xFFFFFFFF);
    std::optional<PinList> pins(std::string_view key, unsigned pin_count);
    std::vector<const MapValue*> tables(std::string_view key);  // a list of tables
    const MapValue* table(std::string_view key);
    // Index into `names`; a mistake lists them.
    std::optional<std::size_t> one_of(std::string_view key,
                                      std::initializer_list<std::string_view> names);

    void require(std::string_view key, std::string_view example);
    void wrong(std::string_view key, std::string message, std::string hint = {});
    void finish();

    int line() const { return table_->line; }
    const std::string& what() const { return what_; }
    void rename(std::string what) { what_ = std::move(what); }

  private:
    const MapValue* expect(std::string_view key, MapValue::Kind kind);

    const MapValue* table_;
    std::string what_;
    MapProblem* problem_;
    std::vector<std::string> known_;
};

// The name among `names` that `name` probably was meant to be; empty if none is near.
std::string_view nearest_name(std::string_view name, const std::vector<std::string>& names);

}  // namespace gpioclx::hardware
