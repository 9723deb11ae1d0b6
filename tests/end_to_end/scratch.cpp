#include "scratch.h"

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace gpioclx::end_to_end {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "gpioclx-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fs::path ScratchFolder::copy_of_examples(const std::string& name) const {
    const fs::path copy = path_ / name;
    fs::create_directories(copy);
    for (const char* folder : {"boards", "drivers"})
        fs::copy(fs::path(GX_EXAMPLES) / folder, copy / folder, fs::copy_options::recursive);
    return copy;
}

ToolRun run_tool(const std::string& arguments, const fs::path& folder,
                 const std::string& environment) {
    const std::string command = "cd '" + folder.string() + "' && " + environment +
                                " '" GX_TOOL "' " + arguments + " 2>&1 </dev/null";
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    ToolRun run;
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe))
        run.output.append(buffer, count);
    const int status = pclose(pipe);
    run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return run;
}

std::string read_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void write_file(const fs::path& file, const std::string& text) {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

void replace_in_file(const fs::path& file, const std::string& what, const std::string& by) {
    std::string text = read_file(file);
    const auto at = text.find(what);
    if (at == std::string::npos || text.find(what, at + 1) != std::string::npos)
        throw std::runtime_error("not exactly once in " + file.string() + ": " + what);
    write_file(file, text.replace(at, what.size(), by));
}

fs::path pushbutton_bench() { return fs::path(GX_EXAMPLES) / "boards/pushbutton/pushbutton.toml"; }

}  // namespace gpioclx::end_to_end
