// A file that is there whole or not at all: it is written beside its place, under another name, and
// put there at the end. What is no regular file (/dev/stdout, a pipe) is written as it is.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "diagnostics/result.h"

namespace gpioclx::report {

class OutputFile {
  public:
    // Errors: the place cannot be written; nothing has been changed then.
    static Result<OutputFile> open(const std::filesystem::path& path);
    OutputFile(OutputFile&& other) noexcept
        : path_(std::move(other.path_)),
          temporary_(std::exchange(other.temporary_, {})),
          stream_(std::move(other.stream_)) {}
    OutputFile& operator=(OutputFile&&) = delete;
    // Without keep(): as if nothing had been opened.
    ~OutputFile();

    std::FILE* stream() const { return stream_.get(); }
    const std::filesystem::path& path() const { return path_; }
    // Errors: the disk is full, or the place was lost meanwhile.
    Result<void> keep();

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    OutputFile(std::filesystem::path path, std::filesystem::path temporary, std::FILE* stream)
        : path_(std::move(path)), temporary_(std::move(temporary)), stream_(stream) {}

    std::filesystem::path path_;
    std::filesystem::path temporary_;  // empty: none
    std::unique_ptr<std::FILE, Close> stream_;
};

// All of a text at once.
Result<void> write_file(OutputFile& file, const std::string& text);

}  // namespace gpioclx::report
