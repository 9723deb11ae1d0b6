#include "driverkit/wpp.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "driverkit/msbuild_expression.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string take_word(std::string_view& text) {
    text = trim(text);
    std::size_t end = 0;
    while (end < text.size() && is_word(text[end])) ++end;
    std::string word(text.substr(0, end));
    text.remove_prefix(end);
    return word;
}

// Splits at commas outside quotes and parentheses.
std::vector<std::string> split_arguments(std::string_view text) {
    std::vector<std::string> out;
    std::string current;
    int depth = 0;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (!quoted && c == '(') ++depth;
        if (!quoted && c == ')') --depth;
        if (c == ',' && depth == 0 && !quoted) {
            out.emplace_back(trim(current));
            current.clear();
        } else {
            current += c;
        }
    }
    if (!trim(current).empty() || !out.empty()) out.emplace_back(trim(current));
    return out;
}

// What stands between the outermost pair of parentheses at the start of `text`.
std::optional<std::string_view> parenthesized(std::string_view text) {
    text = trim(text);
    if (!text.starts_with('(')) return std::nullopt;
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (text[i] == '(') ++depth;
        if (text[i] == ')' && --depth == 0) return text.substr(1, i - 1);
    }
    return std::nullopt;
}

std::string unquote(std::string_view text) {
    text = trim(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
}

std::string without_standard_prefix(std::string text) {
    const std::string token = "%!STDPREFIX!";
    for (std::size_t at; (at = text.find(token)) != std::string::npos;) {
        std::size_t length = token.size();
        while (at + length < text.size() && text[at + length] == ' ') ++length;
        text.erase(at, length);
    }
    return text;
}

bool is_level(std::string_view name) { return name == "LEVEL" || name == "LVL"; }
bool is_flags(std::string_view name) { return name == "FLAGS" || name == "FLAG"; }

// Writes the macro of one trace function.
class MacroWriter {
  public:
    MacroWriter(const WppFunction& function, const std::vector<std::string>& bits)
        : function_(function), bits_(bits) {}

    std::string text() const {
        std::string out;
        std::vector<std::string> all = parameters();
        const std::string steps = step_name();
        const std::string step_list = fmt::format("{}", fmt::join(step_parameters(), ", "));
        for (const char* step : {"PRE", "POST"}) {
            out += fmt::format(
                "#undef GX_WPP_{0}_{1}\n#ifdef WPP{2}_{0}\n"
                "#define GX_WPP_{0}_{1}({3}) WPP{2}_{0}({4})\n#else\n"
                "#define GX_WPP_{0}_{1}({3})\n#endif\n",
                step, function_.name, steps, fmt::join(named_parameters(), ", "), step_list);
        }
        if (function_.variadic) all.push_back("...");
        const std::string forwarded = fmt::format("{}", fmt::join(named_parameters(), ", "));
        out += fmt::format(
            "#undef {0}\n#define {0}({1}) GX_WPP_PRE_{0}({2}) {3} "
            "GX_WPP_POST_{0}({2})\n",
            function_.name, fmt::join(all, ", "), forwarded, call());
        return out;
    }

  private:
    static std::string own(const std::string& parameter) { return "gx_" + parameter; }

    std::vector<std::string> parameters() const {
        std::vector<std::string> out;
        for (const auto& parameter : function_.parameters) out.push_back(own(parameter));
        return out;
    }

    // Parameters that name PRE and POST macros: all but the message.
    std::vector<std::string> named_parameters() const {
        std::vector<std::string> out;
        for (const auto& parameter : function_.parameters) {
            if (parameter != "MSG") out.push_back(own(parameter));
        }
        return out;
    }

    std::vector<std::string> step_parameters() const {
        std::vector<std::string> out;
        for (const auto& [name, value] : function_.fixed) out.push_back(value);
        for (auto& name : named_parameters()) out.push_back(name);
        return out;
    }

    std::string step_name() const {
        std::string out;
        for (const auto& [name, value] : function_.fixed) out += "_" + name;
        for (const auto& name : function_.parameters) {
            if (name != "MSG") out += "_" + name;
        }
        return out.empty() ? "_" : out;
    }

    std::string call() const {
        std::string level = "0", level_name = "\"\"", flag = "\"\"", format;
        for (const auto& [name, value] : function_.fixed) {
            // {LEVEL=ERROR} may name a control bit instead of a level.
            const bool bit = std::count(bits_.begin(), bits_.end(), value) > 0;
            if (is_level(name)) level = bit ? "0" : value;
            if (is_level(name)) level_name = fmt::format("\"{}\"", value);
            if (is_flags(name)) flag = fmt::format("\"{}\"", value);
        }
        if (!function_.prefix.empty()) format += fmt::format("\"{}\" ", function_.prefix);
        for (const auto& name : function_.parameters) {
            if (is_level(name)) level = own(name);
            if (is_level(name)) level_name = "#" + own(name);
            if (is_flags(name)) flag = "#" + own(name);
            if (name == "MSG") format += own(name) + " ";
        }
        if (!function_.suffix.empty()) format += fmt::format("\"{}\"", function_.suffix);
        if (trim(format).empty()) format = "\"\"";
        return fmt::format(
            "GxWppTrace((unsigned int)({}), {}, {}, __FILE__, __LINE__, "
            "__FUNCTION__, {}{}{}{})",
            level, level_name, flag, trim(format), expressions(function_.prefix_arguments),
            function_.variadic ? ", ##__VA_ARGS__" : "", expressions(function_.suffix_arguments));
    }

    std::string expressions(const std::vector<std::string>& list) const {
        std::string out;
        for (const auto& text : list) {
            const bool parameter =
                std::count(function_.parameters.begin(), function_.parameters.end(), text) > 0;
            out += ", " + (parameter ? own(text) : text);
        }
        return out;
    }

    const WppFunction& function_;
    const std::vector<std::string>& bits_;
};

constexpr std::string_view header_start = R"(/* Generated from the driver's WPP configuration. */
#ifndef GX_WPP_COMMON
#define GX_WPP_COMMON 1
#if defined(__has_include)
#if __has_include(<evntrace.h>)
#include <evntrace.h>
#endif
#endif
#ifndef TRACE_LEVEL_NONE
#define TRACE_LEVEL_NONE 0
#endif
#ifndef TRACE_LEVEL_CRITICAL
#define TRACE_LEVEL_CRITICAL 1
#endif
#ifndef TRACE_LEVEL_FATAL
#define TRACE_LEVEL_FATAL 1
#endif
#ifndef TRACE_LEVEL_ERROR
#define TRACE_LEVEL_ERROR 2
#endif
#ifndef TRACE_LEVEL_WARNING
#define TRACE_LEVEL_WARNING 3
#endif
#ifndef TRACE_LEVEL_INFORMATION
#define TRACE_LEVEL_INFORMATION 4
#endif
#ifndef TRACE_LEVEL_VERBOSE
#define TRACE_LEVEL_VERBOSE 5
#endif
#ifdef __cplusplus
extern "C"
#endif
void GxWppTrace(unsigned int level, const char* level_name, const char* flag, const char* file,
                unsigned int line, const char* function, const char* format, ...);
typedef struct {
  unsigned char Level;
  unsigned int Flags[1];
  unsigned long long Logger;
} GX_WPP_CONTROL;
static const GX_WPP_CONTROL GxWppControl __attribute__((unused)) = {255, {0xFFFFFFFFu}, 0};
static __inline__ void GxWppUse(int count, ...) { (void)count; }
#define WPP_CONTROL(bit) (*(&GxWppControl + 0 * (int)(bit)))
#ifndef WPP_LEVEL_ENABLED
#define WPP_LEVEL_ENABLED(flag) 1
#endif
#ifndef WPP_FLAG_ENABLED
#define WPP_FLAG_ENABLED(flag) 1
#endif
#ifndef WPP_ENABLED
#define WPP_ENABLED() 1
#endif
#ifndef WPP_LEVEL_LOGGER
#define WPP_LEVEL_LOGGER(flag) 0,
#endif
#ifndef WPP_FLAG_LOGGER
#define WPP_FLAG_LOGGER(flag) 0,
#endif
#ifndef WPP_LOGGER
#define WPP_LOGGER() 0,
#endif
#ifndef WPP_INIT_TRACING
#define WPP_INIT_TRACING(...) GxWppUse(0, __VA_ARGS__)
#endif
#ifndef WPP_CLEANUP
#define WPP_CLEANUP(...) GxWppUse(0, ##__VA_ARGS__)
#endif
#endif
#if defined(WPP_CONTROL_GUIDS) && !defined(GX_WPP_CONTROL_GUIDS)
#define GX_WPP_CONTROL_GUIDS 1
#define WPP_DEFINE_BIT(name) WPP_BIT_##name,
#define WPP_DEFINE_CONTROL_GUID(name, guid, bits) GX_WPP_FIRST_BIT_OF_##name, bits
enum GX_WPP_BITS { WPP_CONTROL_GUIDS GX_WPP_LAST_BIT };
#undef WPP_DEFINE_BIT
#undef WPP_DEFINE_CONTROL_GUID
#endif
)";

}  // namespace

