// Folders of a test's own, and the tool as a user starts it.
#pragma once

#include <filesystem>
#include <string>

namespace gpioclx::end_to_end {

// Removed with everything in it at the end of its life.
class ScratchFolder {
  public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    // Copies the shipped examples to a folder of that name and returns it.
    std::filesystem::path copy_of_examples(const std::string& name) const;

  private:
    std::filesystem::path path_;
};

struct ToolRun {
    int exit_code = -1;
    std::string output;  // both streams
};

// Runs "gpioclx ARGUMENTS" by the shell in `folder`. `environment`: "NAME=value ...".
ToolRun run_tool(const std::string& arguments, const std::filesystem::path& folder,
                 const std::string& environment = "");

std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, const std::string& text);
// Replaces `what`, which must stand there once.
void replace_in_file(const std::filesystem::path& file, const std::string& what,
                     const std::string& by);

std::filesystem::path pushbutton_bench();

}  // namespace gpioclx::end_to_end
