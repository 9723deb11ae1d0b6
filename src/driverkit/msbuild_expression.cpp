#include "driverkit/msbuild_expression.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
#include <optional>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

// The index behind the parenthesis that closes the one at `open`; npos where none does. Quoted
// text may hold parentheses of its own.
std::size_t closing(std::string_view text, std::size_t open) {
    int depth = 0;
    char quote = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (depth > 0 && (c == '\'' || c == '"' || c == '`')) {
            quote = c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')' && --depth == 0) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

std::vector<std::string> arguments(std::string_view text, const ExpressionScope& scope) {
    std::vector<std::string> out;
    std::string current;
    char quote = 0;
    int depth = 0;
    bool any = false;
    auto take = [&] {
        std::string_view raw = trim(current);
        const bool quoted = raw.size() >= 2 && raw.front() == raw.back() &&
                            (raw.front() == '\'' || raw.front() == '"' || raw.front() == '`');
        out.push_back(expand(quoted ? raw.substr(1, raw.size() - 2) : raw, scope));
        current.clear();
    };
    for (const char c : text) {
        any = true;
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"' || c == '`') {
            quote = c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')') {
            --depth;
        } else if (c == ',' && depth == 0) {
            take();
            continue;
        }
        current += c;
    }
    if (any) take();
    return out;
}

std::string truth(bool value) { return value ? "True" : "False"; }

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
    if (from.empty()) return text;
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string trim_chars(const std::string& text, const std::string& chars, bool start, bool end) {
    std::size_t first = 0, last = text.size();
    while (start && first < last && chars.find(text[first]) != std::string::npos) ++first;
    while (end && last > first && chars.find(text[last - 1]) != std::string::npos) --last;
    return text.substr(first, last - first);
}

// The members of System.String that project files use. Others leave the text as it is: a project
// that needs them shows it by a missing file, not by a refusal to read it.
std::string call_member(const std::string& value, std::string_view name,
                        const std::vector<std::string>& args) {
    const std::string method = lower(name);
    const std::string first = args.empty() ? "" : args[0];
    if (method == "replace" && args.size() == 2) return replace_all(value, first, args[1]);
    if (method == "tolower" || method == "tolowerinvariant") return lower(value);
    if (method == "toupper" || method == "toupperinvariant") {
        std::string upper = value;
        for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        return upper;
    }
    const std::string chars = first.empty() ? " \t" : first;
    if (method == "trim") return trim_chars(value, chars, true, true);
    if (method == "trimstart") return trim_chars(value, chars, true, false);
    if (method == "trimend") return trim_chars(value, chars, false, true);
    if (method == "contains") return truth(value.find(first) != std::string::npos);
    if (method == "startswith") return truth(value.starts_with(first));
    if (method == "endswith") return truth(value.ends_with(first));
    if (method == "length") return std::to_string(value.size());
    if (method == "substring") {
        const auto start = static_cast<std::size_t>(std::strtoul(first.c_str(), nullptr, 10));
        const auto count =
            args.size() > 1 ? std::strtoul(args[1].c_str(), nullptr, 10) : std::string::npos;
        return start <= value.size() ? value.substr(start, count) : "";
    }
    return value;
}

// "[Type]::Method(arguments)"
std::string call_static(std::string_view body, const ExpressionScope& scope) {
    const auto method_at = body.find("::");
    const auto open = body.find('(');
    if (method_at == std::string_view::npos || open == std::string_view::npos) return {};
    const std::string method = lower(trim(body.substr(method_at + 2, open - method_at - 2)));
    const auto end = closing(body, open);
    if (end == std::string_view::npos) return {};
    const auto args = arguments(body.substr(open + 1, end - open - 2), scope);
    if (method == "getdirectorynameoffileabove" && args.size() == 2) {
        return scope.folder_above ? scope.folder_above(args[0], args[1]) : "";
    }
    if (method == "getpathoffileabove" && !args.empty()) {
        const std::string folder =
            scope.folder_above ? scope.folder_above(args.size() > 1 ? args[1] : "", args[0]) : "";
        return folder.empty() ? "" : folder + "/" + args[0];
    }
    if (method == "isnullorempty" && args.size() == 1) return truth(args[0].empty());
    if (method == "combine") return fmt::format("{}", fmt::join(args, "\\"));
    return {};
}

