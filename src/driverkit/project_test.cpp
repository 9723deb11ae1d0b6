#include "driverkit/project.h"

#include "driverkit/driver_folder_fixture.h"

namespace gpioclx::driverkit {
namespace {

using ProjectReading = DriverFolders;

TEST_F(ProjectReading, takes_debug_x64_unless_told_otherwise) {
    write("d/d.vcxproj", project(R"(
        <PropertyGroup Condition="'$(Configuration)|$(Platform)'=='Debug|x64'">
          <TargetName>dbg</TargetName></PropertyGroup>
        <PropertyGroup Condition="'$(Configuration)|$(Platform)'=='Release|x64'">
          <TargetName>rel</TargetName></PropertyGroup>
        <ItemGroup><ClCompile Include="a.c"/></ItemGroup>)",
                                 "Release|x64;Debug|ARM64;Debug|x64"));
    write("d/a.c", "");
    auto chosen = read_project(base / "d", options());
    ASSERT_TRUE(chosen.ok()) << chosen.error().text();
    EXPECT_EQ(chosen->target, "dbg");
    EXPECT_EQ(chosen->configuration, "Debug|x64");

    BuildOptions release = options();
    release.configuration = "Release";
    chosen = read_project(base / "d", release);
    ASSERT_TRUE(chosen.ok());
    EXPECT_EQ(chosen->target, "rel");

    release.configuration = "Checked|x64";
    chosen = read_project(base / "d", release);
    ASSERT_FALSE(chosen.ok());
    EXPECT_NE(chosen.error().hint.find("Debug|ARM64"), std::string::npos);
}

TEST_F(ProjectReading, falls_back_to_the_configurations_there_are) {
    write("d/d.vcxproj",
          project("<ItemGroup><ClCompile Include='a.c'/></ItemGroup>", "Release|ARM;Debug|ARM"));
    write("d/a.c", "");
    const auto arm = read_project(base / "d", options());
    ASSERT_TRUE(arm.ok()) << arm.error().text();
    EXPECT_EQ(arm->configuration, "Debug|ARM");
}

TEST_F(ProjectReading, several_projects_are_listed_and_asked_for_by_name) {
    write("s/common.c", "");
    for (const char* kind : {"kmdf", "umdf"}) {
        write(std::string("s/") + kind + "/sim" + kind + ".vcxproj",
              project("<ItemGroup><ClCompile Include='..\\Common.c'/></ItemGroup>"));
    }
    const auto unnamed = read_project(base / "s", options());
    ASSERT_FALSE(unnamed.ok());
    EXPECT_NE(unnamed.error().message.find("kmdf/simkmdf.vcxproj, umdf/simumdf.vcxproj"),
              std::string::npos);
    for (const char* name : {"simkmdf", "kmdf", "kmdf\\SIMKMDF.vcxproj"}) {
        BuildOptions named = options();
        named.project = name;
        const auto project = read_project(base / "s", named);
        ASSERT_TRUE(project.ok()) << project.error().text();
        EXPECT_EQ(project->name, "simkmdf");
        EXPECT_EQ(project->root, base / "s");
        EXPECT_EQ(project->sources.at(0).name, "common.c");
    }
    BuildOptions wrong = options();
    wrong.project = "wdm";
    EXPECT_FALSE(read_project(base / "s", wrong).ok());
}

TEST_F(ProjectReading, imports_resolve_against_the_importing_file) {
    write("d/build/Common.props", "<Project><Import Project='more\\flags.props'/></Project>");
    write("d/build/more/flags.props",
          "<Project><ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>FROM_PROPS="
          "$(MSBuildThisFileName);%(PreprocessorDefinitions)</PreprocessorDefinitions>"
          "</ClCompile></ItemDefinitionGroup></Project>");
    write("d/d.vcxproj", project(R"xml(
        <Import Project="$(VCTargetsPath)\Microsoft.Cpp.props"/>
        <Import Project="BUILD\common.PROPS"/>
        <Import Project="none.props" Condition="exists('none.props')"/>
        <Import Project="$(SolutionDir)\gone.props"/>
        <ItemGroup><ClCompile Include="a.c"/></ItemGroup>)xml"));
    write("d/a.c", "");
    const auto read = read_project(base / "d", options());
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->sources[0].defines, std::vector<std::string>{"FROM_PROPS=flags"});
    ASSERT_EQ(read->warnings.size(), 1u);
    EXPECT_NE(read->warnings[0].find("gone.props"), std::string::npos);
}

TEST_F(ProjectReading, utf16_projects_are_read) {
    write("d/d.vcxproj", utf16(project("<ItemGroup><ClCompile Include='a.c'/></ItemGroup>")));
    write("d/a.c", "");
    const auto read = read_project(base / "d", options());
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->sources.size(), 1u);
}

