// README shows what the demo prints. When this fails after a change that people are meant to see,
// README gets the new lines.
#include <fstream>

#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;

// The indented lines of README that are a timeline or a waveform, without the indentation.
std::vector<std::string> shown_lines() {
    std::ifstream readme(GX_PROJECT "/README.md");
    std::vector<std::string> lines;
    for (std::string line; std::getline(readme, line);) {
        if (!line.starts_with("    ")) continue;
        if (line.find(" us ") != std::string::npos || line.find("\\____") != std::string::npos)
            lines.push_back(line.substr(4));
    }
    return lines;
}

TEST_F(CommandLine, README_shows_the_demo_as_it_is) {
    const Outcome demo =
        tool({"run", GX_PROJECT "/examples/boards/pushbutton/pushbutton.toml", "--wave"});
    ASSERT_EQ(demo.code, 0) << demo.all();
    const std::vector<std::string> lines = shown_lines();
    ASSERT_GT(lines.size(), 10u);
    for (const std::string& line : lines) EXPECT_THAT(demo.out, HasSubstr(line + "\n"));
}

}  // namespace
}  // namespace gpioclx::command_line
