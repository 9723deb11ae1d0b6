#include "driverkit/compiler.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "driverkit/msbuild_expression.h"
#include "driverkit/process.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view object_version = "1";  // raise when objects of old builds do not fit

// The Windows ABI as far as drivers can see it, on the instruction set and calling convention of
// this machine. Position independent without interposition: the linker's version script decides
// what is exported.
constexpr std::string_view code_flags[] = {
    "-target", "x86_64-linux-gnu", "-fms-extensions", "-fms-compatibility", "-fshort-wchar",
    "-mms-bitfields", "-mno-red-zone", "-fno-omit-frame-pointer", "-mno-omit-leaf-frame-pointer",
    // Who calls a service as the last thing that it does is its caller all the same.
    "-fno-optimize-sibling-calls", "-fno-stack-protector", "-fPIC", "-fno-semantic-interposition",
    "-g", "-gdwarf-4",
    // Code that two lines of a driver share would be a finding on line 0.
    "-mllvm", "-enable-tail-merge=false", "-mllvm", "-simplifycfg-sink-common=false", "-mllvm",
    "-simplifycfg-hoist-common=false", "-fno-strict-aliasing", "-fwrapv",
    "-fno-delete-null-pointer-checks", "-nostdlibinc", "-Wa,--noexecstack",
    // Library functions of the host that the optimizer would call of its own accord.
    "-fno-builtin-bcmp", "-fno-builtin-stpcpy", "-fno-builtin-mempcpy", "-fno-builtin-strnlen",
    "-fno-builtin-memccpy", "-fno-builtin-memrchr",
    // Names of the host that drivers use for variables of their own.
    "-Ulinux", "-Uunix", "-U__linux__", "-U__linux", "-U__gnu_linux__", "-U__unix__", "-U__unix"};

// The compiler's part of a sanitizer, whose library has no part in it: a call before each access.
// Reads that a write follows at once are told too: what comes between them is what is looked for.
constexpr std::string_view instrument_flags[] = {"-fsanitize=thread",
                                                 "-mllvm",
                                                 "-tsan-instrument-func-entry-exit=0",
                                                 "-mllvm",
                                                 "-tsan-distinguish-volatile=1",
                                                 "-mllvm",
                                                 "-tsan-instrument-read-before-write=1"};

constexpr std::string_view cplusplus_flags[] = {
    "-x", "c++", "-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
    "-fno-use-cxa-atexit",
    // As cl.exe: the body of a template that nobody uses may say anything.
    "-fdelayed-template-parsing"};

constexpr std::string_view c_flags[] = {"-x", "c", "-std=gnu11",
                                        // cl.exe warns where clang refuses.
                                        "-Wno-error=int-conversion",
                                        "-Wno-error=incompatible-function-pointer-types"};

// All warnings but those about the dialect, and those that cl.exe does not give on its level 4.
constexpr std::string_view warning_flags[] = {"-Wall",
                                              "-Wextra",
                                              "-Wno-unknown-pragmas",
                                              "-Wno-ignored-pragmas",
                                              "-Wno-pragma-pack",
                                              "-Wno-microsoft",
                                              "-Wno-multichar",
                                              "-Wno-four-char-constants",
                                              "-Wno-ignored-attributes",
                                              "-Wno-extra-tokens",
                                              "-Wno-nonportable-include-path",
                                              "-Wno-unused-parameter",
                                              "-Wno-missing-field-initializers",
                                              "-Wno-missing-braces",
                                              "-Wno-unused-local-typedef",
                                              "-Wno-unused-function",
                                              "-Wno-unused-const-variable",
                                              "-Wno-sign-compare",
                                              "-Wno-switch",
                                              "-Wno-comment",
                                              "-Wno-format",
                                              "-Wno-pointer-sign",
                                              "-Wno-deprecated-declarations",
                                              "-Wno-writable-strings",
                                              "-Wno-invalid-offsetof",
                                              "-Wno-macro-redefined",
                                              "-Wno-ignored-qualifiers",
                                              "-Wno-deprecated-copy",
                                              "-Wno-unknown-warning-option",
                                              "-Wno-builtin-macro-redefined",
                                              "-Wno-ignored-pragma-intrinsic",
                                              "-Wno-unused-value",
                                              "-Wno-unused-but-set-variable",
                                              "-Wno-reorder-ctor",
                                              "-Wno-gnu-zero-variadic-macro-arguments"};

const char* flag_of(Optimization optimization) {
    switch (optimization) {
        case Optimization::usual: return "-O1";
        case Optimization::disabled: return "-O0";
        case Optimization::space: return "-Os";
        case Optimization::speed: return "-O2";
    }
    return "-O1";
}

struct Job {
    const SourceFile* source = nullptr;
    std::vector<std::string> command;
    fs::path object;
    std::string key;
};

class CompileRun {
  public:
    explicit CompileRun(const CompilerSetup& setup) : setup_(setup) {}

