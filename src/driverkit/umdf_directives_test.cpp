#include "driverkit/umdf_directives.h"

#include <gtest/gtest.h>

#include <string>

namespace gpioclx::driverkit {
namespace {

Result<UmdfDirectives> directives(const std::string& wdf, const std::string& service,
                                  int major = 2) {
    const auto inf =
        parse_inf("[Manufacturer]\nx=M\n[M]\nd=Inst,ACPI\\U1\n[Inst]\n[Inst.NT.Wdf]\n" + wdf +
                      "[U]\n" + service,
                  "u.inx");
    if (!inf) return inf.error();
    return read_umdf_directives(*inf, major, 0);
}

const std::string service_lines = "UmdfService=svc, U\nUmdfServiceOrder=svc\n";
const std::string binary = "UmdfLibraryVersion=2.15.0\nServiceBinary=%13%\\u.dll\n";

TEST(UmdfDirectives, defaults_are_the_documented_ones) {
    const auto read = directives(service_lines, binary);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->service, "svc");
    EXPECT_EQ(read->minor, 15);
    EXPECT_FALSE(read->direct_hardware_access);
    EXPECT_FALSE(read->kernel_mode_clients);
    EXPECT_FALSE(read->unknown_file_objects);
    EXPECT_FALSE(read->copy_method_neither);
    EXPECT_TRUE(read->shared_process);
    EXPECT_EQ(read->fs_context, "FsContext");
}

TEST(UmdfDirectives, each_directive_is_read) {
    const auto read = directives(service_lines +
                                     "UmdfDirectHardwareAccess=AllowDirectHardwareAccess\n"
                                     "UmdfKernelModeClientPolicy=AllowKernelModeClients\n"
                                     "UmdfFileObjectPolicy=AllowNullAndUnknownFileObjects\n"
                                     "UmdfMethodNeitherAction=copy\n"
                                     "UmdfFsContextUsePolicy=CannotUseFsContexts\n"
                                     "UmdfHostProcessSharing=ProcessSharingDisabled\n"
                                     "UmdfDispatcher=FileHandle\n",
                                 binary);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_TRUE(read->direct_hardware_access);
    EXPECT_TRUE(read->kernel_mode_clients);
    EXPECT_TRUE(read->unknown_file_objects);
    EXPECT_TRUE(read->copy_method_neither);
    EXPECT_FALSE(read->shared_process);
    EXPECT_EQ(read->fs_context, "");
    EXPECT_EQ(read->dispatcher, "FileHandle");
}

TEST(UmdfDirectives, version_of_the_build_is_the_newest_where_the_project_does_not_say) {
    const auto read =
        directives(service_lines, "UmdfLibraryVersion=$UMDFVERSION$\nServiceBinary=%13%\\u.dll\n");
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->major, 2);
    EXPECT_EQ(read->minor, 33);
}

struct BadDirectives {
    const char* name;
    std::string wdf, service;
    int line;
    const char* says;
    int major = 2;
};

class UmdfDirectivesTest : public testing::TestWithParam<BadDirectives> {};

TEST_P(UmdfDirectivesTest, errors_have_file_and_line) {
    const auto read = directives(GetParam().wdf, GetParam().service, GetParam().major);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().file, "u.inx");
    EXPECT_EQ(read.error().line, GetParam().line) << read.error().text();
    EXPECT_NE(read.error().text().find(GetParam().says), std::string::npos) << read.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    All, UmdfDirectivesTest,
    testing::Values(
        BadDirectives{"misspelled", service_lines + "UmdfDirectHardwareAcces=Allow\n", binary, 9,
                      "there is no directive UmdfDirectHardwareAcces"},
        BadDirectives{"wrong_value", service_lines + "UmdfDirectHardwareAccess=Allow\n", binary, 9,
                      "AllowDirectHardwareAccess or RejectDirectHardwareAccess"},
        BadDirectives{
            "twice", service_lines + "UmdfMethodNeitherAction=Copy\nUmdfMethodNeitherAction=Copy\n",
            binary, 10, "twice"},
        BadDirectives{"no_service", "", binary, 0, "names no UmdfService"},
        BadDirectives{"no_order", "UmdfService=svc, U\n", binary, 7, "UmdfServiceOrder = svc"},
        BadDirectives{"wrong_order", "UmdfService=svc, U\nUmdfServiceOrder=other\n", binary, 8,
                      "names other"},
        BadDirectives{"no_version", service_lines, "ServiceBinary=%13%\\u.dll\n", 7,
                      "no UmdfLibraryVersion"},
        BadDirectives{"no_binary", service_lines, "UmdfLibraryVersion=2.15\n", 7,
                      "no ServiceBinary"},
        BadDirectives{"no_number", service_lines,
                      "UmdfLibraryVersion=new\nServiceBinary=%13%\\u.dll\n", 10, "is no version"},
        BadDirectives{"too_new", service_lines,
                      "UmdfLibraryVersion=2.99.0\nServiceBinary=%13%\\u.dll\n", 10, "newer"},
        BadDirectives{"other_framework", service_lines,
                      "UmdfLibraryVersion=1.11.0\nServiceBinary=%13%\\u.dll\n", 10,
                      "built for UMDF 2"},
        BadDirectives{"class_id_in_umdf_2", service_lines, binary + "DriverCLSID={1}\n", 12,
                      "of UMDF 1"},
        BadDirectives{"umdf_1_without_class_id", service_lines,
                      "UmdfLibraryVersion=1.11.0\nServiceBinary=%13%\\u.dll\n", 7, "no DriverCLSID",
                      1},
        BadDirectives{"long_name",
                      "UmdfService=abcdefghijklmnopqrstuvwxyz123456, U\nUmdfServiceOrder=svc\n",
                      binary, 7, "31 characters"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace gpioclx::driverkit
