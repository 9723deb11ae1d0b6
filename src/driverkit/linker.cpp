#include "driverkit/linker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "driverkit/msbuild_expression.h"
#include "driverkit/process.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view driver_entry = "DriverEntry";

// UMDF 1 drivers are COM servers; what the kernel calls is the framework's half of the image.
std::string_view entry_of(const LinkerSetup& setup) {
    return setup.umdf != nullptr && setup.umdf->major == 1 ? "DllGetClassObject" : driver_entry;
}

std::string version_script(const LinkerSetup& setup) {
    // The framework looks for the pointer to its globals in each image.
    std::string names = fmt::format("  {};\n  WdfDriverGlobals;\n", entry_of(setup));
    if (entry_of(setup) != driver_entry) names += fmt::format("  {};\n", driver_entry);
    for (const std::string& name : setup.options->extra_exports)
        names += fmt::format("  \"{}\";\n", name);
    return fmt::format("{{\nglobal:\n{}local:\n  *;\n}};\n", names);
}

std::vector<std::string> link_command(const LinkerSetup& setup, const fs::path& script) {
    std::vector<std::string> command = {setup.options->linker,
                                        "-shared",
                                        "-Bsymbolic",
                                        "-z",
                                        "now",
                                        "-z",
                                        "noexecstack",
                                        "-z",
                                        "defs",
                                        "--warn-unresolved-symbols",
                                        "--no-demangle",
                                        "--hash-style=both",
                                        "--build-id=sha1",
                                        "--undefined-version",
                                        "--color-diagnostics=never",
                                        "-soname",
                                        setup.image.filename().string(),
                                        "--version-script",
                                        script.string()};
    for (const fs::path& object : setup.objects) command.push_back(object.string());
    command.insert(command.end(), {"-o", setup.image.string()});
    return command;
}

// Where the linker saw a reference, in files of this machine. Its text reads
//   warning: undefined symbol: KeFoo
//   >>> referenced by a.c:7 (/driver/x/a.c:7)
Error place_of(std::string_view name, const std::string& log, const LinkerSetup& setup) {
    constexpr std::string_view start = ">>> referenced by ";
    Error error;
    bool inside = false;
    for (const std::string& line : split_list(log, "\n")) {
        if (line.find("undefined symbol: ") != std::string::npos) {
            inside = line.ends_with(fmt::format("undefined symbol: {}", name));
        }
        if (!inside || !line.starts_with(start)) continue;
        // The path in parentheses says more than the name before it.
        const auto open = line.find(" (");
        const bool path = open != std::string::npos && line.ends_with(')');
        const std::string place =
            path ? line.substr(open + 2, line.size() - open - 3) : line.substr(start.size());
        const auto colon = place.rfind(':');
        if (colon == std::string::npos) continue;  // an object without debug information
        const std::string written = place.substr(0, colon);
        const bool absolute = written.starts_with('/');
        error.file = setup.paths->real(
            absolute ? written : fmt::format("{}/{}", PathMap::compilation_folder, written));
        error.line = std::atoi(place.c_str() + colon + 1);
        // A name without folder is that of a source.
        for (const SourceFile& source : setup.project->sources) {
            if (source.path.filename() == fs::path(written)) {
                error.file = source.path.string();
            }
        }
        break;
    }
    return error;
}

Result<void> check_names(const ElfImage& elf, const std::string& log, const LinkerSetup& setup) {
    const auto& provided = setup.options->exports;
    const bool user = setup.functions != nullptr && setup.umdf->major == 2;
    std::vector<std::string> missing;
    for (const std::string& name : elf.undefined) {
        // What an instrumented driver tells its memory with is of no framework.
        if (setup.options->instrument && name.starts_with("__tsan_")) continue;
        const bool there = (!provided || provided(name)) &&
                           (!user || setup.functions->has(name, setup.umdf->minor));
        if (!there) missing.push_back(name);
    }
    if (missing.empty()) return {};
    const auto reason = [&](const std::string& name) {
        return user && !setup.functions->has(name, setup.umdf->minor)
                   ? setup.functions->reason(name, setup.umdf->minor)
                   : std::string("is not provided by wdk/");
    };
    std::string text;
    for (const std::string& name : missing) {
        Error error = place_of(name, log, setup);
        error.message = fmt::format("{} {}", name, reason(name));
        text += error.text() + "\n";
    }
    // With one name the error says it all.
    if (missing.size() > 1 && setup.options->tool_output) setup.options->tool_output(text);
    Error error = place_of(missing[0], log, setup);
    error.message = fmt::format("driver {} uses {}, which {}", setup.project->target, missing[0],
                                reason(missing[0]));
    if (missing.size() > 1) {
        missing.erase(missing.begin());
        error.message += fmt::format("; nor {}", fmt::join(missing, ", "));
    }
    return error;
}