std::optional<WppFunction> parse_wpp_function(std::string_view declaration) {
    std::string_view rest = trim(declaration);
    if (rest.starts_with("FUNC") && rest.size() > 4 && !is_word(rest[4])) {
        rest.remove_prefix(4);
        if (rest.starts_with(':')) rest.remove_prefix(1);
    }
    WppFunction function;
    function.declared = true;
    function.name = take_word(rest);
    rest = trim(rest);
    if (function.name.empty()) return std::nullopt;
    if (rest.starts_with('{')) {
        const auto end = rest.find('}');
        if (end == std::string_view::npos) return std::nullopt;
        for (const auto& pair : split_arguments(rest.substr(1, end - 1))) {
            const auto equals = pair.find('=');
            if (equals == std::string::npos) continue;
            function.fixed.emplace_back(trim(std::string_view(pair).substr(0, equals)),
                                        trim(std::string_view(pair).substr(equals + 1)));
        }
        rest.remove_prefix(end + 1);
    }
    auto body = parenthesized(rest);
    if (!body) return std::nullopt;
    if (const auto inner = parenthesized(*body)) body = inner;  // double parentheses
    for (const auto& parameter : split_arguments(*body)) {
        if (parameter == "...") {
            function.variadic = true;
        } else if (!parameter.empty() && std::all_of(parameter.begin(), parameter.end(), is_word)) {
            function.parameters.push_back(parameter);
        } else if (!parameter.empty()) {
            return std::nullopt;
        }
    }
    return function;
}

