#include "report/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace gpioclx::report {

namespace fs = std::filesystem;

namespace {

Error cannot_write(const fs::path& path, int number) {
    return {.message = fmt::format("cannot write the file: {}", std::strerror(number)),
            .file = path.string()};
}

// As a file that was opened in the usual way would have them.
mode_t usual_rights() {
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

}  // namespace

Result<OutputFile> OutputFile::open(const fs::path& path) {
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    if (fs::exists(status) && (fs::is_directory(status) || access(path.c_str(), W_OK) != 0))
        return cannot_write(path, fs::is_directory(status) ? EISDIR : errno);
    // /dev/stdout may lead to a regular file, which somebody else holds open.
    const bool device = path.string().starts_with("/dev/");
    if (device || (fs::exists(status) && !fs::is_regular_file(status))) {
        std::FILE* stream = std::fopen(path.c_str(), "w");
        if (stream == nullptr) return cannot_write(path, errno);
        return OutputFile(path, {}, stream);
    }
    // A link stays a link: what it points to is replaced.
    const fs::path place = fs::exists(status) ? fs::canonical(path, ignored) : path;
    std::string temporary = place.string() + ".XXXXXX";
    const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) return cannot_write(path, errno);
    fchmod(descriptor, usual_rights());
    std::FILE* stream = fdopen(descriptor, "w");
    if (stream == nullptr) {
        const int number = errno;
        close(descriptor);
        fs::remove(temporary, ignored);
        return cannot_write(path, number);
    }
    return OutputFile(path, temporary, stream);
}

OutputFile::~OutputFile() {
    std::error_code ignored;
    if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

Result<void> OutputFile::keep() {
    const bool failed = std::ferror(stream_.get()) != 0;
    errno = EIO;
    std::FILE* stream = stream_.release();
    const bool lost = std::fflush(stream) != 0;
    const int number = errno;
    if (std::fclose(stream) != 0 || failed || lost) return cannot_write(path_, number);
    if (temporary_.empty()) return {};
    std::error_code problem, ignored;
    const fs::path place = fs::exists(path_, ignored) ? fs::canonical(path_, ignored) : path_;
    fs::rename(temporary_, place, problem);
    if (problem) return cannot_write(path_, problem.value());
    temporary_.clear();
    return {};
}

Result<void> write_file(OutputFile& file, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), file.stream());
    return file.keep();
}

}  // namespace gpioclx::report
