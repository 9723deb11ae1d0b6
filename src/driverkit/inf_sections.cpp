#include "driverkit/inf_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

// One line as written: quotes removed, '%' still in place.
struct RawLine {
    std::string section;
    std::string key;
    std::vector<std::string> values;
    int number = 0;
};

class Scanner {
  public:
    Scanner(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    Result<std::vector<RawLine>> scan(std::vector<std::string>& names) {
        std::vector<RawLine> lines;
        std::string line;
        while (next_line(line)) {
            const auto body = trim(line);
            if (body.empty() || body.front() == ';') continue;
            if (body.front() == '[') {
                const auto end = body.find(']');
                if (end == std::string_view::npos) return error("the section name lacks its ']'");
                section_ = std::string(trim(body.substr(1, end - 1)));
                const auto rest = trim(body.substr(end + 1));
                if (!rest.empty() && rest.front() != ';') {
                    return error("text behind the section name");
                }
                names.push_back(section_);
                continue;
            }
            if (section_.empty()) return error("text before the first [section]");
            auto raw = split(body);
            if (!raw) return raw.error();
            if (!raw->key.empty() || !raw->values.empty()) lines.push_back(*std::move(raw));
        }
        return lines;
    }

  private:
    Error error(std::string message) const {
        return Error{.message = std::move(message), .file = file_, .line = first_};
    }

    // A backslash at the end of a line, outside comments, continues it.
    bool next_line(std::string& line) {
        line.clear();
        if (at_ >= text_.size()) return false;
        first_ = number_ + 1;
        for (;;) {
            const auto end = std::min(text_.find('\n', at_), text_.size());
            std::string part(text_.substr(at_, end - at_));
            at_ = end + 1;
            ++number_;
            const auto kept = trim(part);
            const bool comment = kept.starts_with(';');
            if (comment || !kept.ends_with('\\') || at_ >= text_.size()) {
                line += part;
                return true;
            }
            line += kept.substr(0, kept.size() - 1);
        }
    }

    // key = value, "value; with, all", value ; comment
    Result<RawLine> split(std::string_view body) const {
        RawLine raw{.section = section_, .key = {}, .values = {}, .number = first_};
        std::string current;
        std::size_t quoted_end = 0;  // blanks inside quotes are kept
        bool quoted = false, any = false;
        auto take = [&] {
            const auto last = current.find_last_not_of(" \t");
            current.resize(std::max(last == std::string::npos ? 0 : last + 1, quoted_end));
            raw.values.push_back(std::exchange(current, ""));
            quoted_end = 0;
        };
        for (std::size_t i = 0; i < body.size(); ++i) {
            const char c = body[i];
            if (quoted) {
                if (c != '"') {
                    current += c;
                } else if (i + 1 < body.size() && body[i + 1] == '"') {
                    current += '"';
                    ++i;
                } else {
                    quoted = false;
                    quoted_end = current.size();
                }
                continue;
            }
            if (c == ';') break;
            any = true;
            if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                take();
            } else if (c == '=' && raw.key.empty() && raw.values.empty()) {
                take();
                raw.key = std::exchange(raw.values, {})[0];
                any = false;
                if (raw.key.empty()) return error("a name is missing before '='");
            } else if (!current.empty() || !std::isspace(static_cast<unsigned char>(c))) {
                current += c;
            }
        }
        if (quoted) return error("a quote is not closed");
        if (any) take();
        return raw;
    }

    std::string_view text_;
    const std::string& file_;
    std::string section_;
    std::size_t at_ = 0;
    int number_ = 0;
    int first_ = 0;
};

using Strings = std::map<std::string, std::string, std::less<>>;

// %name% -> its text; %% -> %. %12% and the like are folder numbers and stay.
std::string replace_strings(std::string_view text, const Strings& strings,
                            std::vector<std::string>& unknown) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto end = text[i] == '%' ? text.find('%', i + 1) : std::string_view::npos;
        if (end == std::string_view::npos) {
            out += text[i];
            continue;
        }
        const auto name = text.substr(i + 1, end - i - 1);
        const auto found = strings.find(lower(name));
        const bool folder = std::all_of(name.begin(), name.end(),
                                        [](unsigned char c) { return std::isdigit(c) != 0; });
        if (name.empty()) {
            out += '%';
        } else if (found != strings.end()) {
            out += found->second;
        } else {
            out += text.substr(i, end - i + 1);
            if (!folder) unknown.emplace_back(name);
        }
        i = end;
    }
    return out;
}

std::string with_architecture(std::string text) {
    for (std::size_t at = 0; (at = lower(text).find("$arch$", at)) != std::string::npos;) {
        text.replace(at, 6, "amd64");
    }
    return text;
}

}  // namespace

const std::string& InfLine::value(std::size_t index) const {
    static const std::string none;
    return index < values.size() ? values[index] : none;
}

Result<InfSections> InfSections::parse(std::string_view text, const std::string& file) {
    InfSections sections;
    auto lines = Scanner(text, file).scan(sections.names_);
    if (!lines) return lines.error();
    Strings strings;
    for (const bool localized : {false, true}) {
        for (const RawLine& raw : *lines) {
            const std::string name = lower(raw.section);
            if (localized ? !name.starts_with("strings.") : name != "strings") continue;
            strings.emplace(lower(raw.key), raw.values.empty() ? "" : raw.values[0]);
        }
    }
    for (std::string& name : sections.names_) {
        name = with_architecture(std::move(name));
        sections.sections_[lower(name)];
    }
    for (RawLine& raw : *lines) {
        std::vector<std::string> unknown;
        InfLine line{.key = with_architecture(replace_strings(raw.key, strings, unknown)),
                     .values = {},
                     .number = raw.number};
        for (const std::string& value : raw.values) {
            line.values.push_back(with_architecture(replace_strings(value, strings, unknown)));
        }
        for (const std::string& name : unknown) {
            sections.warnings_.push_back(
                fmt::format("{}:{}: %{}% is not in [Strings]", file, raw.number, name));
        }
        sections.sections_[lower(with_architecture(raw.section))].push_back(std::move(line));
    }
    return sections;
}

const std::vector<InfLine>* InfSections::find(std::string_view name) const {
    const auto found = sections_.find(lower(name));
    return found == sections_.end() ? nullptr : &found->second;
}

const InfLine* InfSections::find_line(std::string_view section, std::string_view key) const {
    const auto* lines = find(section);
    if (lines == nullptr) return nullptr;
    const auto found = std::find_if(lines->begin(), lines->end(), [&](const InfLine& line) {
        return equal_any_case(line.key, key);
    });
    return found == lines->end() ? nullptr : &*found;
}

std::vector<std::string> InfSections::names() const { return names_; }

}  // namespace gpioclx::driverkit
