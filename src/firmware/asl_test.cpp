#include "firmware/asl.h"

#include "firmware/asl_source.h"
#include "firmware/scratch_test.h"
#include "firmware/table.h"

namespace gpioclx::firmware {
namespace {

namespace fs = std::filesystem;

using Asl = ScratchTest;

std::string block(const std::string& body) {
    return "DefinitionBlock (\"\", \"SSDT\", 2, \"GXTEST\", \"ASL\", 1)\n{\n" + body + "\n}\n";
}

TEST_F(Asl, error_carries_file_and_line_of_the_source) {
    const fs::path source = write("bad.asl", block("Name (\\AAAA, 1)\nName (\\BBBB, CCCC)"));
    auto compiled = compile_asl(source, folder() / "out");
    ASSERT_FALSE(compiled.ok());
    EXPECT_EQ(compiled.error().file, source.string());
    EXPECT_EQ(compiled.error().line, 4);
    EXPECT_NE(compiled.error().message.find("CCCC"), std::string::npos) << compiled.error().text();
}

TEST_F(Asl, all_errors_are_reported_the_first_first) {
    const fs::path source =
        write("bad.asl", block("Name (\\AAAA, DDDD)\nName (\\EEEE, 1)\nName (\\BBBB, CCCC)"));
    auto compiled = compile_asl(source, folder() / "out");
    ASSERT_FALSE(compiled.ok());
    EXPECT_EQ(compiled.error().line, 3);
    EXPECT_NE(compiled.error().text().find("bad.asl:5: "), std::string::npos)
        << compiled.error().text();
}

TEST_F(Asl, error_in_an_included_file_names_that_file) {
    write("parts/inner.asl", "\n\nName (\\BBBB, CCCC)\n");
    const fs::path source = write("main.asl", block("Include (\"parts/inner.asl\")"));
    auto compiled = compile_asl(source, folder() / "out");
    ASSERT_FALSE(compiled.ok());
    EXPECT_TRUE(compiled.error().file.ends_with("parts/inner.asl")) << compiled.error().text();
    EXPECT_EQ(compiled.error().line, 3);
}

TEST_F(Asl, missing_file_names_the_path) {
    auto compiled = compile_asl(folder() / "none.asl", folder());
    ASSERT_FALSE(compiled.ok());
    EXPECT_EQ(compiled.error().file, (folder() / "none.asl").string());
}

TEST_F(Asl, unchanged_source_is_not_compiled_again) {
    const fs::path source = write("a.asl", block("Name (\\AAAA, 1)"));
    auto first = compile_asl(source, folder() / "out");
    ASSERT_TRUE(first.ok()) << first.error().text();
    // What stands there is taken as it is.
    std::ofstream(*first) << "kept";
    auto second = compile_asl(source, folder() / "out");
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(*first, *second);
    EXPECT_EQ(fs::file_size(*second), 4u);
}

TEST_F(Asl, changed_include_is_compiled_again) {
    write("inner.asl", "Name (\\BBBB, 1)\n");
    const fs::path source = write("main.asl", block("#include \"inner.asl\""));
    auto first = compile_asl(source, folder() / "out");
    ASSERT_TRUE(first.ok()) << first.error().text();
    write("inner.asl", "Name (\\BBBB, 2)\n");
    auto second = compile_asl(source, folder() / "out");
    ASSERT_TRUE(second.ok()) << second.error().text();
    EXPECT_NE(*first, *second);
}

TEST_F(Asl, leaves_only_the_table_behind) {
    const fs::path source = write("a.asl", block("Name (\\AAAA, 1)"));
    ASSERT_TRUE(compile_asl(source, folder() / "out").ok());
    EXPECT_EQ(std::distance(fs::directory_iterator(folder() / "out"), {}), 1);
}

TEST_F(Asl, in_utf16_and_with_a_byte_order_mark_is_read) {
    std::string wide = "\xFF\xFE";
    for (const char c : block("Name (\\AAAA, 1)")) wide += std::string{c, '\0'};
    auto compiled = compile_asl(write("wide.asl", wide), folder() / "out");
    EXPECT_TRUE(compiled.ok()) << compiled.error().text();
    const std::string marked = "\xEF\xBB\xBF" + block("Name (\\AAAA, 1)");
    compiled = compile_asl(write("marked.asl", marked), folder() / "out");
    EXPECT_TRUE(compiled.ok()) << compiled.error().text();
}

TEST_F(Asl, include_that_uses_the_older_macro_is_rewritten_too) {
    write("pins.asl",
          "Device (\\_SB.DEV0) { Name (_HID, \"TEST0001\")\nName (_CRS, ResourceTemplate () {\n"
          "MsftFunctionConfig (Exclusive, PullUp, 4, \"\\\\_SB.GPI0\", 0, ResourceConsumer, ) {2}\n"
          "})}\n");
    const fs::path source = write("main.asl", block("Include (\"pins.asl\")"));
    auto compiled = compile_asl(source, folder() / "out");
    EXPECT_TRUE(compiled.ok()) << compiled.error().text();
}

TEST(FunctionConfig, becomes_PinFunction_with_an_empty_descriptor_name_before_vendor_data) {
    EXPECT_EQ(rewrite_function_config(
                  "MsftFunctionConfig(Shared, PullUp, 4, \"G(\", 0, ResourceConsumer, "
                  "RawDataBuffer() {1, 2}) {2, 3}"),
              "PinFunction(Shared, PullUp, 4, \"G(\", 0, ResourceConsumer, , "
              "RawDataBuffer() {1, 2}) {2, 3}");
}

TEST(FunctionConfig, without_vendor_data_changes_only_its_name) {
    EXPECT_EQ(rewrite_function_config("MsftFunctionConfig(A, B, 4, C, 0, D, ) {2}"),
              "PinFunction(A, B, 4, C, 0, D, ) {2}");
    EXPECT_EQ(rewrite_function_config("MsftFunctionConfig(A, B, 4, C, 0, D, , Buffer(){1}) {2}"),
              "PinFunction(A, B, 4, C, 0, D, , Buffer(){1}) {2}");
}

TEST(FunctionConfig, in_comments_strings_and_longer_names_stays) {
    const std::string text =
        "// MsftFunctionConfig(\n/* MsftFunctionConfig( */ \"MsftFunctionConfig(\" "
        "MsftFunctionConfigs XMsftFunctionConfig";
    EXPECT_EQ(rewrite_function_config(text), text);
}

TEST(FunctionConfig, keeps_line_numbers) {
    const std::string text =
        "MsftFunctionConfig(A,\n B, 4,\n C, 0, D,\n RawDataBuffer(){1})\n{2}\n";
    const std::string result = rewrite_function_config(text);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'),
              std::count(result.begin(), result.end(), '\n'));
}

// Samples print their device alone.
TEST_F(Asl, fragment_becomes_a_table_with_its_devices_in_SB) {
    const fs::path source =
        write("sample.asl", "// Sample\nDevice (SPBT)\n{\n    Name (_HID, \"SpbTestTool\")\n}\n");
    auto compiled = compile_asl(source, folder() / "out");
    ASSERT_TRUE(compiled.ok()) << compiled.error().text();
    auto table = read_tables(*compiled);
    ASSERT_TRUE(table.ok()) << table.error().text();
    EXPECT_EQ(table->front().signature(), "SSDT");
}

TEST_F(Asl, error_in_a_fragment_has_the_line_of_the_fragment) {
    const fs::path source =
        write("sample.asl", "// Sample\nDevice (SPBT)\n{\n    Name (_HID, CCCC)\n}\n");
    auto compiled = compile_asl(source, folder() / "out");
    ASSERT_FALSE(compiled.ok());
    EXPECT_EQ(compiled.error().file, source.string());
    EXPECT_EQ(compiled.error().line, 4);
}

TEST_F(Asl, what_has_a_definition_block_is_no_fragment) {
    EXPECT_FALSE(is_fragment("/* Device */\n#include \"x\"\n" + block("")));
    EXPECT_FALSE(is_fragment("definitionblock"));
    EXPECT_FALSE(is_fragment("Include (\"all.asl\")"));
    EXPECT_FALSE(is_fragment("// nothing\n"));
    EXPECT_TRUE(is_fragment("// DefinitionBlock\nScope (\\_SB) {}"));
    EXPECT_TRUE(is_fragment("\\Scope"));
}

}  // namespace
}  // namespace gpioclx::firmware
