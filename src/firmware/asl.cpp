#include "firmware/asl.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "firmware/asl_source.h"

namespace gpioclx::firmware {
namespace {

namespace fs = std::filesystem;

// Changes with the way we call the compiler, so that old outputs are not taken for new ones.
constexpr std::string_view recipe = "2";

std::optional<fs::path> find_program(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "/usr/bin" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        const fs::path candidate = fs::path(folder) / name;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return std::nullopt;
}

// FNV-1a: only has to tell versions of one file apart.
class ContentHash {
  public:
    void add(std::string_view text) {
        for (const char c : text) step(static_cast<std::uint8_t>(c));
        step(0);
    }
    std::uint64_t value() const { return value_; }

  private:
    void step(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001B3u; }
    std::uint64_t value_ = 0xCBF29CE484222325u;
};

std::uint64_t content_hash(const std::vector<AslFile>& files, const fs::path& compiler) {
    ContentHash hash;
    std::error_code ignored;
    hash.add(recipe);
    hash.add(compiler.string());
    hash.add(std::to_string(fs::file_size(compiler, ignored)));
    for (const AslFile& file : files) {
        hash.add(file.name);
        hash.add(file.text);
    }
    return hash.value();
}

struct Finished {
    int status = 0;  // as waitpid gives it
    std::string output;
};

Result<Finished> run(const std::vector<std::string>& command) {
    int pipe_ends[2];
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return Error{.message = "no pipe for iasl"};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int failed =
        ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe_ends[1]);
    Finished finished;
    if (failed == 0) {
        char buffer[4096];
        for (ssize_t n; (n = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;) {
            finished.output.append(buffer, static_cast<std::size_t>(n));
        }
        ::waitpid(child, &finished.status, 0);
    }
    ::close(pipe_ends[0]);
    if (failed != 0) return Error{.message = fmt::format("{} cannot be started", command[0])};
    return finished;
}

// "path(12) : error    6126 - syntax error" in the compiler's IDE format.
struct Complaint {
    std::string file;
    int line = 0;
    std::string code;
    std::string text;
};

std::optional<Complaint> parse_complaint(const std::string& line) {
    const std::size_t colon = line.find(") : error");
    const std::size_t open = line.rfind('(', colon);
    const std::size_t dash = line.find(" - ", colon);
    if (colon == std::string::npos || open == std::string::npos || dash == std::string::npos) {
        return std::nullopt;
    }
    Complaint complaint{.file = line.substr(0, open), .code = {}, .text = line.substr(dash + 3)};
    std::from_chars(line.data() + open + 1, line.data() + colon, complaint.line);
    complaint.code = line.substr(colon + 9, dash - colon - 9);
    complaint.code.erase(0, complaint.code.find_first_not_of(' '));
    return complaint;
}

// A folder that goes away with everything in it.
class ScratchFolder {
  public:
    explicit ScratchFolder(const fs::path& parent) {
        std::string name = (parent / "compile-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path_ = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

struct Placed {
    fs::path copy;
    const AslFile* original = nullptr;
};

// Copies the main file, and the included ones that were rewritten, where iasl finds them first.
Result<std::vector<Placed>> place(const std::vector<AslFile>& files, const fs::path& folder) {
    std::vector<Placed> placed;
    for (const AslFile& file : files) {
        const bool main = file.name.empty();
        if (!main && file.rewritten == file.text) continue;
        const fs::path relative = main ? file.path.filename() : fs::path(file.name);
        const fs::path normal = relative.lexically_normal();
        if (normal.is_absolute() || *normal.begin() == "..") {
            return Error{.message =
                             "an included file that uses MsftFunctionConfig must be "
                             "included by a path below the main file's folder",
                         .file = file.path.string(),
                         .hint = "or write PinFunction in it"};
        }
        const fs::path copy = folder / normal;
        std::error_code ignored;
        fs::create_directories(copy.parent_path(), ignored);
        std::ofstream(copy, std::ios::binary) << file.rewritten;
        placed.push_back({copy, &file});
    }
    return placed;
}

// iasl says no more than "syntax error": the line itself helps.
std::string line_of(const AslFile& file, int number) {
    std::istringstream lines(file.text);
    std::string line;
    for (int i = 0; i < number; ++i) std::getline(lines, line);
    const std::size_t first = line.find_first_not_of(" \t");
    const std::size_t last = line.find_last_not_of(" \t\r");
    return first == std::string::npos ? "" : line.substr(first, last - first + 1);
}

Error compile_error(const fs::path& path, const Finished& finished,
                    const std::vector<Placed>& placed) {
    Error error{.message = "", .file = path.string()};
    std::istringstream lines(finished.output);
    for (std::string line; std::getline(lines, line);) {
        auto complaint = parse_complaint(line);
        if (!complaint) continue;
        for (const Placed& file : placed) {
            if (fs::path(complaint->file).lexically_normal() == file.copy) {
                complaint->file = file.original->path.string();
                if (complaint->text == "syntax error") {
                    complaint->text += " in: " + line_of(*file.original, complaint->line);
                }
            }
        }
        if (error.message.empty()) {
            error = {.message = complaint->text, .file = complaint->file, .line = complaint->line};
            error.hint = "iasl error " + complaint->code;
        } else {
            error.message +=
                fmt::format("\n{}:{}: {}", complaint->file, complaint->line, complaint->text);
        }
    }
    if (error.message.empty()) error.message = "iasl failed: " + finished.output;
    return error;
}

}  // namespace

Result<fs::path> compile_asl(const fs::path& path, const fs::path& output_dir) {
    const auto compiler = find_program("iasl");
    if (!compiler) {
        return Error{.message = "the ASL compiler iasl is not in PATH",
                     .file = path.string(),
                     .hint = "Debian package acpica-tools"};
    }
    auto files = read_asl(path);
    if (!files) return files.error();

    std::error_code failed;
    fs::create_directories(output_dir, failed);
    const fs::path output = output_dir / fmt::format("{}-{:016x}.aml", path.stem().string(),
                                                     content_hash(*files, *compiler));
    if (fs::exists(output)) return output;

    const ScratchFolder scratch(output_dir);
    if (scratch.path().empty()) {
        return Error{.message = "cannot write compiled tables here", .file = output_dir.string()};
    }
    auto placed = place(*files, scratch.path());
    if (!placed) return placed.error();

    // Windows takes any text for a _HID (samples have long ones); iasl wants 7 or 8 characters:
    // 6033.
    std::vector<std::string> command{compiler->string(), "-vi", "-vs", "-ve", "-vw", "6033"};
    for (const AslFile& file : *files) {
        const fs::path folder = fs::absolute(file.path).parent_path();
        command.insert(command.end(), {"-I", folder.string()});
    }
    const fs::path main_copy = placed->front().copy;
    command.insert(command.end(), {"-p", (scratch.path() / "out").string(), main_copy.string()});
    const auto finished = run(command);
    if (!finished) return finished.error();

    const fs::path compiled = scratch.path() / "out.aml";
    const bool clean = WIFEXITED(finished->status) && WEXITSTATUS(finished->status) == 0;
    if (!clean || !fs::exists(compiled)) return compile_error(path, *finished, *placed);
    // Renaming is atomic: two runs that compile the same file do not see half a table.
    fs::rename(compiled, output, failed);
    if (failed) return Error{.message = failed.message(), .file = output.string()};
    return output;
}

}  // namespace gpioclx::firmware
