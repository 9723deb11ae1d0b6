// Runs the tool's binary in a folder of the test's own, and writes benches for it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace gpioclx::command_line {

struct Outcome {
    int code = -1;
    std::string out;     // standard output
    std::string errors;  // standard error output
    std::string all() const { return out + errors; }
    std::string last_line() const;  // of the standard output
};

// A bench around the board of tool.cpp: the controller \_SB.GPI0 (GXTS0003, behind it a PL061), and
// the devices \_SB.DEV0 (GXTS0001) and \_SB.DEV1 (GXTS0002).
struct Bench {
    std::vector<std::string> drivers{};  // names of folders in drivers/
    std::string script{};
    std::string more{};  // TOML behind everything
    std::string asl{};   // instead of the board's
};

class CommandLine : public ::testing::Test {
  public:
    CommandLine();
    ~CommandLine() override;

    // "gpioclx ARGUMENT..." in `folder`, with a cache that the tests share.
    Outcome tool(const std::vector<std::string>& arguments) const;
    // Any command through the shell, in `folder`.
    Outcome shell(const std::string& command) const;
    // Writes a file below `folder` and returns its path.
    std::filesystem::path write(const std::string& name, const std::string& text) const;
    // Writes bench.toml and board.asl.
    void bench(const Bench& bench) const;
    // bench(), then "run bench.toml" and the arguments.
    Outcome run(const Bench& given, std::vector<std::string> arguments = {}) const;
    // Writes edited/, a driver's folder with other texts in its files, and edited.toml, which is
    // bench.toml with that driver instead.
    using Change = std::function<std::string(const std::string& file, std::string text)>;
    void edit(const std::filesystem::path& driver, const Change& change) const;
    bool exists(const std::string& name) const { return std::filesystem::exists(folder / name); }

    // The text of the repository's file with the first line that contains `mark`:
    // "misbehaving.c:24".
    static std::string place(const std::string& driver, const std::string& mark);
    static std::string driver_folder(const std::string& driver);
    static std::string text_of(const std::filesystem::path& file);
    static std::size_t count(const std::string& text, const std::string& part);

    std::filesystem::path folder;
};

}  // namespace gpioclx::command_line
