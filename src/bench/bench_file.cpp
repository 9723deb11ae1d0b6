#include "bench/bench_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <sstream>

#include "bench/finding_rule.h"
#include "bench/known_settings.h"

#include "diagnostics/toml_text.h"

namespace gpioclx::bench {
namespace {

namespace fs = std::filesystem;

// Reads keys out of one table and remembers the first mistake.
class TableReader {
  public:
    TableReader(const toml::table& table, std::string what, const std::string& file,
                std::optional<Error>& error)
        : table_(table), what_(std::move(what)), file_(file), error_(error) {}

    int line() const { return static_cast<int>(table_.source().begin.line); }

    // Complains about keys that nobody knows.
    void allow(std::initializer_list<std::string_view> keys) {
        for (const auto& [key, node] : table_) {
            if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
            fail(node, fmt::format("unknown key '{}' in {}", key.str(), what_),
                 "keys: " + joined(keys));
        }
    }

    std::string text(std::string_view key, bool required = false) {
        const toml::node* node = find(key, required);
        if (node == nullptr) return {};
        if (const auto value = node->value_exact<std::string>()) return *value;
        fail(*node, fmt::format("'{}' in {} must be a text", key, what_));
        return {};
    }

    std::optional<std::uint64_t> number(std::string_view key, bool required = false) {
        const toml::node* node = find(key, required);
        if (node == nullptr) return std::nullopt;
        if (const auto value = node->value_exact<std::int64_t>(); value && *value >= 0) {
            return static_cast<std::uint64_t>(*value);
        }
        fail(*node, fmt::format("'{}' in {} must be a number that is not negative", key, what_));
        return std::nullopt;
    }

    std::vector<std::string> texts(std::string_view key, bool required = false) {
        const toml::node* node = find(key, required);
        std::vector<std::string> result;
        if (node == nullptr) return result;
        if (const auto single = node->value_exact<std::string>()) return {*single};
        const toml::array* array = node->as_array();
        if (array == nullptr) {
            fail(*node, fmt::format("'{}' in {} must be a text or a list of texts", key, what_));
            return result;
        }
        for (const toml::node& element : *array) {
            if (const auto value = element.value_exact<std::string>()) {
                result.push_back(*value);
            } else {
                fail(element, fmt::format("'{}' in {} must contain texts only", key, what_));
            }
        }
        return result;
    }

    // A table of scalars, as texts.
    std::vector<std::pair<std::string, std::string>> scalars(std::string_view key) {
        std::vector<std::pair<std::string, std::string>> result;
        const toml::node* node = find(key, false);
        if (node == nullptr) return result;
        const toml::table* table = node->as_table();
        if (table == nullptr) {
            fail(*node, fmt::format("'{}' in {} must be a table: {{ name = value }}", key, what_));
            return result;
        }
        for (const auto& [name, value] : *table) {
            if (const auto text = value.value_exact<std::string>()) {
                result.emplace_back(name.str(), *text);
            } else if (const auto flag = value.value_exact<bool>()) {
                result.emplace_back(name.str(), *flag ? "true" : "false");
            } else if (const auto integer = value.value_exact<std::int64_t>()) {
                result.emplace_back(name.str(), std::to_string(*integer));
            } else {
                fail(value, fmt::format("'{}' in '{}' must be a text, a number or true/false",
                                        name.str(), key));
            }
        }
        return result;
    }

    std::map<std::string, std::uint32_t> numbers(std::string_view key) {
        std::map<std::string, std::uint32_t> result;
        const toml::node* node = find(key, false);
        if (node == nullptr) return result;
        const toml::table* table = node->as_table();
        for (const auto& [name, value] : table != nullptr ? *table : toml::table{}) {
            const auto integer = value.value_exact<std::int64_t>();
            if (integer && *integer >= 0 && *integer <= 0xFFFFFFFF) {
                result[std::string(name.str())] = static_cast<std::uint32_t>(*integer);
            } else {
                fail(value.source().begin.line != 0 ? value : *node,
                     fmt::format("'{}' in '{}' must be a number of 32 bits", name.str(), key));
            }
        }
        if (table == nullptr)
            fail(*node, fmt::format("'{}' in {} must be a table: {{ name = number }}", key, what_));
        return result;
    }

    void fail_at(std::string_view key, std::string message, std::string hint) {
        const toml::node* node = table_.get(key);
        fail(node != nullptr ? *node : table_, std::move(message), std::move(hint));
    }

