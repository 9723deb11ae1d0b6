#include "tool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace gpioclx::command_line {
namespace {

namespace fs = std::filesystem;

constexpr const char* board = R"(DefinitionBlock ("board.aml", "DSDT", 2, "GPIOCX", "TESTS", 1)
{
    Scope (\_SB)
    {
        Device (GPI0)
        {
            Name (_HID, "GXTS0003")
            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09030000, 0x00001000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })
        }
        Device (DEV0) { Name (_HID, "GXTS0001") }
        Device (DEV1) { Name (_HID, "GXTS0002") }
    }
}
)";

// The child's streams are files: nobody has to read while it runs.
Outcome start(const std::vector<std::string>& command, const fs::path& folder) {
    const fs::path out = folder / ".out", errors = folder / ".errors";
    const pid_t child = fork();
    if (child == 0) {
        if (chdir(folder.c_str()) != 0) _exit(126);
        for (const auto& [path, descriptor] : {std::pair{out, 1}, {errors, 2}}) {
            const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
            if (file < 0 || dup2(file, descriptor) < 0) _exit(126);
        }
        const int nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, 0);
        setenv("GPIOCLX_CACHE", GX_TEST_CACHE, 1);
        std::vector<char*> arguments;
        for (const std::string& word : command)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    Outcome outcome{.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                    .out = CommandLine::text_of(out),
                    .errors = CommandLine::text_of(errors)};
    fs::remove(out);
    fs::remove(errors);
    return outcome;
}

}  // namespace

std::string Outcome::last_line() const {
    std::string text = out;
    while (text.ends_with('\n')) text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

CommandLine::CommandLine() {
    std::string name = (fs::temp_directory_path() / "gpioclx test XXXXXX").string();  // with blanks
    if (mkdtemp(name.data()) != nullptr) folder = name;
}

CommandLine::~CommandLine() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
}

Outcome CommandLine::tool(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command = {GX_TOOL};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return start(command, folder);
}

Outcome CommandLine::shell(const std::string& command) const {
    return start({"/bin/sh", "-c", command}, folder);
}

fs::path CommandLine::write(const std::string& name, const std::string& text) const {
    const fs::path path = folder / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

void CommandLine::bench(const Bench& bench) const {
    write("board.asl", bench.asl.empty() ? board : bench.asl);
    std::string text = "schema = 1\nfirmware = \"board.asl\"\n";
    text += fmt::format("script = '''\n{}\n'''\n", bench.script);
    for (const std::string& driver : bench.drivers)
        text += fmt::format("\n[[driver]]\nfolder = '{}'\n", driver_folder(driver));
    write("bench.toml", text + "\n" + bench.more);
}

Outcome CommandLine::run(const Bench& given, std::vector<std::string> arguments) const {
    bench(given);
    arguments.insert(arguments.begin(), {"run", "bench.toml"});
    return tool(arguments);
}

void CommandLine::edit(const fs::path& driver, const Change& change) const {
    for (const auto& entry : fs::directory_iterator(driver)) {
        const std::string name = entry.path().filename().string();
        write("edited/" + name, change(name, text_of(entry.path())));
    }
    std::string bench = text_of(folder / "bench.toml");
    const std::size_t at = bench.find(driver.string());
    ASSERT_NE(at, std::string::npos) << bench;
    write("edited.toml", bench.replace(at, driver.string().size(), (folder / "edited").string()));
}

std::string CommandLine::driver_folder(const std::string& driver) {
    return std::string(GX_PROJECT "/tests/command_line/drivers/") + driver;
}

std::string CommandLine::place(const std::string& driver, const std::string& mark) {
    std::ifstream stream(driver_folder(driver) + "/" + driver + ".c");
    int number = 1;
    for (std::string line; std::getline(stream, line); ++number) {
        if (line.find(mark) != std::string::npos) return fmt::format("{}.c:{}", driver, number);
    }
    return "no line with " + mark;
}

std::string CommandLine::text_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t CommandLine::count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++found;
    return found;
}

}  // namespace gpioclx::command_line
