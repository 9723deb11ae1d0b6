// The WPP preprocessor's part of a driver build: trace functions are declared in comments
// ("begin_wpp config ... end_wpp") or in the project, and each source includes a generated header
// (.tmh). The headers generated here turn every trace statement into one call:
//
//   void GxWppTrace(unsigned level, const char* level_name, const char* flag, const char* file,
//                   unsigned line, const char* function, const char* format, ...);
//
// The format is the driver's, with the prefix and suffix of its configuration around it. It is for
// the callee to format: printf conversions in their Windows meaning (%I64x, %Iu, %ws, %wZ, 32-bit
// %l) and WPP's own: %!FUNC! %!FILE! %!LINE! %!LEVEL! %!FLAGS! take no argument; every other
// %!name! takes one (%!STATUS! an NTSTATUS, %!GUID! a pointer, %!irql!, %!bool! an integer, ...).
// %!STDPREFIX! is left out: who prints knows time, processor and file anyway.
//
// Tracing counts as switched on at every level: arguments are evaluated.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gpioclx::driverkit {

struct WppFunction {
    std::string name;
    std::vector<std::pair<std::string, std::string>> fixed;  // {LEVEL=TRACE_LEVEL_VERBOSE}
    std::vector<std::string> parameters;                     // as declared, without "..."
    bool variadic = false;
    bool declared = false;       // false: only its prefix is known yet
    std::string prefix, suffix;  // text without quotes
    std::vector<std::string> prefix_arguments, suffix_arguments;
};

// "FUNC Trace{LEVEL=X}(FLAGS, MSG, ...)", with or without FUNC; empty where it is none.
std::optional<WppFunction> parse_wpp_function(std::string_view declaration);

// All that the given texts and declarations define, and what WPP always knows (DoTraceMessage,
// TraceEvents). Later definitions of a name win.
class WppConfiguration {
  public:
    WppConfiguration();
    void declare(std::string_view declaration);
    void scan(std::string_view source);  // configuration blocks and WPP_DEFINE_BIT names

    const std::vector<WppFunction>& functions() const { return functions_; }

    // The text of a .tmh. `defines` come first, as WPP's -D.
    std::string header(const std::vector<std::string>& defines) const;

  private:
    void add(WppFunction function);
    void read_statement(std::string_view statement);

    std::vector<WppFunction> functions_;
    std::vector<std::string> bits_;
};

// The .tmh names that a source or header includes, as written, '/' between names.
std::vector<std::string> find_tmh_includes(std::string_view source);

// <WppRecorder.h> for drivers that keep logs of their own: messages go to the same trace, so logs
// are handles without content.
std::string wpp_recorder_header();

}  // namespace gpioclx::driverkit
