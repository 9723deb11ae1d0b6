// For the tests of this folder: a temporary folder with drivers and a WDK of a few lines.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "driverkit/project.h"

namespace gpioclx::driverkit {

class DriverFolders : public ::testing::Test {
  protected:
    DriverFolders() {
        std::string name =
            (std::filesystem::temp_directory_path() / "gx-driverkit-XXXXXX").string();
        base = mkdtemp(name.data());
        write("wdk/km/ntddk.h", R"(#pragma once
#include <stdarg.h>
typedef int NTSTATUS;
typedef void VOID, *PVOID;
typedef unsigned int ULONG;
typedef unsigned char BOOLEAN;
typedef char CHAR;
typedef struct _DRIVER_OBJECT *PDRIVER_OBJECT;
typedef struct _UNICODE_STRING *PUNICODE_STRING;
#ifdef __cplusplus
extern "C" {
#endif
ULONG DbgPrint(const char* Format, ...);
void KeBugCheck(ULONG Code);
void NotThere(void);
void NorThis(void);
#ifdef __cplusplus
}
#endif
)");
        std::filesystem::create_directories(base / "wdk/wdf");
    }

    ~DriverFolders() override {
        std::error_code code;
        std::filesystem::remove_all(base, code);
    }

    std::filesystem::path write(const std::string& name, std::string_view content) {
        const auto file = base / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << content;
        return file;
    }

    // A project file of the usual shape around the given body.
    static std::string project(std::string_view body,
                               std::string_view configurations = "Debug|x64;Release|x64") {
        std::string items;
        while (!configurations.empty()) {
            const auto end = std::min(configurations.find(';'), configurations.size());
            items += "<ProjectConfiguration Include=\"" +
                     std::string(configurations.substr(0, end)) + "\"/>\n";
            configurations.remove_prefix(std::min(end + 1, configurations.size()));
        }
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
               "<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\">\n"
               "<ItemGroup Label=\"ProjectConfigurations\">\n" +
               items +
               "</ItemGroup>\n"
               "<PropertyGroup><DriverType>KMDF</DriverType>"
               "<ConfigurationType>Driver</ConfigurationType></PropertyGroup>\n" +
               std::string(body) + "\n</Project>\n";
    }

    static constexpr std::string_view plain_source =
        "#include <ntddk.h>\n"
        "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)\n"
        "{ (void)d; (void)p; DbgPrint(\"hello\"); return 0; }\n";

    // A driver of one source in base/<name>.
    std::filesystem::path driver(const std::string& name, std::string_view source) {
        write(name + "/" + name + ".vcxproj",
              project("<ItemGroup><ClCompile Include=\"main.c\"/></ItemGroup>"));
        write(name + "/main.c", source);
        return base / name;
    }

    BuildOptions options() const {
        BuildOptions options;
        options.wdk = base / "wdk";
        options.cache = base / "cache";
        options.exports = [](std::string_view name) {
            return name == "DbgPrint" || name == "KeBugCheck" || name == "GxWppTrace" ||
                   name == "memset" || name == "memcpy";
        };
        return options;
    }

    std::filesystem::path base;
};

inline std::string utf16(std::string_view ascii) {
    std::string out = "\xFF\xFE";
    for (const char c : ascii) {
        out += c;
        out += '\0';
    }
    return out;
}

}  // namespace gpioclx::driverkit
