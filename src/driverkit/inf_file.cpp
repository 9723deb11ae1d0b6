#include "driverkit/inf_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

#include "driverkit/inf_sections.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

// Flags of an AddReg line.
constexpr std::uint32_t flag_binary = 0x1, flag_delete = 0x4, flag_key_only = 0x10;
constexpr std::uint32_t type_mask = 0xFFFF0001;

enum RegistryType : std::uint32_t {
    reg_none = 0,
    reg_sz = 1,
    reg_expand_sz = 2,
    reg_binary = 3,
    reg_dword = 4,
    reg_multi_sz = 7,
    reg_qword = 11,
};

std::optional<std::uint64_t> number(const std::string& text) {
    if (text.empty()) return std::nullopt;
    char* end = nullptr;
    const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const auto value = std::strtoull(text.c_str(), &end, hex ? 16 : 10);
    return *end == 0 ? std::optional<std::uint64_t>(value) : std::nullopt;
}

void append_utf16(std::vector<unsigned char>& data, std::string_view utf8) {
    for (std::size_t i = 0; i < utf8.size();) {
        const auto first = static_cast<unsigned char>(utf8[i]);
        const int length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t point = length == 1 ? first : first & (0xFF >> (length + 1));
        for (int k = 1; k < length && i + k < utf8.size(); ++k) {
            point = point << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
        }
        i += static_cast<std::size_t>(length);
        auto unit = [&](char32_t value) {
            data.push_back(static_cast<unsigned char>(value));
            data.push_back(static_cast<unsigned char>(value >> 8));
        };
        if (point >= 0x10000) {
            unit(0xD800 + ((point - 0x10000) >> 10));
            unit(0xDC00 + ((point - 0x10000) & 0x3FF));
        } else {
            unit(point);
        }
    }
}

class InfReader {
  public:
    InfReader(const InfSections& sections, const std::filesystem::path& file)
        : sections_(sections) {
        inf_.file = file;
        inf_.warnings = sections.warnings();
    }

    Result<InfFile> read() {
        if (auto done = read_models(); !done) return done.error();
        std::set<std::string> seen;
        for (const InfModel& model : inf_.models) {
            if (!seen.insert(lower(model.install_section)).second) continue;
            if (auto done = read_install(model); !done) return done.error();
        }
        return std::move(inf_);
    }

  private:
    Error error(const InfLine& line, std::string message, std::string hint = {}) const {
        return Error{.message = std::move(message),
                     .file = inf_.file.string(),
                     .line = line.number,
                     .hint = std::move(hint)};
    }

    // "%Maker% = Standard, NTamd64, NTamd64.10.0...16299": models stand in [Standard.NTamd64...].
    Result<void> read_models() {
        const auto* makers = sections_.find("Manufacturer");
        if (makers == nullptr) {
            return Error{.message = "no [Manufacturer] section",
                         .file = inf_.file.string(),
                         .hint = "an .inx or .inf of a device driver names its hardware ids there"};
        }
        for (const InfLine& maker : *makers) {
            const std::string base = maker.value(0).empty() ? maker.key : maker.value(0);
            std::vector<std::string> names{base};
            for (std::size_t i = 1; i < maker.values.size(); ++i) {
                names.push_back(base + "." + maker.values[i]);
            }
            // The most decorated section for x64 is the one Windows takes; sections for another
            // processor serve where there is none (drivers of ARM boards).
            std::stable_sort(names.begin(), names.end(), [](const auto& a, const auto& b) {
                const bool x = lower(a).find("ntamd64") != std::string::npos;
                const bool y = lower(b).find("ntamd64") != std::string::npos;
                return x != y ? x : a.size() > b.size();
            });
            bool found = false;
            for (const std::string& name : names) {
                if (const auto* lines = sections_.find(name)) {
                    found = true;
                    if (auto done = read_models_of(*lines); !done) return done;
                }
            }
            if (!found) {
                return error(maker, fmt::format("there is no section [{}]", names.front()),
                             "[Manufacturer] names the sections with hardware ids");
            }
        }
        return {};
    }

    Result<void> read_models_of(const std::vector<InfLine>& lines) {
        for (const InfLine& line : lines) {
            InfModel model{.description = line.key,
                           .ids = {},
                           .install_section = line.value(0),
                           .line = line.number};
            for (std::size_t i = 1; i < line.values.size(); ++i) {
                if (!line.values[i].empty()) model.ids.push_back(line.values[i]);
            }
            if (line.key.empty() || model.install_section.empty()) {
                return error(line, "a model needs a description and an install section",
                             "%Description% = Install_Section, ACPI\\ID");
            }
            inf_.models.push_back(std::move(model));
        }
        return {};
    }

