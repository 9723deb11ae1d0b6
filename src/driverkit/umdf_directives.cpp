#include "driverkit/umdf_directives.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <initializer_list>
#include <set>
#include <vector>

#include "driverkit/msbuild_expression.h"
#include "driverkit/text_file.h"

namespace gpioclx::driverkit {
namespace {

constexpr std::size_t longest_service_name = 31;
constexpr int newest_minor = 33;
constexpr int newest_minor_of_umdf_1 = 11;

bool is_class_id(std::string_view text) {
    constexpr std::string_view shape = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    const auto fits = [](char c, char wanted) {
        return wanted == 'x' ? std::isxdigit(static_cast<unsigned char>(c)) != 0 : c == wanted;
    };
    return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), fits);
}

class DirectiveReader {
  public:
    DirectiveReader(const InfFile& inf, int major, int minor) : inf_(inf) {
        result_.major = major;
        result_.minor = minor > 0 ? minor : major == 1 ? newest_minor_of_umdf_1 : newest_minor;
    }

    Result<UmdfDirectives> read() {
        for (const WdfDirective& directive : inf_.wdf_directives) {
            // Of the service's install section as well as of the .Wdf section: what belongs to
            // SetupAPI is not ours to judge.
            if (starts_with_umdf(directive.name) || one_of(directive.name, {"DriverCLSID"})) {
                if (auto done = take(directive); !done) return done.error();
            }
        }
        if (auto done = check_whole(); !done) return done.error();
        return std::move(result_);
    }

  private:
    static bool starts_with_umdf(const std::string& name) {
        return lower(name).starts_with("umdf");
    }
    static bool one_of(const std::string& name, std::initializer_list<const char*> names) {
        return std::any_of(names.begin(), names.end(),
                           [&](const char* known) { return equal_any_case(name, known); });
    }

    Error error(int line, std::string message, std::string hint) const {
        return Error{.message = std::move(message),
                     .file = inf_.file.string(),
                     .line = line,
                     .hint = std::move(hint)};
    }

    // The first value is the one that the flag stands for.
    Result<void> choose(const WdfDirective& directive, bool& flag,
                        std::initializer_list<const char*> values) {
        for (const char* value : values) {
            if (!equal_any_case(directive.value, value)) continue;
            flag = value == *values.begin();
            return {};
        }
        return error(directive.line,
                     fmt::format("{} = {} is not known", directive.name, directive.value),
                     fmt::format("{}", fmt::join(values, " or ")));
    }

    Result<void> choose(const WdfDirective& directive, std::string& text,
                        std::initializer_list<const char*> values) {
        for (const char* value : values) {
            if (!equal_any_case(directive.value, value)) continue;
            text = value;
            return {};
        }
        return error(directive.line,
                     fmt::format("{} = {} is not known", directive.name, directive.value),
                     fmt::format("{}", fmt::join(values, ", ")));
    }

    Result<void> take(const WdfDirective& d) {
        const auto is = [&d](const char* name) { return equal_any_case(d.name, name); };
        // A list may be given in several lines; everything else once.
        const bool repeatable = is("UmdfService") || is("UmdfExtensions");
        if (!seen_.insert(lower(d.section + "]" + d.name)).second && !repeatable)
            return error(d.line, fmt::format("{} is given twice", d.name),
                         "one line for each directive");
        if (is("UmdfService")) return take_service(d);
        if (is("UmdfServiceOrder")) return take_order(d);
        if (is("UmdfLibraryVersion")) return take_version(d);
        if (is("UmdfDirectHardwareAccess")) {
            result_.access_said = true;
            return choose(d, result_.direct_hardware_access,
                          {"AllowDirectHardwareAccess", "RejectDirectHardwareAccess"});
        }
        if (is("UmdfRegisterAccessMode"))
            return choose(d, result_.user_mode_mapping,
                          {"RegisterAccessUsingUserModeMapping", "RegisterAccessUsingSystemCall"});
        if (is("UmdfKernelModeClientPolicy"))
            return choose(d, result_.kernel_mode_clients,
                          {"AllowKernelModeClients", "RejectKernelModeClients"});
        if (is("UmdfFileObjectPolicy"))
            return choose(d, result_.unknown_file_objects,
                          {"AllowNullAndUnknownFileObjects", "RejectNullAndUnknownFileObjects"});
        if (is("UmdfMethodNeitherAction"))
            return choose(d, result_.copy_method_neither, {"Copy", "Reject"});
        if (is("UmdfHostProcessSharing"))
            return choose(d, result_.shared_process,
                          {"ProcessSharingEnabled", "ProcessSharingDisabled"});
        if (is("UmdfHostPriority")) return choose(d, result_.high_priority, {"PriorityHigh"});
        if (is("UmdfFsContextUsePolicy")) return take_fs_context(d);
        if (is("UmdfImpersonationLevel"))
            return choose(d, result_.impersonation,
                          {"Anonymous", "Identification", "Impersonation", "Delegation"});
        if (is("UmdfDispatcher"))
            return choose(d, result_.dispatcher, {"FileHandle", "WinUsb", "NativeUSB"});
        if (is("UmdfExtensions")) return {};
        if (is("DriverCLSID")) {
            if (result_.major == 1 && !is_class_id(d.value)) {
                return error(d.line,
                             fmt::format("DriverCLSID = {} is no class identifier", d.value),
                             "{01234567-89AB-CDEF-0123-456789ABCDEF}");
            }
            result_.class_id = d.value;
            class_id_line_ = d.line;
            return {};
        }
        return error(d.line, fmt::format("there is no directive {}", d.name),
                     "UmdfService, UmdfServiceOrder, UmdfLibraryVersion, UmdfDirectHardwareAccess, "
                     "UmdfKernelModeClientPolicy, UmdfFileObjectPolicy, UmdfMethodNeitherAction, "
                     "UmdfFsContextUsePolicy, UmdfHostProcessSharing, UmdfHostPriority, "
                     "UmdfRegisterAccessMode, UmdfImpersonationLevel, UmdfDispatcher");
    }