WppConfiguration::WppConfiguration() {
    declare("DoTraceMessage(FLAGS, MSG, ...)");
    declare("TraceEvents(LEVEL, FLAGS, MSG, ...)");
}

void WppConfiguration::add(WppFunction function) {
    for (WppFunction& known : functions_) {
        if (known.name != function.name) continue;
        // USEPREFIX may precede its FUNC.
        if (function.prefix.empty()) {
            function.prefix = known.prefix;
            function.prefix_arguments = known.prefix_arguments;
        }
        if (function.suffix.empty()) {
            function.suffix = known.suffix;
            function.suffix_arguments = known.suffix_arguments;
        }
        known = std::move(function);
        return;
    }
    functions_.push_back(std::move(function));
}

void WppConfiguration::declare(std::string_view declaration) {
    if (auto function = parse_wpp_function(declaration)) add(*std::move(function));
}

void WppConfiguration::read_statement(std::string_view statement) {
    if (statement.starts_with("FUNC")) return declare(statement);
    const bool prefix = statement.starts_with("USEPREFIX");
    if (!prefix && !statement.starts_with("USESUFFIX")) return;  // types and enumerations
    const auto body = parenthesized(statement.substr(9));
    if (!body) return;
    auto parts = split_arguments(*body);
    if (parts.size() < 2) return;
    const auto found = std::find_if(functions_.begin(), functions_.end(),
                                    [&](const WppFunction& one) { return one.name == parts[0]; });
    WppFunction function = found == functions_.end() ? WppFunction{} : *found;
    if (found == functions_.end()) function.name = parts[0];
    const std::string text = without_standard_prefix(unquote(parts[1]));
    std::vector<std::string> expressions(parts.begin() + 2, parts.end());
    (prefix ? function.prefix : function.suffix) = text;
    (prefix ? function.prefix_arguments : function.suffix_arguments) = std::move(expressions);
    add(std::move(function));
}

void WppConfiguration::scan(std::string_view source) {
    for (std::size_t at = 0; (at = source.find("WPP_DEFINE_BIT", at)) != std::string_view::npos;) {
        at += 14;
        if (const auto name = parenthesized(source.substr(at, 200)))
            bits_.emplace_back(trim(*name));
    }
    bool inside = false;
    std::string statement;
    for (const std::string& line : split_list(source, "\n")) {
        std::string_view text = line;
        const auto start = text.find_first_not_of(" \t/*");
        text = start == std::string_view::npos ? std::string_view() : text.substr(start);
        if (text.starts_with("begin_wpp")) {
            inside = text.find("config") != std::string_view::npos;
            statement.clear();
        } else if (text.starts_with("end_wpp")) {
            inside = false;
        } else if (inside) {
            statement += (statement.empty() ? "" : " ") + std::string(text);
            const auto open = std::count(statement.begin(), statement.end(), '(');
            const auto close = std::count(statement.begin(), statement.end(), ')');
            if (open == 0 || open > close) {
                if (open == 0) statement.clear();
                continue;
            }
            read_statement(std::exchange(statement, ""));
        }
    }
}