    // "Install" + ".Services" stands in [Install.NTamd64.Services], [Install.NT.Services] or
    // [Install.Services]; other processors' sections come last.
    const std::vector<InfLine>* decorated(const std::string& section, std::string_view suffix) {
        for (const char* platform : {".NTamd64", ".NT", "", ".NTarm64", ".NTarm"}) {
            const std::string name = section + platform + std::string(suffix);
            if (const auto* lines = sections_.find(name)) return lines;
        }
        return nullptr;
    }

    Result<void> read_install(const InfModel& model) {
        const auto* install = decorated(model.install_section, "");
        const InfLine place{.key = {}, .values = {}, .number = model.line};
        if (install == nullptr) {
            return error(place, fmt::format("there is no section [{}]", model.install_section),
                         "the model names it as its install section");
        }
        if (auto done = read_add_reg(*install, InfRegistryValue::Scope::driver); !done) return done;
        if (const auto* hardware = decorated(model.install_section, ".HW")) {
            auto done = read_add_reg(*hardware, InfRegistryValue::Scope::device);
            if (!done) return done;
        }
        if (const auto* services = decorated(model.install_section, ".Services")) {
            if (auto done = read_services(*services); !done) return done;
        }
        if (const auto* wdf = decorated(model.install_section, ".Wdf"))
            return read_wdf(model, *wdf);
        return {};
    }

    Result<void> read_services(const std::vector<InfLine>& lines) {
        for (const InfLine& line : lines) {
            if (!equal_any_case(line.key, "AddService")) continue;
            const auto flags = number(line.value(1).empty() ? "0" : line.value(1));
            if (!flags) return error(line, "AddService: the flags are not a number");
            const bool associated = (*flags & 2) != 0;
            if (line.value(0).empty() || (!associated && !inf_.service.empty())) continue;
            if (associated || inf_.service.empty()) inf_.service = line.value(0);
            const auto* section = sections_.find(line.value(2));
            if (section == nullptr) {
                return error(line, fmt::format("there is no section [{}]", line.value(2)),
                             "AddService = name, flags, service install section");
            }
            if (const auto* binary = sections_.find_line(line.value(2), "ServiceBinary")) {
                const std::string path = slashes(binary->value(0));
                inf_.binary = path.substr(path.rfind('/') + 1);
            }
            auto done = read_add_reg(*section, InfRegistryValue::Scope::service);
            if (!done) return done;
        }
        return {};
    }

    Result<void> read_wdf(const InfModel& model, const std::vector<InfLine>& lines) {
        for (const InfLine& line : lines) {
            keep_directive(line, model.install_section);
            const bool names_section =
                equal_any_case(line.key, "UmdfService") || equal_any_case(line.key, "KmdfService");
            if (!names_section) continue;
            const auto* section = sections_.find(line.value(1));
            if (section == nullptr) {
                return error(line, fmt::format("there is no section [{}]", line.value(1)),
                             line.key + " = service, section");
            }
            if (inf_.service.empty()) inf_.service = line.value(0);
            for (const InfLine& inner : *section) keep_directive(inner, line.value(1));
            if (const auto* binary = sections_.find_line(line.value(1), "ServiceBinary")) {
                const std::string path = slashes(binary->value(0));
                inf_.binary = path.substr(path.rfind('/') + 1);
            }
            auto done = read_add_reg(*section, InfRegistryValue::Scope::service);
            if (!done) return done;
        }
        return {};
    }

    void keep_directive(const InfLine& line, const std::string& section) {
        inf_.wdf_directives.push_back({.name = line.key,
                                       .value = fmt::format("{}", fmt::join(line.values, ",")),
                                       .section = section,
                                       .line = line.number});
    }

    Result<void> read_add_reg(const std::vector<InfLine>& section, InfRegistryValue::Scope scope) {
        for (const InfLine& directive : section) {
            if (!equal_any_case(directive.key, "AddReg")) continue;
            for (const std::string& name : directive.values) {
                const auto* lines = sections_.find(name);
                if (lines == nullptr) {
                    return error(directive, fmt::format("there is no section [{}]", name),
                                 "AddReg names sections of registry values");
                }
                for (const InfLine& line : *lines) {
                    if (auto done = read_value(line, scope); !done) return done;
                }
            }
        }
        return {};
    }

    // root, key, name, flags, data...
    Result<void> read_value(const InfLine& line, InfRegistryValue::Scope scope) {
        if (!line.key.empty() || line.values.empty()) {
            return error(line, "not a registry value", "HKR, \"Key\", \"Name\", flags, data");
        }
        if (!equal_any_case(line.value(0), "HKR")) return {};  // machine-wide: no part of a device
        const auto flags = number(line.value(3).empty() ? "0" : line.value(3));
        if (!flags) {
            return error(line, fmt::format("the flags \"{}\" are not a number", line.value(3)),
                         "0x00010001 is a REG_DWORD");
        }
        if ((*flags & (flag_delete | flag_key_only)) != 0) return {};
        InfRegistryValue value{.scope = scope,
                               .key = line.value(1),
                               .name = line.value(2),
                               .type = 0,
                               .data = {},
                               .text = {},
                               .line = line.number};
        auto done = read_data(line, static_cast<std::uint32_t>(*flags), value);
        if (!done) return done;
        inf_.registry.push_back(std::move(value));
        return {};
    }

