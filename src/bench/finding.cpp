#include "bench/finding.h"

#include <fmt/format.h>

namespace gpioclx::bench {

std::string to_text(const Finding& finding) {
    std::string text = fmt::format("{}: {}\n", finding.id, finding.sentence);
    if (finding.processor >= 0) {
        text += fmt::format("    at {:.3f} us, processor {}, IRQL {}, in {}\n",
                            static_cast<double>(finding.time_ns) / 1e3, finding.processor,
                            finding.level, finding.actor);
    } else {
        text += fmt::format("    at {:.3f} us\n", static_cast<double>(finding.time_ns) / 1e3);
    }
    for (const StackFrame& frame : finding.stack) {
        if (!frame.file.empty()) {
            text += fmt::format("    {}:{}: {} ({})\n", frame.file, frame.line, frame.function,
                                frame.image);
        } else {
            text += fmt::format("    {}+{:#x}\n", frame.image, frame.offset);
        }
    }
    return text;
}

}  // namespace gpioclx::bench
