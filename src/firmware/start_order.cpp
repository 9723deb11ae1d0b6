#include "firmware/start_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <queue>

namespace gpioclx::firmware {
namespace {

using Needs = std::vector<std::vector<std::size_t>>;

// Follows needs among the nodes that never became ready until one comes up again.
Error cycle_error(const std::vector<StartNode>& nodes, const Needs& needs,
                  const std::vector<std::size_t>& waiting_for) {
    std::size_t at = 0;
    while (waiting_for[at] == 0) ++at;
    std::vector<std::size_t> path;
    auto seen = path.end();
    while ((seen = std::find(path.begin(), path.end(), at)) == path.end()) {
        path.push_back(at);
        at = *std::find_if(needs[at].begin(), needs[at].end(),
                           [&](std::size_t need) { return waiting_for[need] != 0; });
    }
    path.erase(path.begin(), seen);
    std::string text;
    for (const std::size_t node : path) text += nodes[node].path + " needs ";
    return {.message = fmt::format("no device of a cycle can start first: {}{}", text,
                                   nodes[path.front()].path),
            .hint = "a device needs its parent, what its _DEP lists and its resource sources"};
}

}  // namespace

Result<std::vector<std::size_t>> start_order(const std::vector<StartNode>& nodes) {
    std::map<std::string, std::size_t> index_of;
    for (std::size_t i = 0; i < nodes.size(); ++i) index_of.emplace(nodes[i].path, i);

    Needs needs(nodes.size());
    Needs needed_by(nodes.size());
    std::vector<std::size_t> waiting_for(nodes.size(), 0);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        for (const std::string& path : nodes[i].needs) {
            const auto need = index_of.find(path);
            if (need == index_of.end()) continue;
            needs[i].push_back(need->second);
            needed_by[need->second].push_back(i);
            ++waiting_for[i];
        }
    }

    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (waiting_for[i] == 0) ready.push(i);
    }
    std::vector<std::size_t> order;
    while (!ready.empty()) {
        const std::size_t next = ready.top();
        ready.pop();
        order.push_back(next);
        for (const std::size_t dependent : needed_by[next]) {
            if (--waiting_for[dependent] == 0) ready.push(dependent);
        }
    }
    if (order.size() != nodes.size()) return cycle_error(nodes, needs, waiting_for);
    return order;
}

}  // namespace gpioclx::firmware