std::string WppConfiguration::header(const std::vector<std::string>& defines) const {
    std::string out;
    for (const std::string& define : defines) {
        const auto equals = define.find('=');
        const std::string name = define.substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : define.substr(equals + 1);
        out += fmt::format("#ifndef {0}\n#define {0} {1}\n#endif\n", name, value);
    }
    out += header_start;
    const bool recorder = std::any_of(functions_.begin(), functions_.end(), [](const auto& one) {
        return std::count(one.parameters.begin(), one.parameters.end(), "IFRLOG") > 0;
    });
    if (recorder) out += "#include <WppRecorder.h>\n";
    for (const WppFunction& function : functions_) {
        if (function.declared) out += MacroWriter(function, bits_).text();
    }
    return out;
}

std::vector<std::string> find_tmh_includes(std::string_view source) {
    std::vector<std::string> found;
    for (const std::string& line : split_list(source, "\n")) {
        std::string_view text = line;
        if (!text.starts_with('#')) continue;
        text = trim(text.substr(1));
        if (!text.starts_with("include")) continue;
        text = trim(text.substr(7));
        const auto end = text.find_first_of("\">", 1);
        if (text.empty() || end == std::string_view::npos) continue;
        std::string name = slashes(text.substr(1, end - 1));
        if (lower(name).ends_with(".tmh") && std::count(found.begin(), found.end(), name) == 0) {
            found.push_back(std::move(name));
        }
    }
    return found;
}

std::string wpp_recorder_header() {
    return R"(/* Generated: logs of the in-flight recorder are handles without content. */
#pragma once
typedef struct RECORDER_LOG__* RECORDER_LOG;
typedef enum _WPP_RECORDER_TRI_STATE {
  WppRecorderUseDefault = 0,
  WppRecorderFalse,
  WppRecorderTrue
} WPP_RECORDER_TRI_STATE;
typedef struct _RECORDER_CONFIGURE_PARAMS {
  ULONG Size;
  BOOLEAN CreateDefaultLog;
  WPP_RECORDER_TRI_STATE UseTimeStamp;
  WPP_RECORDER_TRI_STATE PreciseTimeStamp;
} RECORDER_CONFIGURE_PARAMS, *PRECORDER_CONFIGURE_PARAMS;
typedef struct _RECORDER_LOG_CREATE_PARAMS {
  ULONG Size;
  ULONG LogType;
  ULONG TotalBufferSize;
  ULONG ErrorPartitionSize;
  CHAR LogIdentifier[16];
  WPP_RECORDER_TRI_STATE UseTimeStamp;
  WPP_RECORDER_TRI_STATE PreciseTimeStamp;
} RECORDER_LOG_CREATE_PARAMS, *PRECORDER_LOG_CREATE_PARAMS;
static __inline__ void RECORDER_CONFIGURE_PARAMS_INIT(PRECORDER_CONFIGURE_PARAMS Params) {
  __builtin_memset(Params, 0, sizeof *Params);
  Params->Size = sizeof *Params;
  Params->CreateDefaultLog = 1;
}
static __inline__ void RECORDER_LOG_CREATE_PARAMS_INIT(PRECORDER_LOG_CREATE_PARAMS Params,
                                                     const char* Identifier) {
  unsigned i;
  __builtin_memset(Params, 0, sizeof *Params);
  Params->Size = sizeof *Params;
  for (i = 0; Identifier && Identifier[i] && i + 1 < sizeof Params->LogIdentifier; ++i) {
    Params->LogIdentifier[i] = Identifier[i];
  }
}
static __inline__ NTSTATUS WppRecorderConfigure(PRECORDER_CONFIGURE_PARAMS Params) {
  (void)Params;
  return 0;
}
static __inline__ BOOLEAN WppRecorderIsDefaultLogAvailable(void) { return 1; }
static __inline__ RECORDER_LOG WppRecorderLogGetDefault(void) { return (RECORDER_LOG)1; }
static __inline__ NTSTATUS WppRecorderLogCreate(PRECORDER_LOG_CREATE_PARAMS Params,
                                              RECORDER_LOG* Log) {
  (void)Params;
  *Log = (RECORDER_LOG)1;
  return 0;
}
static __inline__ void WppRecorderLogDelete(RECORDER_LOG Log) { (void)Log; }
static __inline__ void WppRecorderLogSetIdentifier(RECORDER_LOG Log, const char* Identifier) {
  (void)Log;
  (void)Identifier;
}
)";
}

}  // namespace gpioclx::driverkit