    Result<std::vector<CompiledSource>> run() {
        for (const SourceFile& source : setup_.project->sources) jobs_.push_back(job_for(source));
        results_.resize(jobs_.size());
        const int workers = std::clamp<int>(setup_.options->jobs, 1, 64);
        std::vector<std::thread> threads;
        for (int i = 1; i < workers && i < static_cast<int>(jobs_.size()); ++i) {
            threads.emplace_back([this] { work(); });
        }
        work();
        for (std::thread& thread : threads) thread.join();
        if (broken_) return *broken_;
        return std::move(results_);
    }

  private:
    Job job_for(const SourceFile& source) const {
        Job job{.source = &source, .command = {}, .object = {}, .key = {}};
        auto& command = job.command;
        const BuildOptions& options = *setup_.options;
        command.push_back(options.compiler);
        const auto add_all = [&](const auto& flags) {
            for (const std::string_view flag : flags) {
                command.emplace_back(flag);
            }
        };
        add_all(code_flags);
        command.emplace_back(flag_of(source.optimization));
        // What the kit itself adds to a driver is not the driver's.
        if (options.instrument && !source.own) add_all(instrument_flags);
        if (source.cplusplus)
            add_all(cplusplus_flags);
        else
            add_all(c_flags);
        add_all(warning_flags);
        for (auto& define : standard_defines(*setup_.project)) command.push_back("-D" + define);
        for (const auto& define : source.defines) command.push_back("-D" + define);
        for (const auto& define : options.defines) command.push_back("-D" + define);
        for (const auto& name : source.undefines) command.push_back("-U" + name);
        command.insert(command.end(), {"-ivfsoverlay", setup_.overlay.string()});
        for (const auto& folder : source.include_folders) command.push_back("-I" + folder.string());
        command.push_back("-I" + setup_.generated.string());
        for (const char* part : wdk_parts(source)) {
            command.insert(command.end(), {"-isystem", (options.wdk / part).string()});
        }
        for (const auto& file : source.forced_includes) {
            command.insert(command.end(), {"-include", file});
        }
        for (auto& flag : setup_.paths->compiler_flags()) command.push_back(std::move(flag));

        std::string text(object_version);
        for (const auto& word : command) text += '\n' + word;
        job.key = fmt::format("{:016x}", content_hash(text, setup_.overlay_hash));
        const auto name_hash = static_cast<unsigned>(content_hash(source.name) & 0xFFFFFF);
        job.object = setup_.build_folder /
                     fmt::format("{}-{:06x}.o", source.path.filename().string(), name_hash);
        return job;
    }

    std::vector<const char*> wdk_parts(const SourceFile& source) const {
        const bool extensions = setup_.options->extensions || source.own;
        std::vector<const char*> parts;
        if (setup_.project->model == DriverModel::umdf) parts.push_back("um");
        for (const char* part : {"wdf", "km", "crt"}) parts.push_back(part);
        if (extensions) parts.push_back("ext");
        if (extensions) parts.push_back(".");
        return parts;
    }

    void work() {
        for (;;) {
            const std::size_t index = next_.fetch_add(1);
            if (index >= jobs_.size() || stopped_) return;
            results_[index] = one(jobs_[index]);
        }
    }

    CompiledSource one(const Job& job) {
        CompiledSource result{
            .object = job.object, .compiled = false, .failed = false, .messages = {}};
        const fs::path log = job.object.string() + ".log";
        if (still_fits(job)) {
            if (auto text = read_text(log)) result.messages = *std::move(text);
            return result;
        }
        progress(fmt::format("compile {}", job.source->name));
        std::error_code code;
        fs::remove(stamp_of(job), code);
        std::vector<std::string> command = job.command;
        command.insert(command.end(), {"-MD", "-MF", job.object.string() + ".d", "-c",
                                       job.source->path.string(), "-o", job.object.string()});
        auto outcome = run_process(command, "clang-16");
        if (!outcome) {
            const std::scoped_lock lock(mutex_);
            broken_ = outcome.error();
            stopped_ = true;
            return result;
        }
        result.compiled = true;
        result.failed = outcome->exit_code != 0;
        result.messages = outcome->errors;
        if (outcome->exit_code > 128) {
            result.messages += fmt::format("{}: error: the compiler died of signal {}\n",
                                           job.source->path.string(), outcome->exit_code - 128);
        }
        (void)write_if_changed(log, result.messages);
        if (!result.failed) write_stamp(job);
        return result;
    }

    static fs::path stamp_of(const Job& job) { return job.object.string() + ".stamp"; }

    // Stamp: the key, then each dependency's hash and path.
    bool still_fits(const Job& job) {
        const auto stamp = read_text(stamp_of(job));
        std::error_code code;
        if (!stamp || !fs::exists(job.object, code)) return false;
        const auto lines = split_list(*stamp, "\n");
        if (lines.empty() || lines[0] != job.key) return false;
        for (std::size_t i = 1; i < lines.size(); ++i) {
            const auto blank = lines[i].find(' ');
            if (blank == std::string::npos) return false;
            const auto hash = std::strtoull(lines[i].substr(0, blank).c_str(), nullptr, 16);
            if (hash != hash_of(lines[i].substr(blank + 1))) return false;
        }
        return true;
    }