// What stands between "$(" and ")".
std::string expand_property(std::string_view body, const ExpressionScope& scope) {
    body = trim(body);
    if (body.starts_with('[')) return call_static(body, scope);
    std::size_t end = 0;
    while (end < body.size() && is_name(body[end])) ++end;
    if (end < body.size() && body[end] == ':') return {};  // $(Registry:...)
    std::string value = scope.property ? scope.property(body.substr(0, end)) : "";
    while (end < body.size() && body[end] == '.') {
        std::size_t name_end = ++end;
        while (name_end < body.size() && is_name(body[name_end])) ++name_end;
        const std::string_view member = body.substr(end, name_end - end);
        std::vector<std::string> args;
        end = name_end;
        if (end < body.size() && body[end] == '(') {
            const auto close = closing(body, end);
            if (close == std::string_view::npos) break;
            args = arguments(body.substr(end + 1, close - end - 2), scope);
            end = close;
        }
        value = call_member(value, member, args);
    }
    return value;
}

std::string unescape(std::string_view text) {  // %20 -> blank
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() &&
            std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
            std::isxdigit(static_cast<unsigned char>(text[i + 2]))) {
            out += static_cast<char>(
                std::strtoul(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// Grammar: or := and {"or" and}; and := not {"and" not}; not := "!" not | "(" or ")" | relation.
class ConditionParser {
  public:
    ConditionParser(std::string_view text, const ExpressionScope& scope)
        : text_(text), scope_(scope) {}

    Result<bool> parse() {
        const bool value = parse_or();
        skip_blanks();
        if (error_.empty() && at_ < text_.size()) fail("unexpected text");
        if (!error_.empty()) return Error{.message = error_};
        return value;
    }

  private:
    void fail(std::string_view what) {
        if (error_.empty()) {
            error_ =
                fmt::format("{} at \"{}\" in the condition {}", what, text_.substr(at_), text_);
        }
        at_ = text_.size();
    }

    void skip_blanks() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    }

    bool take(std::string_view token) {
        skip_blanks();
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }

    bool take_word(std::string_view word) {
        skip_blanks();
        const auto rest = text_.substr(at_);
        if (!equal_any_case(rest.substr(0, word.size()), word)) return false;
        if (rest.size() > word.size() && is_name(rest[word.size()])) return false;
        at_ += word.size();
        return true;
    }

    // Both sides are always parsed, so that an error behind a decided side is found, too.
    bool parse_or() {
        bool value = parse_and();
        while (take_word("or")) value = parse_and() || value;
        return value;
    }

    bool parse_and() {
        bool value = parse_not();
        while (take_word("and")) value = parse_not() && value;
        return value;
    }

    bool parse_not() {
        if (++depth_ > 64) {
            fail("too deeply nested");
            return false;
        }
        bool value = false;
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == '!' && !text_.substr(at_).starts_with("!=")) {
            ++at_;
            value = !parse_not();
        } else if (take("(")) {
            value = parse_or();
            if (!take(")")) fail("a ')' is missing");
        } else {
            value = parse_relation();
        }
        --depth_;
        return value;
    }

    bool parse_relation() {
        bool function = false;
        bool function_value = false;
        const std::string left = operand(function, function_value);
        if (function) return function_value;
        static constexpr std::string_view operators[] = {"==", "!=", "<=", ">=", "<", ">"};
        for (const auto op : operators) {
            if (!take(op)) continue;
            bool ignored = false;
            const std::string right = operand(function, ignored);
            return compare(left, op, right);
        }
        if (equal_any_case(left, "true") || equal_any_case(left, "on") ||
            equal_any_case(left, "yes")) {
            return true;
        }
        if (equal_any_case(left, "false") || equal_any_case(left, "off") ||
            equal_any_case(left, "no") || left.empty()) {
            return false;
        }
        fail("neither a comparison nor true or false");
        return false;
    }

    bool compare(const std::string& left, std::string_view op, const std::string& right) {
        if (op == "==") return equal_any_case(left, right);
        if (op == "!=") return !equal_any_case(left, right);
        int order = 0;  // versions and numbers: part by part
        const auto a = split_list(left, "."), b = split_list(right, ".");
        for (std::size_t i = 0; order == 0 && i < std::max(a.size(), b.size()); ++i) {
            const double x = i < a.size() ? std::strtod(a[i].c_str(), nullptr) : 0;
            const double y = i < b.size() ? std::strtod(b[i].c_str(), nullptr) : 0;
            order = x < y ? -1 : x > y ? 1 : 0;
        }
        return op == "<" ? order < 0 : op == ">" ? order > 0 : op == "<=" ? order <= 0 : order >= 0;
    }

    std::string operand(bool& function, bool& function_value) {
        skip_blanks();
        if (at_ >= text_.size()) {
            fail("a value is missing");
            return {};
        }
        const char c = text_[at_];
        if (c == '\'' || c == '"') return quoted(c);
        if (c == '$' || c == '@' || c == '%') return reference();
        const std::size_t start = at_;
        while (at_ < text_.size() && (is_name(text_[at_]) || text_[at_] == '.')) ++at_;
        const std::string word(text_.substr(start, at_ - start));
        if (word.empty()) {
            fail("a value is missing");
            return {};
        }
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == '(') {
            function = true;
            function_value = call(word);
        }
        return word;
    }

    std::string quoted(char quote) {
        // Property functions inside may hold quotes of their own: '$(A.Replace(' ',''))'.
        for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
            if (text_[i] == '$' && i + 1 < text_.size() && text_[i + 1] == '(') {
                const auto end = closing(text_, i + 1);
                if (end == std::string_view::npos) break;
                i = end - 1;
            } else if (text_[i] == quote) {
                const std::string value = expand(text_.substr(at_ + 1, i - at_ - 1), scope_);
                at_ = i + 1;
                return value;
            }
        }
        fail("a quote is not closed");
        return {};
    }

    std::string reference() {
        const auto end = at_ + 1 < text_.size() && text_[at_ + 1] == '(' ? closing(text_, at_ + 1)
                                                                         : std::string_view::npos;
        if (end == std::string_view::npos) {
            fail("a reference is not closed");
            return {};
        }
        const std::string value = expand(text_.substr(at_, end - at_), scope_);
        at_ = end;
        return value;
    }

    bool call(const std::string& name) {
        const auto end = closing(text_, at_);
        if (end == std::string_view::npos) {
            fail("a ')' is missing");
            return false;
        }
        const auto args = arguments(text_.substr(at_ + 1, end - at_ - 2), scope_);
        const std::string first = args.empty() ? "" : args[0];
        if (equal_any_case(name, "exists")) {
            at_ = end;
            return !first.empty() && scope_.exists && scope_.exists(first);
        }
        if (equal_any_case(name, "hastrailingslash")) {
            at_ = end;
            return first.ends_with('/') || first.ends_with('\\');
        }
        fail("unknown function");
        return false;
    }

    std::string_view text_;
    const ExpressionScope& scope_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::string error_;
};

}  // namespace

