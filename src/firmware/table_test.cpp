#include "firmware/table.h"

#include <gtest/gtest.h>

#include <fstream>

#include "firmware/scratch_test.h"

namespace gpioclx::firmware {
namespace {

const std::string two_blocks = R"(
DefinitionBlock ("", "DSDT", 2, "GXTEST", "TABLE", 1) { Name (\AAAA, 1) }
DefinitionBlock ("", "SSDT", 2, "GXTEST", "TABLE", 1) { Name (\BBBB, 1) }
)";

// A correct table as bytes.
std::vector<std::uint8_t> good_table() {
    std::vector<std::uint8_t> bytes(40, 0x20);
    const std::uint8_t head[] = {'S', 'S', 'D', 'T', 40, 0, 0, 0, 2};
    std::copy(std::begin(head), std::end(head), bytes.begin());
    set_checksum(bytes);
    return bytes;
}

class TableFile : public ScratchTest {
  protected:
    Result<std::vector<Table>> read(const std::vector<std::uint8_t>& bytes) {
        std::ofstream file(folder() / "t.aml", std::ios::binary);
        file.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        file.close();
        return read_tables(folder() / "t.aml");
    }
};

TEST_F(TableFile, with_header_length_and_checksum_right_is_read) {
    auto tables = read(good_table());
    ASSERT_TRUE(tables.ok()) << tables.error().text();
    ASSERT_EQ(tables->size(), 1u);
    EXPECT_EQ(tables->front().signature(), "SSDT");
}

TEST_F(TableFile, with_wrong_checksum_is_refused_and_the_right_one_named) {
    auto bytes = good_table();
    const std::uint8_t right = bytes[9];
    bytes[9] += 3;
    auto tables = read(bytes);
    ASSERT_FALSE(tables.ok());
    EXPECT_EQ(tables.error().file, (folder() / "t.aml").string());
    char expected[64];
    std::snprintf(expected, sizeof expected, "has checksum 0x%02X, its bytes need 0x%02X", bytes[9],
                  right);
    EXPECT_NE(tables.error().message.find(expected), std::string::npos) << tables.error().text();
}

TEST_F(TableFile, that_is_truncated_is_refused_with_both_lengths) {
    auto bytes = good_table();
    bytes.resize(38);
    auto tables = read(bytes);
    ASSERT_FALSE(tables.ok());
    EXPECT_NE(tables.error().message.find("truncated: its header says 40 bytes, the file has 38"),
              std::string::npos)
        << tables.error().text();
}

TEST_F(TableFile, that_is_shorter_than_a_header_is_refused) {
    auto tables = read({'S', 'S', 'D', 'T'});
    ASSERT_FALSE(tables.ok());
    EXPECT_NE(tables.error().message.find("4 bytes"), std::string::npos);
}

TEST_F(TableFile, with_no_signature_is_refused) {
    auto bytes = good_table();
    bytes[0] = '/';
    auto tables = read(bytes);
    ASSERT_FALSE(tables.ok());
    EXPECT_NE(tables.error().message.find("not an ACPI table"), std::string::npos);
}

TEST_F(TableFile, with_trailing_bytes_is_refused) {
    auto bytes = good_table();
    bytes.push_back(0);
    auto tables = read(bytes);
    ASSERT_FALSE(tables.ok());
    EXPECT_NE(tables.error().message.find("followed by 1 bytes"), std::string::npos);
}

TEST_F(TableFile, that_is_a_text_dump_names_the_tool_that_splits_it) {
    auto read =
        read_tables(write("dump", "DSDT @ 0x00000000BF7B1000\n    0000: 44 53 44 54 24 00\n"));
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().text().find("acpixtract -a"), std::string::npos) << read.error().text();
}

TEST_F(TableFile, missing_names_the_path) {
    auto tables = read_tables(folder() / "absent.aml");
    ASSERT_FALSE(tables.ok());
    EXPECT_EQ(tables.error().file, (folder() / "absent.aml").string());
}

TEST_F(TableFile, of_source_with_two_definition_blocks_gives_two_tables) {
    auto tables = load_tables({write("two.asl", two_blocks)}, folder());
    ASSERT_TRUE(tables.ok()) << tables.error().text();
    ASSERT_EQ(tables->size(), 2u);
    EXPECT_EQ((*tables)[0].signature(), "DSDT");
    EXPECT_EQ((*tables)[1].signature(), "SSDT");
    EXPECT_EQ((*tables)[1].file, (folder() / "two.asl").string());
}

}  // namespace
}  // namespace gpioclx::firmware