    void write_stamp(const Job& job) {
        const auto rule = read_text(job.object.string() + ".d");
        if (!rule) return;
        std::string stamp = job.key + "\n";
        for (const std::string& file : dependencies(*rule)) {
            stamp += fmt::format("{:016x} {}\n", hash_of(file), file);
        }
        (void)write_if_changed(stamp_of(job), stamp);
    }

    // "a.o: x.c \<newline> y\ z.h"
    static std::vector<std::string> dependencies(std::string_view rule) {
        std::vector<std::string> files;
        std::string current;
        const auto colon = rule.find(": ");
        if (colon == std::string_view::npos) return files;
        rule.remove_prefix(colon + 2);
        for (std::size_t i = 0; i <= rule.size(); ++i) {
            const char c = i < rule.size() ? rule[i] : '\n';
            const char next = i + 1 < rule.size() ? rule[i + 1] : '\n';
            if (c == '\\' && (next == ' ' || next == '#')) {
                current += next;
                ++i;
            } else if (c == '$' && next == '$') {
                current += '$';
                ++i;
            } else if (c == ' ' || c == '\n' || (c == '\\' && next == '\n')) {
                if (!current.empty()) files.push_back(std::exchange(current, ""));
            } else {
                current += c;
            }
        }
        return files;
    }

    // Headers are shared by sources: each is read once.
    unsigned long long hash_of(const std::string& file) {
        {
            const std::scoped_lock lock(mutex_);
            if (const auto found = hashes_.find(file); found != hashes_.end()) return found->second;
        }
        const auto hash = file_hash(file);
        const std::scoped_lock lock(mutex_);
        return hashes_[file] = hash;
    }

    void progress(const std::string& step) {
        const std::scoped_lock lock(mutex_);
        if (setup_.options->progress) setup_.options->progress(step);
    }

    const CompilerSetup& setup_;
    std::vector<Job> jobs_;
    std::vector<CompiledSource> results_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> stopped_ = false;
    std::mutex mutex_;
    std::optional<Error> broken_;
    std::map<std::string, unsigned long long> hashes_;
};

// "file:line:column: "
void read_place(const std::string& text, Error& error) {
    const auto end = text.rfind(": ");
    const auto column = end == std::string::npos ? end : text.rfind(':', end - 1);
    const auto line = column == std::string::npos || column == 0 ? std::string::npos
                                                                 : text.rfind(':', column - 1);
    if (line == std::string::npos) return;
    error.file = text.substr(0, line);
    error.line = std::atoi(text.c_str() + line + 1);
}

}  // namespace

std::vector<std::string> standard_defines(const Project& project) {
    std::vector<std::string> defines = {"_AMD64_=1",
                                        "AMD64=1",
                                        "_WIN64=1",
                                        "_M_AMD64=100",
                                        "_M_X64=100",
                                        "WINNT=1",
                                        "DEPRECATE_DDK_FUNCTIONS=1"};
    const bool debug = !lower(project.configuration).starts_with("release");
    defines.push_back(debug ? "DBG=1" : "DBG=0");
    if (!debug) defines.push_back("NDEBUG=1");
    if (project.model != DriverModel::umdf) defines.push_back("_KERNEL_MODE=1");
    if (project.model == DriverModel::wdm) return defines;
    const char* framework = project.model == DriverModel::umdf ? "UMDF" : "KMDF";
    defines.push_back(fmt::format("{}_VERSION_MAJOR={}", framework, project.framework_major));
    if (project.framework_minor > 0) {
        defines.push_back(fmt::format("{}_VERSION_MINOR={}", framework, project.framework_minor));
    }
    return defines;
}

Result<std::vector<CompiledSource>> compile_sources(const CompilerSetup& setup) {
    return CompileRun(setup).run();
}

Error first_compiler_error(std::string_view messages, std::string_view source) {
    Error error{.message = "the compiler failed without a message", .file = std::string(source)};
    // The compiler may stumble over the filter of a handler before it comes to the handler.
    const bool exceptions = messages.find("error: SEH ") != std::string_view::npos ||
                            messages.find("__except") != std::string_view::npos;
    for (const std::string& line : split_list(messages, "\n")) {
        // "file:line:column: error: text", with "fatal error" now and then; without a place
        // where the compiler means its command line.
        const auto mark = line.find("error: ");
        if (mark == std::string::npos) continue;
        error.message = line.substr(mark + 7);
        std::string place = line.substr(0, mark);
        if (place.ends_with("fatal ")) place.resize(place.size() - 6);
        read_place(place, error);
        break;
    }
    const std::string& said = error.message;
    if (exceptions) {
        error.message = "structured exception handling is not supported";
        error.hint =
            "__try, __except and __finally cannot be built here: guard the code with "
            "#ifndef or check before the access";
    } else if (said.ends_with("file not found")) {
        error.hint = "neither in the driver's include folders nor in wdk/";
    } else if (said.find("undeclared function") != std::string::npos) {
        error.hint = "not declared by the driver or by wdk/";
    }
    return error;
}

}  // namespace gpioclx::driverkit