std::string expand(std::string_view text, const ExpressionScope& scope) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool reference =
            (c == '$' || c == '@' || c == '%') && i + 1 < text.size() && text[i + 1] == '(';
        const auto end = reference ? closing(text, i + 1) : std::string_view::npos;
        if (end == std::string_view::npos) {
            out += c;
            continue;
        }
        const std::string_view body = text.substr(i + 2, end - i - 3);
        if (c == '$') {
            out += expand_property(body, scope);
        } else if (c == '@') {  // a transform "@(X->'...')" yields the items themselves
            const auto name = trim(body.substr(0, body.find_first_of("-,")));
            if (scope.items) out += scope.items(name);
        } else {
            const auto dot = body.rfind('.');  // %(ClCompile.X) = %(X)
            const auto name = dot == std::string_view::npos ? body : body.substr(dot + 1);
            if (scope.metadata) out += scope.metadata(trim(name));
        }
        i = end - 1;
    }
    return unescape(out);
}

Result<bool> evaluate_condition(std::string_view condition, const ExpressionScope& scope) {
    if (trim(condition).empty()) return true;
    return ConditionParser(condition, scope).parse();
}

std::vector<std::string> split_list(std::string_view list, std::string_view separators) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const auto end = std::min(list.find_first_of(separators), list.size());
        const auto part = trim(list.substr(0, end));
        if (!part.empty()) out.emplace_back(part);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

bool matches_wildcard(std::string_view pattern, std::string_view name) {
    std::size_t p = 0, n = 0, star = std::string_view::npos, star_n = 0;
    auto same = [](char a, char b) { return lower({&a, 1}) == lower({&b, 1}); };
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_n = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], name[n]))) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++star_n;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace gpioclx::driverkit