    void fail(const toml::node& node, std::string message, std::string hint = {}) {
        if (error_) return;
        const auto line = node.source().begin.line;  // 0: of a value that the parser did not place
        error_ =
            Error{std::move(message), file_,
                  static_cast<int>(line != 0 ? line : table_.source().begin.line), std::move(hint)};
    }

  private:
    static std::string joined(std::initializer_list<std::string_view> keys) {
        std::string result;
        for (std::string_view key : keys) result += (result.empty() ? "" : ", ") + std::string(key);
        return result;
    }

    const toml::node* find(std::string_view key, bool required) {
        const toml::node* node = table_.get(key);
        if (node == nullptr && required) fail(table_, fmt::format("{} has no '{}'", what_, key));
        return node;
    }

    const toml::table& table_;
    std::string what_;
    const std::string& file_;
    std::optional<Error>& error_;
};

class BenchReader {
  public:
    BenchReader(const fs::path& file, const toml::table& root) : file_(file.string()), root_(root) {
        bench_.file = file;
    }

    Result<BenchFile> read() {
        read_top();
        each("driver", [this](TableReader& t) { read_driver(t); });
        each("device", [this](TableReader& t) { read_device(t); });
        each("model", [this](TableReader& t) { read_model(t); });
        each("part", [this](TableReader& t) { read_part(t); });
        each("wire", [this](TableReader& t) { read_wire(t); });
        each("override", [this](TableReader& t) { read_override(t); });
        each("setting", [this](TableReader& t) { read_setting(t); });
        each("suppress", [this](TableReader& t) { read_suppress(t); });
        if (error_) return *error_;
        return std::move(bench_);
    }

  private:
    fs::path beside(const std::string& path) const {
        return (bench_.file.parent_path() / path).lexically_normal();
    }

    void read_top() {
        TableReader t(root_, "the bench", file_, error_);
        t.allow({"schema", "title", "firmware", "processors", "instrument", "driver", "device",
                 "model", "part", "wire", "override", "setting", "suppress", "script"});
        const auto schema = t.number("schema", true);
        if (schema && *schema != 1) {
            t.fail(*root_.get("schema"),
                   fmt::format("bench files of schema {} are not known", *schema), "schema = 1");
        }
        bench_.title = t.text("title");
        for (const std::string& path : t.texts("firmware", true))
            bench_.firmware.push_back(beside(path));
        if (const auto count = t.number("processors")) {
            bench_.processors = static_cast<std::uint32_t>(*count);
            if (*count < 1 || *count > 8)
                t.fail(*root_.get("processors"), "processors must be 1 to 8");
        }
        if (const toml::node* instrument = root_.get("instrument")) {
            const auto wanted = instrument->value_exact<bool>();
            if (!wanted) t.fail(*instrument, "'instrument' must be true or false");
            bench_.instrument = wanted.value_or(false);
        }
        const toml::node* script = root_.get("script");
        if (script == nullptr) return;
        const auto text = script->value_exact<std::string>();
        if (!text) {
            t.fail(*script, "'script' must be a text");
            return;
        }
        // The text starts on the line after the quotes.
        add_lines(*text, file_, static_cast<int>(script->source().begin.line) + 1, bench_.script);
    }

  public:
    static void add_lines(const std::string& text, const std::string& file, int first_line,
                          std::vector<ScriptLine>& lines) {
        std::istringstream stream(text);
        int number = first_line;
        for (std::string line; std::getline(stream, line); ++number) {
            if (const auto comment = line.find('#'); comment != std::string::npos)
                line.resize(comment);
            const auto begin = line.find_first_not_of(" \t\r");
            if (begin == std::string::npos) continue;
            const auto end = line.find_last_not_of(" \t\r");
            lines.push_back({line.substr(begin, end - begin + 1), file, number});
        }
    }

  private:
    template <typename Read>
    void each(std::string_view key, Read read) {
        const toml::node* node = root_.get(key);
        if (node == nullptr) return;
        const toml::array* array = node->as_array();
        if (array == nullptr) {
            TableReader(root_, "the bench", file_, error_)
                .fail(*node, fmt::format("'{}' must be a list of tables", key),
                      fmt::format("write [[{}]]", key));
            return;
        }
        for (const toml::node& element : *array) {
            const toml::table* table = element.as_table();
            if (table == nullptr) continue;
            TableReader reader(*table, fmt::format("[[{}]]", key), file_, error_);
            read(reader);
        }
    }