TEST_F(ProjectReading, sources_props_of_the_conversion_tool_name_the_sources) {
    write("d/sources.props",
          "<Project><PropertyGroup>"
          "<TARGETNAME Condition=\"'$(OVERRIDE_TARGETNAME)'!='true'\">gpio</TARGETNAME>"
          "<SOURCES>a.cpp     d.rc\n b.c</SOURCES></PropertyGroup></Project>");
    write("d/a.cpp", "");
    write("d/b.c", "");
    const char* list =
        "<ItemGroup><ClCompile Include='@(ClSourceFiles)' Exclude='@(ClCompile)'/>"
        "</ItemGroup>";
    const char* import =
        "<Import Project='$(VCTargetsPath)\\WDKConversion\\"
        "PreConfiguration.props'/>";
    for (const std::string& body : {import + std::string(list), std::string(list)}) {
        write("d/d.vcxproj", project(body, "Debug|ARM"));
        const auto read = read_project(base / "d", options());
        ASSERT_TRUE(read.ok()) << read.error().text();
        EXPECT_EQ(read->target, "gpio");
        ASSERT_EQ(read->sources.size(), 2u);
        EXPECT_TRUE(read->sources[0].cplusplus);
        EXPECT_FALSE(read->sources[1].cplusplus);
    }
}

TEST_F(ProjectReading, items_carry_their_own_settings) {
    write("d/inc/x.h", "");
    write("d/d.vcxproj", project(R"(
        <ItemDefinitionGroup><ClCompile>
          <PreprocessorDefinitions>_ARM_;ALL=1</PreprocessorDefinitions>
          <AdditionalIncludeDirectories>INC;$(SPB_INC_PATH)\1.1;missing</AdditionalIncludeDirectories>
        </ClCompile></ItemDefinitionGroup>
        <ItemGroup>
          <ClCompile Include="*.c" Exclude="c.c"/>
          <ClCompile Include="c.c; d.cpp"><AdditionalOptions>/DOWN=2 /FI pre.h</AdditionalOptions>
          </ClCompile>
          <ClCompile Include="off.cpp"><ExcludedFromBuild>true</ExcludedFromBuild></ClCompile>
        </ItemGroup>)"));
    for (const char* name : {"a.c", "b.c", "c.c", "d.cpp", "off.cpp"}) {
        write(std::string("d/") + name, "");
    }
    const auto read = read_project(base / "d", options());
    ASSERT_TRUE(read.ok()) << read.error().text();
    ASSERT_EQ(read->sources.size(), 4u);
    EXPECT_EQ(read->sources[0].defines, std::vector<std::string>{"ALL=1"});
    EXPECT_EQ(read->sources[0].include_folders, std::vector<std::filesystem::path>{base / "d/inc"});
    EXPECT_EQ(read->sources[2].defines, (std::vector<std::string>{"ALL=1", "OWN=2"}));
    EXPECT_EQ(read->sources[2].forced_includes, std::vector<std::string>{"pre.h"});
}

TEST_F(ProjectReading, optimization_is_of_the_configuration_or_of_one_source) {
    write("d/d.vcxproj", project(R"(
        <ItemDefinitionGroup Condition="'$(Configuration)'=='Release'">
          <ClCompile><Optimization>MaxSpeed</Optimization></ClCompile></ItemDefinitionGroup>
        <ItemGroup><ClCompile Include="a.c"/><ClCompile Include="b.c">
          <Optimization>Disabled</Optimization></ClCompile></ItemGroup>)"));
    write("d/a.c", "");
    write("d/b.c", "");
    BuildOptions release = options();
    release.configuration = "Release";
    auto read = read_project(base / "d", release);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->sources[0].optimization, Optimization::speed);
    EXPECT_EQ(read->sources[1].optimization, Optimization::disabled);
    read = read_project(base / "d", options());
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->sources[0].optimization, Optimization::usual);

    write("d/d.vcxproj", project("<ItemGroup>\n<ClCompile Include='a.c'><Optimization>Fastest"
                                 "</Optimization></ClCompile></ItemGroup>"));
    read = read_project(base / "d", options());
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().message, "unknown Optimization \"Fastest\" of a.c");
    EXPECT_EQ(read.error().line, 9);
    EXPECT_NE(read.error().hint.find("MaxSpeed"), std::string::npos);
}

TEST_F(ProjectReading, what_is_wrong_is_said_with_its_place) {
    write("none/a.c", "");
    const auto none = read_project(base / "none", options());
    ASSERT_FALSE(none.ok());
    EXPECT_NE(none.error().message.find("no .vcxproj"), std::string::npos);
    EXPECT_NE(none.error().hint.find(".inx"), std::string::npos);

    write("bad/d.vcxproj", "<Project>\n<PropertyGroup>\n</Project>");
    const auto bad = read_project(base / "bad", options());
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().line, 3);

    write("cond/d.vcxproj", project("<PropertyGroup Condition=\"'a'=='\">\n</PropertyGroup>"));
    const auto condition = read_project(base / "cond", options());
    ASSERT_FALSE(condition.ok());
    EXPECT_GT(condition.error().line, 0);

    write("gone/d.vcxproj", project("<ItemGroup>\n<ClCompile Include='gone.c'/></ItemGroup>"));
    const auto gone = read_project(base / "gone", options());
    ASSERT_FALSE(gone.ok());
    EXPECT_NE(gone.error().message.find("gone.c"), std::string::npos);
    EXPECT_GT(gone.error().line, 0);

    write("app/d.vcxproj",
          project("<PropertyGroup><ConfigurationType>Application</ConfigurationType>"
                  "</PropertyGroup>"));
    const auto application = read_project(base / "app", options());
    ASSERT_FALSE(application.ok());
    EXPECT_NE(application.error().message.find("Application"), std::string::npos);
}

}  // namespace
}  // namespace gpioclx::driverkit
