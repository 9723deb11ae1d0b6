#include "report/report.h"

#include <algorithm>

namespace gpioclx::report {

std::vector<trace::InterleavingStep> steps_to(const Scenario& scenario,
                                              const bench::Finding& finding, std::size_t limit) {
    const auto& steps = scenario.interleaving;
    const auto at = std::find_if(steps.begin(), steps.end(), [&](const auto& step) {
        return step.kind == trace::InterleavingKind::finding && step.time_ns == finding.time_ns &&
               step.what.find(finding.id) != std::string::npos;
    });
    if (at == steps.end()) return {};
    auto first = at;
    while (first != steps.begin() && static_cast<std::size_t>(at - first) + 1 < limit &&
           first->left_out == 0)
        --first;
    return {first, at + 1};
}

}  // namespace gpioclx::report
