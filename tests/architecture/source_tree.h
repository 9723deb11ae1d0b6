// The files of this repository, as the tests of its architecture see them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gpioclx::architecture {

struct SourceFile {
    std::string path;                // from the root, '/' between names: "src/machine/machine.h"
    std::vector<std::string> lines;  // without line ends

    // "machine" for src/machine/..., "api" for include/gpioclx/..., "" elsewhere.
    std::string folder() const;
    std::string stem() const;       // "machine"
    std::string extension() const;  // ".h"
    bool is_code() const;           // C or C++
    bool is_test() const;           // a unit test or what only unit tests include
};

// Files below these folders or files of the root, in the order of their names. Build products,
// pictures and the like are left out; a folder that does not exist has no files.
std::vector<SourceFile> read_files(const std::vector<std::string>& below);

// The folders of src/ that hold code.
std::vector<std::string> source_folders();

bool exists(const std::string& path_from_root);

// The lines without comments and without what stands between quotes; line numbers stay.
std::vector<std::string> code_only(const SourceFile& file);

// "path:line", for messages.
std::string place(const SourceFile& file, std::size_t line_index);

}  // namespace gpioclx::architecture
