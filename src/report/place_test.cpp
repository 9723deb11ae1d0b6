#include "report/place.h"

#include "report/report_fixture.h"

namespace gpioclx::report {
namespace {

class PlaceTest : public ReportTest {};

TEST_F(PlaceTest, the_base_is_the_checkout_around_a_folder) {
    EXPECT_EQ(base_folder(folder / "driver"), folder);
    std::filesystem::remove(folder / ".git");
    EXPECT_EQ(base_folder(folder / "driver"), folder / "driver");
}

TEST_F(PlaceTest, paths_below_the_base_are_relative_to_it) {
    EXPECT_EQ(relative_to(folder, (folder / "driver/../driver/led.c").string()), "driver/led.c");
    EXPECT_EQ(relative_to(folder / "driver", (folder / "bench.toml").string()),
              (folder / "bench.toml").string());
}

TEST_F(PlaceTest, uris_have_no_blanks) {
    EXPECT_EQ(uri_of("a b/c#.c"), "a%20b/c%23.c");
    EXPECT_EQ(uri_of("/tmp/a b.c"), "file:///tmp/a%20b.c");
    EXPECT_EQ(uri_of("\xc3\xa9:c"), "%C3%A9%3Ac");
}

TEST_F(PlaceTest, the_place_is_the_innermost_frame_with_a_line) {
    bench::Finding finding;
    EXPECT_EQ(place_of(finding), nullptr);
    finding.stack = {{.image = "led", .function = {}, .file = {}, .line = 0, .offset = 1},
                     frame(7, "OnRead"),
                     frame(8, "OnDpc")};
    ASSERT_NE(place_of(finding), nullptr);
    EXPECT_EQ(place_of(finding)->line, 7);
}

TEST_F(PlaceTest, fingerprints_differ_where_the_mistake_does) {
    const bench::Finding one{.id = "lock-001",
                             .sentence = "first",
                             .time_ns = 1,
                             .processor = 0,
                             .level = 0,
                             .actor = "worker 1",
                             .stack = {frame(7, "OnRead")}};
    bench::Finding other = one;
    other.time_ns = 5;
    other.actor = "worker 2";
    other.stack[0].line = 9;
    EXPECT_EQ(fingerprint(other, "  Acquire ( );"), fingerprint(one, "Acquire();"));
    EXPECT_NE(fingerprint(one, "Release();"), fingerprint(one, "Acquire();"));
    other.id = "lock-002";
    EXPECT_NE(fingerprint(other, ""), fingerprint(one, ""));
    other = one;
    other.other_stack = {frame(9, "OnWrite")};
    EXPECT_NE(fingerprint(other, ""), fingerprint(one, ""));
}

TEST_F(PlaceTest, quotes_keep_within_the_file) {
    EXPECT_EQ(sources.quote((folder / "driver/led.c").string(), 1, 3).size(), 4u);
    EXPECT_EQ(sources.quote((folder / "driver/led.c").string(), 6, 1).size(), 2u);
    EXPECT_TRUE(sources.quote((folder / "driver/led.c").string(), 7, 1).empty());
    EXPECT_TRUE(sources.quote((folder / "absent.c").string(), 1, 1).empty());
}

TEST_F(PlaceTest, text_becomes_utf8) {
    EXPECT_EQ(as_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
              "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    EXPECT_EQ(as_utf8("\xc3"), "?");
    EXPECT_EQ(as_utf8("\xc0\xaf\xed\xa0\x80"), "?????");
    EXPECT_EQ(as_utf8("\xe4 b"), "? b");
}

}  // namespace
}  // namespace gpioclx::report
