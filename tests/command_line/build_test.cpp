// Drivers that do not build.
#include "tool.h"

namespace gpioclx::command_line {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class BuildInput : public CommandLine {};

TEST_F(BuildInput, a_compile_error_is_the_compilers_own_and_told_once) {
    for (const Outcome& outcome :
         {tool({"build", driver_folder("not_compiling")}), run({.drivers = {"not_compiling"}})}) {
        EXPECT_EQ(outcome.code, 2) << outcome.all();
        EXPECT_THAT(outcome.errors, HasSubstr(place("not_compiling", "DriverUnlaod") + ":"));
        EXPECT_EQ(count(outcome.all(), "no member named 'DriverUnlaod'"), 1u) << outcome.all();
        EXPECT_THAT(outcome.errors, HasSubstr("    DriverObject->DriverUnlaod = NULL;"));
        EXPECT_THAT(outcome.errors, HasSubstr("gpioclx: error: the driver does not build"));
    }
}

TEST_F(BuildInput, a_function_that_nobody_provides_is_named_with_its_place) {
    const Outcome outcome = tool({"build", driver_folder("absent_function")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr(place("absent_function", "return NtFrobnicate") +
                                          ": driver absent_function uses "
                                          "NtFrobnicate, which is not provided by wdk/"));
    EXPECT_EQ(count(outcome.all(), "NtFrobnicate"), 1u) << outcome.all();
}

// What the limits say: none of these links.
TEST_F(BuildInput, functions_that_are_refused_are_all_named) {
    const Outcome outcome = tool({"build", driver_folder("refused_functions")});
    EXPECT_EQ(outcome.code, 2);
    for (const char* name :
         {"SpbControllerSetIoOtherCallback", "SpbControllerSetTargetAttributes",
          "SpbDeviceInitConfig", "SpbDeviceInitialize", "SpbRequestCaptureIoOtherTransferList",
          "SpbRequestComplete", "SpbRequestGetParameters", "SpbRequestGetTransferParameters",
          "SpbTargetGetConnectionParameters"}) {
        EXPECT_THAT(outcome.errors, HasSubstr(name));
    }
}

TEST_F(BuildInput, structured_exception_handling_is_refused_with_what_to_do) {
    const Outcome outcome = tool({"build", driver_folder("exceptions")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("exceptions.c:"));
    EXPECT_THAT(outcome.errors, HasSubstr("structured exception handling is not supported"));
    EXPECT_THAT(outcome.errors, HasSubstr("check before the access"));
}

TEST_F(BuildInput, a_driver_without_an_entry) {
    const Outcome outcome = tool({"build", driver_folder("no_entry")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("no_entry.vcxproj: driver no_entry has no DriverEntry"));
}

TEST_F(BuildInput, a_folder_with_two_projects_asks_for_one_by_name) {
    Outcome outcome = tool({"build", driver_folder("two_projects")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("first.vcxproj, second.vcxproj"));
    EXPECT_THAT(outcome.errors, HasSubstr("--project"));
    outcome = tool({"build", driver_folder("two_projects"), "--project", "third"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("third"));
    EXPECT_THAT(outcome.errors, HasSubstr("first"));
    EXPECT_EQ(tool({"build", driver_folder("two_projects"), "--project", "second"}).code, 0);
}

TEST_F(BuildInput, no_folder_and_a_folder_without_a_project) {
    EXPECT_THAT(tool({"build", "nowhere"}).errors, HasSubstr("nowhere: no such folder"));
    const Outcome outcome = tool({"build", "."});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr(".vcxproj"));
}

TEST_F(BuildInput, a_project_that_is_no_xml_is_told_with_its_line) {
    write("broken/broken.vcxproj", "<Project>\n  <ItemGroup>\n</Project>\n");
    const Outcome outcome = tool({"build", "broken"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("broken.vcxproj:"));
}

TEST_F(BuildInput, an_output_that_cannot_be_written) {
    const Outcome outcome =
        tool({"build", driver_folder("misbehaving"), "-o", "no/such/folder/x.sys"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(
        outcome.errors,
        HasSubstr("no/such/folder/x.sys: cannot write the file: No such file or directory"));
}

TEST_F(BuildInput, nothing_is_written_into_the_drivers_folder) {
    const std::string listing =
        "ls -lR --time-style=full-iso '" + driver_folder("misbehaving") + "'";
    const std::string before = shell(listing).out;
    EXPECT_EQ(tool({"build", driver_folder("misbehaving")}).code, 0);
    EXPECT_EQ(shell(listing).out, before);
}

}  // namespace
}  // namespace gpioclx::command_line
