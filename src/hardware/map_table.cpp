#include "hardware/map_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gpioclx::hardware {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string join(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        if (!text.empty()) text += ", ";
        text += name;
    }
    return text;
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string>& names) {
    std::string_view best;
    std::size_t best_distance = 3;
    for (const std::string& candidate : names) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

void MapProblem::add(int line, std::string message, std::string hint) {
    if (first_) return;
    first_ =
        Error{.message = std::move(message), .file = file_, .line = line, .hint = std::move(hint)};
}

MapTable::MapTable(const MapValue& table, std::string what, MapProblem& problem)
    : table_(&table), what_(std::move(what)), problem_(&problem) {
    if (table.kind != MapValue::Kind::table) {
        problem.add(table.line, fmt::format("{} is {}", what_, to_string(table.kind)),
                    "write a table: { key = value, ... }");
    }
}

void MapTable::wrong(std::string_view key, std::string message, std::string hint) {
    const MapValue* value = table_->find(key);
    problem_->add(value ? value->line : table_->line,
                  fmt::format("{}: {}: {}", what_, key, message), std::move(hint));
}

const MapValue* MapTable::value(std::string_view key) {
    known_.emplace_back(key);
    return table_->find(key);
}

const MapValue* MapTable::expect(std::string_view key, MapValue::Kind kind) {
    const MapValue* there = value(key);
    if (!there || there->kind == kind) return there;
    wrong(key, fmt::format("is {}, must be {}", to_string(there->kind), to_string(kind)),
          fmt::format("write {}", to_string(kind)));
    return nullptr;
}

std::optional<std::string> MapTable::text(std::string_view key) {
    const MapValue* there = expect(key, MapValue::Kind::text);
    return there ? std::optional(there->text) : std::nullopt;
}

std::optional<bool> MapTable::boolean(std::string_view key) {
    const MapValue* there = expect(key, MapValue::Kind::boolean);
    return there ? std::optional(there->boolean) : std::nullopt;
}

std::optional<bool> MapTable::bit(std::string_view key) {
    const MapValue* there = value(key);
    if (!there) return std::nullopt;
    if (there->kind == MapValue::Kind::number && (there->number & ~1ll) == 0) {
        return there->number == 1;
    }
    wrong(key, "must be 0 or 1", "0 or 1, as the register has it");
    return std::nullopt;
}

std::optional<std::uint32_t> MapTable::number(std::string_view key, std::uint32_t max) {
    const MapValue* there = expect(key, MapValue::Kind::number);
    if (!there) return std::nullopt;
    if (there->number < 0 || there->number > static_cast<std::int64_t>(max)) {
        wrong(key, fmt::format("{} is out of range", there->number),
              fmt::format("0 to {} (0x{:x}) is possible", max, max));
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(there->number);
}

std::vector<std::uint32_t> MapTable::numbers(std::string_view key, std::uint32_t max) {
    const MapValue* there = value(key);
    if (!there) return {};
    if (there->kind == MapValue::Kind::number) {
        const auto one = number(key, max);
        return one ? std::vector{*one} : std::vector<std::uint32_t>{};
    }
    std::vector<std::uint32_t> all;
    if (there->kind == MapValue::Kind::list) {
        for (const MapValue& item : there->items) {
            if (item.kind != MapValue::Kind::number || item.number < 0 ||
                item.number > static_cast<std::int64_t>(max)) {
                all.clear();
                break;
            }
            all.push_back(static_cast<std::uint32_t>(item.number));
        }
    }
    if (all.empty()) {
        wrong(key, "must be a number or a list of numbers",
              fmt::format("each from 0 to 0x{:x}", max));
    }
    return all;
}

std::optional<PinList> MapTable::pins(std::string_view key, unsigned pin_count) {
    const auto list = text(key);
    if (!list) return std::nullopt;
    auto parsed = parse_pin_list(*list, pin_count);
    if (parsed) return std::move(*parsed);
    wrong(key, parsed.error().message, parsed.error().hint);
    return std::nullopt;
}

std::vector<const MapValue*> MapTable::tables(std::string_view key) {
    const MapValue* list = expect(key, MapValue::Kind::list);
    std::vector<const MapValue*> all;
    if (!list) return all;
    for (const MapValue& item : list->items) all.push_back(&item);
    return all;
}

const MapValue* MapTable::table(std::string_view key) { return expect(key, MapValue::Kind::table); }

std::optional<std::size_t> MapTable::one_of(std::string_view key,
                                            std::initializer_list<std::string_view> names) {
    const auto chosen = text(key);
    if (!chosen) return std::nullopt;
    std::size_t index = 0;
    for (std::string_view name : names) {
        if (name == *chosen) return index;
        ++index;
    }
    wrong(key, fmt::format("'{}' is not known", *chosen),
          "one of " + join(std::vector<std::string>(names.begin(), names.end())));
    return std::nullopt;
}

void MapTable::require(std::string_view key, std::string_view example) {
    if (has(key)) return;
    problem_->add(table_->line, fmt::format("{}: key '{}' is missing", what_, key),
                  fmt::format("as in {} = {}", key, example));
}

void MapTable::finish() {
    std::sort(known_.begin(), known_.end());
    known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
    for (const auto& [key, value] : table_->members) {
        if (std::binary_search(known_.begin(), known_.end(), key)) continue;
        const std::string_view near = nearest_name(key, known_);
        problem_->add(
            value.line ? value.line : table_->line,
            fmt::format("{}: key '{}' is not known", what_, key),
            near.empty() ? "known keys: " + join(known_) : fmt::format("did you mean '{}'?", near));
        return;
    }
}

}  // namespace gpioclx::hardware