    Result<void> read_data(const InfLine& line, std::uint32_t flags, InfRegistryValue& value) {
        const std::vector<std::string> data(
            line.values.begin() + static_cast<long>(std::min<std::size_t>(4, line.values.size())),
            line.values.end());
        switch (flags & type_mask) {
            case 0x00000000: return text_data(reg_sz, data, value);
            case 0x00020000: return text_data(reg_expand_sz, data, value);
            case 0x00010000: return text_data(reg_multi_sz, data, value);
            case 0x00010001: return number_data(line, reg_dword, 4, data, value);
            case 0x000B0001: return number_data(line, reg_qword, 8, data, value);
            case 0x00020001: return byte_data(line, reg_none, data, value);
            default: break;
        }
        if ((flags & flag_binary) == 0) {
            return error(line, fmt::format("unknown value type 0x{:08X}", flags));
        }
        const std::uint32_t type = flags >> 16;  // any registry type may be given as bytes
        return byte_data(line, type == 0 ? std::uint32_t{reg_binary} : type, data, value);
    }

    static Result<void> text_data(std::uint32_t type, const std::vector<std::string>& data,
                                  InfRegistryValue& value) {
        value.type = type;
        value.text = fmt::format("{}", fmt::join(data, ","));
        for (std::size_t i = 0; i < std::max<std::size_t>(1, data.size()); ++i) {
            if (i > 0 && type != reg_multi_sz) break;
            if (i < data.size()) append_utf16(value.data, data[i]);
            value.data.insert(value.data.end(), {0, 0});
        }
        if (type == reg_multi_sz) value.data.insert(value.data.end(), {0, 0});
        return {};
    }

    Result<void> number_data(const InfLine& line, std::uint32_t type, std::size_t size,
                             const std::vector<std::string>& data, InfRegistryValue& value) {
        value.type = type;
        if (data.size() == size) return byte_data(line, type, data, value);
        const std::string& text = data.empty() ? std::string("0") : data[0];
        char* end = nullptr;
        const bool negative = text.starts_with('-');
        const auto parsed = negative
                                ? static_cast<std::uint64_t>(std::strtoll(text.c_str(), &end, 10))
                                : number(text).value_or(0);
        const bool valid = negative ? *end == 0 : number(text).has_value();
        if (!valid || (!negative && size == 4 && parsed > 0xFFFFFFFF)) {
            return error(line, fmt::format("\"{}\" is not a number of {} bytes", text, size));
        }
        for (std::size_t i = 0; i < size; ++i) {
            value.data.push_back(static_cast<unsigned char>(parsed >> (8 * i)));
        }
        value.text = size == 4 ? fmt::format("0x{:08X}", static_cast<std::uint32_t>(parsed))
                               : fmt::format("0x{:016X}", parsed);
        return {};
    }

    Result<void> byte_data(const InfLine& line, std::uint32_t type,
                           const std::vector<std::string>& data, InfRegistryValue& value) {
        value.type = type;
        for (const std::string& text : data) {
            const auto byte =
                number(text.starts_with("0x") || text.starts_with("0X") ? text : "0x" + text);
            if (!byte || *byte > 255) {
                return error(line, fmt::format("\"{}\" is not a byte in hexadecimal", text));
            }
            value.data.push_back(static_cast<unsigned char>(*byte));
        }
        value.text = fmt::format("{:02X}", fmt::join(value.data, " "));
        return {};
    }

    const InfSections& sections_;
    InfFile inf_;
};

}  // namespace

std::vector<std::string> InfFile::hardware_ids() const {
    std::vector<std::string> ids;
    for (const InfModel& model : models) {
        for (const std::string& id : model.ids) {
            const std::string bare = id.substr(id.rfind('\\') + 1);
            const bool known = std::any_of(ids.begin(), ids.end(), [&](const std::string& other) {
                return equal_any_case(other, bare);
            });
            if (!known) ids.push_back(bare);
        }
    }
    return ids;
}

Result<InfFile> parse_inf(std::string_view text, const std::filesystem::path& file) {
    auto sections = InfSections::parse(text, file.string());
    if (!sections) return sections.error();
    return InfReader(*sections, file).read();
}

Result<InfFile> read_inf(const std::filesystem::path& file) {
    auto text = read_text(file);
    if (!text) return text.error();
    return parse_inf(*text, file);
}

}  // namespace gpioclx::driverkit
