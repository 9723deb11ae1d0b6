#include "driverkit/msbuild_expression.h"

#include <gtest/gtest.h>

#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

ExpressionScope sample_scope() {
    ExpressionScope scope;
    scope.property = [](std::string_view name) -> std::string {
        const std::string key = lower(name);
        if (key == "configuration") return "Debug";
        if (key == "platform") return "x64";
        if (key == "spaced") return "a b c";
        if (key == "version") return "10.0.19041";
        return "";
    };
    scope.items = [](std::string_view) { return "one.c;two.c"; };
    scope.metadata = [](std::string_view name) {
        return std::string(name == "AdditionalIncludeDirectories" ? "inc" : "");
    };
    scope.exists = [](std::string_view path) { return path == "here.props"; };
    return scope;
}

bool holds(std::string_view condition) {
    const auto scope = sample_scope();
    const auto value = evaluate_condition(condition, scope);
    EXPECT_TRUE(value.ok()) << condition << ": " << (value ? "" : value.error().message);
    return value && *value;
}

TEST(MsbuildCondition, compares_texts_without_case) {
    EXPECT_TRUE(holds("'$(Configuration)|$(Platform)'=='debug|X64'"));
    EXPECT_FALSE(holds("'$(Configuration)|$(Platform)'=='Release|x64'"));
    EXPECT_TRUE(holds("'$(Nothing)' == ''"));
    EXPECT_TRUE(holds("$(Platform) != 'ARM'"));
}

TEST(MsbuildCondition, and_binds_more_tightly_than_or) {
    EXPECT_TRUE(holds("'1'=='1' or '1'=='2' and '1'=='2'"));
    EXPECT_FALSE(holds("('1'=='1' or '1'=='2') and '1'=='2'"));
    EXPECT_TRUE(holds("!('1'=='2') AND !false"));
}

TEST(MsbuildCondition, knows_files_versions_and_property_functions) {
    EXPECT_TRUE(holds("exists('here.props')"));
    EXPECT_FALSE(holds("Exists('$(UserRootDir)\\none.props')"));
    EXPECT_TRUE(holds("'$(Version)' >= '10.0.9'"));
    EXPECT_FALSE(holds("'$(Version)' < '10.0'"));
    EXPECT_TRUE(holds("'$(Spaced.Replace(' ',''))'=='abc'"));
    EXPECT_TRUE(holds("$(Spaced.Contains('b')) and !$(Spaced.StartsWith('b'))"));
}

TEST(MsbuildCondition, says_what_it_cannot_understand) {
    const auto scope = sample_scope();
    for (const char* text : {"'a'==", "('a'=='a'", "'a", "frobnicate('x')", "'a'=='a' 'b'"}) {
        const auto value = evaluate_condition(text, scope);
        ASSERT_FALSE(value.ok()) << text;
        EXPECT_NE(value.error().message.find(text), std::string::npos);
    }
}

TEST(MsbuildExpression, expands_properties_items_and_metadata) {
    const auto scope = sample_scope();
    EXPECT_EQ(expand("x$(Platform)y", scope), "xx64y");
    EXPECT_EQ(expand("@(ClSourceFiles)", scope), "one.c;two.c");
    EXPECT_EQ(expand("%(AdditionalIncludeDirectories);..", scope), "inc;..");
    EXPECT_EQ(expand("%(ClCompile.AdditionalIncludeDirectories)", scope), "inc");
    EXPECT_EQ(expand("$(Platform.ToUpper().Substring(0, 2))", scope), "X6");
    EXPECT_EQ(expand("a%20b%", scope), "a b%");
    EXPECT_EQ(expand("$(Registry:HKLM\\x)$(open", scope), "$(open");
}

TEST(MsbuildExpression, wildcards_match_in_any_case) {
    EXPECT_TRUE(matches_wildcard("*.C", "pin.c"));
    EXPECT_TRUE(matches_wildcard("p?n*", "pinmux.c"));
    EXPECT_FALSE(matches_wildcard("*.c", "pin.cpp"));
}

}  // namespace
}  // namespace gpioclx::driverkit
