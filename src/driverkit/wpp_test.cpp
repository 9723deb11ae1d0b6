#include "driverkit/wpp.h"

#include <gtest/gtest.h>

namespace gpioclx::driverkit {
namespace {

TEST(Wpp, declarations_are_parsed) {
    const auto function =
        parse_wpp_function("FUNC Trace{LEVEL=TRACE_LEVEL_ERROR}(FLAGS, MSG, ...)");
    ASSERT_TRUE(function);
    EXPECT_EQ(function->name, "Trace");
    ASSERT_EQ(function->fixed.size(), 1u);
    EXPECT_EQ(function->fixed[0].second, "TRACE_LEVEL_ERROR");
    EXPECT_EQ(function->parameters, (std::vector<std::string>{"FLAGS", "MSG"}));
    EXPECT_TRUE(function->variadic);
    EXPECT_FALSE(parse_wpp_function("FUNC Broken(FLAGS"));
    EXPECT_FALSE(parse_wpp_function(""));
}

TEST(Wpp, configuration_blocks_in_comments_are_found) {
    WppConfiguration wpp;
    wpp.scan(
        "// FUNC Outside(MSG);\n//\n// begin_wpp config\n"
        "// USEPREFIX(Enter, \"%!STDPREFIX! [%!FUNC!] --> entry\");\n"
        "// FUNC Enter{LEVEL=TRACE_LEVEL_VERBOSE}(FLAGS);\n"
        "// FUNC Long(LEVEL,\n//   FLAGS, MSG, ...);\n"
        "// USESUFFIX (Long, \" st=%!STATUS!\", LEVEL);\n// end_wpp\n// FUNC After(MSG);\n");
    ASSERT_EQ(wpp.functions().size(), 4u);  // and DoTraceMessage, TraceEvents
    const auto& enter = wpp.functions()[2];
    EXPECT_EQ(enter.name, "Enter");
    EXPECT_EQ(enter.prefix, "[%!FUNC!] --> entry");
    const auto& lines = wpp.functions()[3];
    EXPECT_EQ(lines.parameters.size(), 3u);
    EXPECT_EQ(lines.suffix_arguments, std::vector<std::string>{"LEVEL"});
}

TEST(Wpp, tmh_includes_are_found) {
    EXPECT_EQ(find_tmh_includes("#include \"a.h\"\n  #  include \"sub\\X.TMH\"\n"
                                "#include <y.tmh>\n// #include \"no.tmh\"\n"),
              (std::vector<std::string>{"sub/X.TMH", "y.tmh"}));
}

}  // namespace
}  // namespace gpioclx::driverkit