    void read_driver(TableReader& t) {
        t.allow({"folder", "project", "hardware_ids", "registry"});
        bench_.drivers.push_back({.folder = beside(t.text("folder", true)),
                                  .project = t.text("project"),
                                  .hardware_ids = t.texts("hardware_ids"),
                                  .registry = t.numbers("registry"),
                                  .line = t.line()});
    }
    void read_device(TableReader& t) {
        t.allow({"path", "registry"});
        bench_.devices.push_back(
            {.path = t.text("path", true), .registry = t.numbers("registry"), .line = t.line()});
    }
    // A path is relative to the bench file, as others.
    std::string model(TableReader& t) const {
        const std::string name = t.text("model", true);
        const bool file = name.ends_with(".so") || name.ends_with(".toml");
        return file ? beside(name).string() : name;
    }
    void read_model(TableReader& t) {
        t.allow({"device", "model", "with", "outputs"});
        bench_.models.push_back({.device = t.text("device", true),
                                 .model = model(t),
                                 .properties = t.scalars("with"),
                                 .outputs = t.numbers("outputs"),
                                 .line = t.line()});
    }
    void read_part(TableReader& t) {
        t.allow({"name", "model", "pin", "with"});
        bench_.parts.push_back({.name = t.text("name", true),
                                .model = model(t),
                                .pins = t.texts("pin", true),
                                .properties = t.scalars("with"),
                                .line = t.line()});
    }
    void read_wire(TableReader& t) {
        t.allow({"name", "pins"});
        bench_.wires.push_back(
            {.name = t.text("name", true), .pins = t.texts("pins", true), .line = t.line()});
    }
    void read_override(TableReader& t) {
        t.allow({"device", "memory", "base", "length"});
        bench_.overrides.push_back(
            {.device = t.text("device", true),
             .memory = static_cast<std::size_t>(t.number("memory").value_or(0)),
             .base = t.number("base"),
             .length = t.number("length"),
             .line = t.line()});
    }
    void read_setting(TableReader& t) {
        t.allow({"device", "name", "value"});
        bench_.settings.push_back({.device = t.text("device"),
                                   .name = t.text("name", true),
                                   .value = t.number("value", true).value_or(0),
                                   .line = t.line()});
        const std::string& name = bench_.settings.back().name;
        if (error_ ||
            std::find(known_settings.begin(), known_settings.end(), name) != known_settings.end())
            return;
        std::string known;
        for (std::string_view one : known_settings)
            known += (known.empty() ? "" : ", ") + std::string(one);
        t.fail_at("name", fmt::format("there is no setting '{}'", name), "settings: " + known);
    }

    void read_suppress(TableReader& t) {
        t.allow({"id", "device", "driver", "function", "reason"});
        bench_.suppressions.push_back({.id = t.text("id", true),
                                       .device = t.text("device"),
                                       .driver = t.text("driver"),
                                       .function = t.text("function"),
                                       .reason = t.text("reason", true),
                                       .line = t.line()});
        const SuppressEntry& entry = bench_.suppressions.back();
        if (error_) return;
        if (entry.reason.find_first_not_of(' ') == std::string::npos)
            t.fail_at("reason", "a suppression needs its reason",
                      "why is this finding no mistake?");
        if (finding_rule(entry.id) == nullptr)
            t.fail_at("id", fmt::format("there is no finding '{}'", entry.id),
                      "gpioclx explain lists them all");
    }

    std::string file_;
    const toml::table& root_;
    BenchFile bench_;
    std::optional<Error> error_;
};

Result<std::string> read_text(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream || fs::is_directory(file))
        return Error{.message = fs::is_directory(file) ? "this is a folder, not a file"
                                : fs::exists(file)     ? "the file cannot be read"
                                                       : "there is no such file",
                     .file = file.string()};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

Result<BenchFile> read_bench_file(const fs::path& given) {
    const fs::path file = fs::absolute(given).lexically_normal();
    auto text = read_text(file);
    if (!text) return text.error();
    auto parsed = parse_toml(*text, file.string());
    if (!parsed) return parsed.error();
    return BenchReader(file, *parsed).read();
}

RegistryPath registry_path(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {.key = "", .name = path};
    std::string key = path.substr(0, slash);
    std::replace(key.begin(), key.end(), '/', '\\');
    return {.key = std::move(key), .name = path.substr(slash + 1)};
}

Result<std::vector<ScriptLine>> read_script(const fs::path& file) {
    auto text = read_text(file);
    if (!text) return text.error();
    std::vector<ScriptLine> lines;
    BenchReader::add_lines(*text, file.string(), 1, lines);
    return lines;
}

}  // namespace gpioclx::bench
