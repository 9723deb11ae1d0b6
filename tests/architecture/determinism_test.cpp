// Nothing that runs inside the machine may ask the host for time, order or chance.
#include <gtest/gtest.h>

#include <regex>

#include "allowed_includes.h"
#include "exceptions.h"
#include "source_tree.h"

namespace gpioclx::architecture {
namespace {

bool runs_inside(const SourceFile& file) {
    if (file.folder() != "bench") return machine_parts.contains(file.folder());
    const auto part = parts_of_bench.find(file.stem());
    return part != parts_of_bench.end() && machine_parts.contains(part->second);
}

TEST(Determinism, the_machine_asks_no_clock_thread_or_chance_of_the_host) {
    static const std::regex host(
        R"(std::j?thread|std::async|std::(mutex|condition_variable)|std::chrono::\w*clock|)"
        R"(\bs?rand\(|(^|[^\w.>:])time\()"
        R"(|std::time\(|gettimeofday|clock_gettime|random_device|mt19937|\busleep\(|\bnanosleep\(|__rdtsc)");
    for (const SourceFile& file : read_files({"src"})) {
        if (!file.is_code() || file.is_test() || !runs_inside(file) ||
            host_files.contains(file.path))
            continue;
        const std::vector<std::string> code = code_only(file);
        for (std::size_t i = 0; i < code.size(); ++i) {
            std::smatch match;
            EXPECT_FALSE(std::regex_search(code[i], match, host))
                << place(file, i) << ": " << match.str()
                << " decides what the machine does; ask the machine";
        }
    }
}

// The order of such a container is that of addresses or of a library's hash function.
TEST(Determinism, the_machine_keeps_nothing_in_the_order_of_a_hash) {
    static const std::regex unordered(R"(std::unordered_(multi)?(map|set)\b)");
    for (const SourceFile& file : read_files({"src"})) {
        if (!file.is_code() || file.is_test() || !runs_inside(file) ||
            unordered_files.contains(file.path))
            continue;
        const std::vector<std::string> code = code_only(file);
        for (std::size_t i = 0; i < code.size(); ++i) {
            EXPECT_FALSE(std::regex_search(code[i], unordered))
                << place(file, i)
                << ": walking an unordered container is different in every build; use an ordered "
                   "one";
        }
    }
}

}  // namespace
}  // namespace gpioclx::architecture
