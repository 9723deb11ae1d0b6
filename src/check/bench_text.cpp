#include "check/bench_text.h"

#include <fmt/format.h>

#include <map>

namespace gpioclx::check {
namespace {

std::string quoted(const std::string& text) {
    if (text.find('\'') == std::string::npos) return "'" + text + "'";
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

template <typename List, typename Write>
std::string list(const List& values, Write write) {
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + write(value);
    return text;
}

std::string numbers(const std::map<std::string, std::uint32_t>& values) {
    return "{ " +
           list(values,
                [](const auto& one) {
                    return fmt::format("{} = {}", quoted(one.first), one.second);
                }) +
           " }";
}

std::string properties(const std::vector<std::pair<std::string, std::string>>& values) {
    return "{ " +
           list(values,
                [](const auto& one) {
                    return fmt::format("{} = {}", quoted(one.first), quoted(one.second));
                }) +
           " }";
}

std::string texts(const std::vector<std::string>& values) {
    return "[" + list(values, quoted) + "]";
}

}  // namespace

std::string to_text(const bench::BenchFile& bench, const std::string& script) {
    std::string text = fmt::format("schema = 1\ntitle = {}\n", quoted(bench.title));
    text += fmt::format("firmware = [{}]\nprocessors = {}\n",
                        list(bench.firmware, [](const auto& one) { return quoted(one.string()); }),
                        bench.processors);
    if (!script.empty()) text += "script = '''\n" + script + "'''\n";
    for (const bench::DriverEntry& one : bench.drivers) {
        text += fmt::format("\n[[driver]]\nfolder = {}\n", quoted(one.folder.string()));
        if (!one.project.empty()) text += fmt::format("project = {}\n", quoted(one.project));
        if (!one.hardware_ids.empty())
            text += fmt::format("hardware_ids = {}\n", texts(one.hardware_ids));
        if (!one.registry.empty()) text += fmt::format("registry = {}\n", numbers(one.registry));
    }
    for (const bench::DeviceEntry& one : bench.devices) {
        text += fmt::format("\n[[device]]\npath = {}\n", quoted(one.path));
        if (!one.registry.empty()) text += fmt::format("registry = {}\n", numbers(one.registry));
    }
    for (const bench::ModelEntry& one : bench.models) {
        text += fmt::format("\n[[model]]\ndevice = {}\nmodel = {}\n", quoted(one.device),
                            quoted(one.model));
        if (!one.properties.empty()) text += fmt::format("with = {}\n", properties(one.properties));
        if (!one.outputs.empty()) text += fmt::format("outputs = {}\n", numbers(one.outputs));
    }
    for (const bench::PartEntry& one : bench.parts) {
        text += fmt::format("\n[[part]]\nname = {}\nmodel = {}\npin = {}\n", quoted(one.name),
                            quoted(one.model), texts(one.pins));
        if (!one.properties.empty()) text += fmt::format("with = {}\n", properties(one.properties));
    }
    for (const bench::WireEntry& one : bench.wires) {
        text +=
            fmt::format("\n[[wire]]\nname = {}\npins = {}\n", quoted(one.name), texts(one.pins));
    }
    for (const bench::ResourceOverride& one : bench.overrides) {
        text += fmt::format("\n[[override]]\ndevice = {}\nmemory = {}\n", quoted(one.device),
                            one.memory);
        if (one.base) text += fmt::format("base = {}\n", *one.base);
        if (one.length) text += fmt::format("length = {}\n", *one.length);
    }
    for (const bench::SettingEntry& one : bench.settings) {
        text += "\n[[setting]]\n";
        if (!one.device.empty()) text += fmt::format("device = {}\n", quoted(one.device));
        text += fmt::format("name = {}\nvalue = {}\n", quoted(one.name), one.value);
    }
    return text;
}

}  // namespace gpioclx::check