Result<void> check_entry(const ElfImage& elf, const LinkerSetup& setup) {
    const std::string source = setup.project->sources.front().path.string();
    for (const std::string& name : setup.options->extra_exports) {
        if (elf.find_export(name) != nullptr) continue;
        return Error{.message = fmt::format("driver {} does not define its export {}",
                                            setup.project->target, name),
                     .file = setup.project->file.string()};
    }
    const std::string_view entry_name = entry_of(setup);
    if (elf.find_export(entry_name) != nullptr) return {};
    const bool mangled = std::any_of(elf.symbols.begin(), elf.symbols.end(), [&](const auto& one) {
        return one.name.starts_with(fmt::format("_Z{}{}", entry_name.size(), entry_name));
    });
    return Error{.message = fmt::format("driver {} has no {}", setup.project->target, entry_name),
                 .file = setup.project->file.string(),
                 .hint = mangled ? "a C++ function needs extern \"C\""
                         : entry_name != driver_entry
                             ? "expected STDAPI DllGetClassObject(REFCLSID, REFIID, LPVOID*) in "
                               "one of the sources"
                             : "expected NTSTATUS DriverEntry(PDRIVER_OBJECT, "
                               "PUNICODE_STRING) in one of the sources"};
}

Error linker_error(const std::string& log, const LinkerSetup& setup) {
    if (setup.options->tool_output) setup.options->tool_output(log);
    Error error{.message = "the linker failed", .file = setup.project->file.string()};
    const auto lines = split_list(log, "\n");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto at = lines[i].find("error: ");
        if (at == std::string::npos) continue;
        error.message = lines[i].substr(at + 7);
        for (std::size_t k = i + 1; k < lines.size() && lines[k].starts_with(">>> "); ++k) {
            if (lines[k].find(".o:(") == std::string::npos) {
                error.message += "; " + lines[k].substr(4);
            }
        }
        break;
    }
    return error;
}

}  // namespace

Result<LinkedImage> link_image(const LinkerSetup& setup) {
    const fs::path script = setup.image.string() + ".map";
    const fs::path log_file = setup.image.string() + ".log";
    const fs::path stamp_file = setup.image.string() + ".stamp";
    const auto written = write_if_changed(script, version_script(setup));
    if (!written) return written.error();

    const auto command = link_command(setup, script);
    auto key = content_hash(version_script(setup));
    for (const std::string& word : command) key = content_hash(word + "\n", key);
    for (const fs::path& object : setup.objects) {
        key = content_hash(fmt::format("{:016x}", file_hash(object)), key);
    }
    auto stamp_text = [&] { return fmt::format("{:016x} {:016x}\n", key, file_hash(setup.image)); };

    LinkedImage result;
    std::string log;
    const auto stamp = read_text(stamp_file);
    if (stamp && *stamp == stamp_text()) {
        if (auto kept = read_text(log_file)) log = *std::move(kept);
    } else {
        if (setup.options->progress) setup.options->progress("link " + setup.project->target);
        auto outcome = run_process(command, "lld-16");
        if (!outcome) return outcome.error();
        log = outcome->errors;
        if (outcome->exit_code != 0) return linker_error(log, setup);
        (void)write_if_changed(log_file, log);
        (void)write_if_changed(stamp_file, stamp_text());
        result.linked = true;
    }
    auto elf = read_elf_image(setup.image);
    if (!elf) return elf.error();
    if (auto done = check_entry(*elf, setup); !done) return done.error();
    if (auto done = check_names(*elf, log, setup); !done) return done.error();
    result.elf = *std::move(elf);
    return result;
}

}  // namespace gpioclx::driverkit
