#include "driverkit/process.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

extern char** environ;

namespace gpioclx::driverkit {
namespace {

// Streams of the child are files in memory: whatever it writes, nobody has to read meanwhile.
class MemoryFile {
  public:
    explicit MemoryFile(const char* name) : fd_(memfd_create(name, MFD_CLOEXEC)) {}
    ~MemoryFile() {
        if (fd_ >= 0) close(fd_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    int fd() const { return fd_; }

    bool fill(std::string_view text) {
        while (!text.empty()) {
            const ssize_t written = write(fd_, text.data(), text.size());
            if (written <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return lseek(fd_, 0, SEEK_SET) == 0;
    }

    std::string content() const {
        std::string text;
        std::array<char, 16384> buffer;
        off_t at = 0;
        for (;;) {
            const ssize_t got = pread(fd_, buffer.data(), buffer.size(), at);
            if (got <= 0) return text;
            text.append(buffer.data(), static_cast<std::size_t>(got));
            at += got;
        }
    }

  private:
    int fd_;
};

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<ProcessOutcome> run_process(const std::vector<std::string>& command,
                                   std::string_view package, std::string_view input) {
    MemoryFile in("stdin"), out("stdout"), errors("stderr");
    if (in.fd() < 0 || out.fd() < 0 || errors.fd() < 0 || !in.fill(input)) {
        return Error{.message = fmt::format("no memory for the streams of {}", command[0])};
    }
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.fd(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.fd(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.fd(), STDERR_FILENO);
    pid_t child = 0;
    const int failed =
        posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        return Error{.message = fmt::format("cannot start {}: {}", command[0], strerror(failed)),
                     .hint = fmt::format("Debian package {}", package)};
    }
    ProcessOutcome outcome;
    outcome.exit_code = wait_for(child);
    outcome.out = out.content();
    outcome.errors = errors.content();
    return outcome;
}

}  // namespace gpioclx::driverkit
