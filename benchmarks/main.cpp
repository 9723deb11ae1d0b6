// Google Benchmark's main, with one option more: --figures=FILE writes the table of figures.
#include <fstream>
#include <string_view>
#include <vector>

#include "figure_table.h"

int main(int argc, char** argv) {
    constexpr std::string_view option = "--figures=";
    std::string_view file;
    std::vector<char*> others;
    for (int i = 0; i < argc; ++i) {
        const std::string_view argument(argv[i]);
        if (argument.starts_with(option)) {
            file = argument.substr(option.size());
        } else {
            others.push_back(argv[i]);
        }
    }
    int count = static_cast<int>(others.size());
    benchmark::Initialize(&count, others.data());
    if (benchmark::ReportUnrecognizedArguments(count, others.data())) return 2;
    gpioclx::benchmarks::FigureTable table;
    benchmark::RunSpecifiedBenchmarks(&table);
    if (file.empty()) return 0;
    std::ofstream out{std::string(file)};
    table.write(out);
    return out.good() ? 0 : 1;
}
