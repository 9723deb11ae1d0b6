// The processes that host drivers: children of this test's workers.
#pragma once

#include <dirent.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

namespace gpioclx::umdf_tests {

inline std::vector<int> children_of(int process) {
    std::vector<int> children;
    const std::string tasks = "/proc/" + std::to_string(process) + "/task";
    DIR* folder = opendir(tasks.c_str());
    if (folder == nullptr) return children;
    while (const dirent* entry = readdir(folder)) {
        std::ifstream list(tasks + "/" + entry->d_name + "/children");
        for (int child; list >> child;) children.push_back(child);
    }
    closedir(folder);
    return children;
}

inline std::vector<int> host_processes() {
    std::vector<int> hosts;
    for (const int worker : children_of(getpid())) {
        for (const int host : children_of(worker)) hosts.push_back(host);
    }
    return hosts;
}

}  // namespace gpioclx::umdf_tests
