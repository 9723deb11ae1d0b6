#include "report/output_file.h"

#include "report/report_fixture.h"

namespace gpioclx::report {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public ReportTest {
  protected:
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }
};

TEST_F(OutputFileTest, a_file_is_there_when_it_is_whole) {
    const std::size_t before = files();
    {
        auto file = OutputFile::open(folder / "out.txt");
        ASSERT_TRUE(file);
        std::fputs("half", file->stream());
        EXPECT_FALSE(fs::exists(folder / "out.txt"));
        ASSERT_TRUE(write_file(*file, " and half"));
    }
    EXPECT_EQ(read(folder / "out.txt"), "half and half");
    EXPECT_EQ(files(), before + 1);
}

TEST_F(OutputFileTest, one_that_is_given_up_leaves_what_was_there) {
    write("out.txt", "old");
    const std::size_t before = files();
    {
        auto file = OutputFile::open(folder / "out.txt");
        ASSERT_TRUE(file);
        std::fputs("new", file->stream());
    }
    EXPECT_EQ(read(folder / "out.txt"), "old");
    EXPECT_EQ(files(), before);
}

TEST_F(OutputFileTest, a_link_stays_a_link) {
    write("real.txt", "old");
    fs::create_symlink(folder / "real.txt", folder / "link.txt");
    auto file = OutputFile::open(folder / "link.txt");
    ASSERT_TRUE(file);
    ASSERT_TRUE(write_file(*file, "new"));
    EXPECT_TRUE(fs::is_symlink(folder / "link.txt"));
    EXPECT_EQ(read(folder / "real.txt"), "new");
}

TEST_F(OutputFileTest, places_that_cannot_be_written_are_named) {
    for (const fs::path& path :
         {folder, folder / "no folder/out.txt", fs::path("/proc/nothing/x")}) {
        auto file = OutputFile::open(path);
        ASSERT_FALSE(file) << path;
        EXPECT_EQ(file.error().file, path.string());
        EXPECT_TRUE(file.error().message.starts_with("cannot write the file: "));
    }
}

TEST_F(OutputFileTest, a_full_disk_is_told) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    auto file = OutputFile::open("/dev/full");
    ASSERT_TRUE(file);
    EXPECT_FALSE(write_file(*file, "text"));
}

TEST_F(OutputFileTest, rights_are_those_of_any_new_file) {
    write("usual", "");
    auto file = OutputFile::open(folder / "out.txt");
    ASSERT_TRUE(file && write_file(*file, "text"));
    EXPECT_EQ(fs::status(folder / "out.txt").permissions(),
              fs::status(folder / "usual").permissions());
}

}  // namespace
}  // namespace gpioclx::report
