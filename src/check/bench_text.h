// A bench as the text of a bench file, with absolute paths: the counterpart of read_bench_file.
#pragma once

#include <string>

#include "bench/bench_file.h"

namespace gpioclx::check {

// Without its script; a script is text of its own here.
std::string to_text(const bench::BenchFile& bench, const std::string& script);

}  // namespace gpioclx::check