    Result<void> take_service(const WdfDirective& d) {
        const std::string name = d.value.substr(0, d.value.find(','));
        if (name.size() > longest_service_name) {
            return error(d.line, fmt::format("the service name {} is too long", name),
                         "UmdfService takes 31 characters");
        }
        result_.service = name;
        result_.service_line = d.line;
        services_.push_back(lower(name));
        return {};
    }

    Result<void> take_order(const WdfDirective& d) {
        order_line_ = d.line;
        for (const std::string& name : split_list(d.value, ",")) order_.push_back(lower(name));
        return {};
    }

    Result<void> take_fs_context(const WdfDirective& d) {
        std::string chosen;
        auto done =
            choose(d, chosen, {"CanUseFsContext", "CanUseFsContext2", "CannotUseFsContexts"});
        if (!done) return done;
        result_.fs_context = chosen == "CannotUseFsContexts" ? "" : chosen.substr(6);
        return {};
    }

    // "2.15.0", "1.11.0"; what the build of a driver would put in place of $UMDFVERSION$ is the
    // project's.
    Result<void> take_version(const WdfDirective& d) {
        version_line_ = d.line;
        if (equal_any_case(d.value, "$UMDFVERSION$")) return {};
        const auto parts = split_list(d.value, ".");
        std::vector<int> numbers;
        for (const std::string& part : parts) {
            int number = -1;
            const auto end = std::from_chars(part.data(), part.data() + part.size(), number);
            if (end.ec != std::errc{} || end.ptr != part.data() + part.size()) number = -1;
            numbers.push_back(number);
        }
        const bool right =
            numbers.size() >= 2 && numbers.size() <= 3 &&
            std::none_of(numbers.begin(), numbers.end(), [](int n) { return n < 0; });
        if (!right) {
            return error(d.line, fmt::format("UmdfLibraryVersion = {} is no version", d.value),
                         "major.minor.service, as 2.15.0, or $UMDFVERSION$");
        }
        if (numbers[0] != result_.major) {
            return error(
                d.line,
                fmt::format("UmdfLibraryVersion = {}, but the project is built for UMDF {}",
                            d.value, result_.major),
                "UMDF_VERSION_MAJOR of the project and the .inx must agree");
        }
        const int newest = numbers[0] == 1 ? newest_minor_of_umdf_1 : newest_minor;
        if (numbers[1] > newest) {
            return error(
                d.line,
                fmt::format("UmdfLibraryVersion = {} is newer than this framework", d.value),
                fmt::format("{}.{}.0 at most", numbers[0], newest));
        }
        result_.minor = numbers[1];
        return {};
    }

    Result<void> check_whole() {
        if (services_.empty()) {
            return error(0, "the .inx of a user-mode driver names no UmdfService",
                         "[Install.NT.Wdf] needs UmdfService = name, section and "
                         "UmdfServiceOrder = name");
        }
        if (order_.empty()) {
            return error(
                result_.service_line, "there is no UmdfServiceOrder",
                fmt::format("UmdfServiceOrder = {} belongs beside UmdfService", result_.service));
        }
        for (const std::string& name : order_) {
            if (std::count(services_.begin(), services_.end(), name) > 0) continue;
            return error(order_line_,
                         fmt::format("UmdfServiceOrder names {}, which no UmdfService "
                                     "installs",
                                     name),
                         fmt::format("UmdfService names {}", fmt::join(services_, ", ")));
        }
        if (version_line_ == 0) {
            return error(result_.service_line, "there is no UmdfLibraryVersion",
                         "UmdfLibraryVersion = $UMDFVERSION$ belongs into the section of the "
                         "UmdfService");
        }
        if (inf_.binary.empty()) {
            return error(result_.service_line, "there is no ServiceBinary",
                         "ServiceBinary = %13%\\driver.dll belongs into the section of the "
                         "UmdfService");
        }
        if (result_.major == 1 && result_.class_id.empty()) {
            return error(result_.service_line, "there is no DriverCLSID",
                         "a UMDF 1 driver is a COM server: DriverCLSID = \"{...}\"");
        }
        if (result_.major != 1 && !result_.class_id.empty()) {
            return error(class_id_line_, "DriverCLSID is a directive of UMDF 1",
                         "a UMDF 2 driver has a DriverEntry instead");
        }
        return {};
    }

    const InfFile& inf_;
    UmdfDirectives result_;
    std::set<std::string> seen_;
    std::vector<std::string> services_, order_;
    int order_line_ = 0, version_line_ = 0, class_id_line_ = 0;
};

}  // namespace

Result<UmdfDirectives> read_umdf_directives(const InfFile& inf, int project_major,
                                            int project_minor) {
    return DirectiveReader(inf, project_major, project_minor).read();
}

}  // namespace gpioclx::driverkit
