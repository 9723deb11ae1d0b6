#include "driverkit/driver_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "driverkit/driver_folder_fixture.h"
#include "driverkit/source_lines.h"

namespace gpioclx::driverkit {
namespace {

using DriverBuild = DriverFolders;

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST_F(DriverBuild, makes_an_image_that_exports_only_its_entry) {
    driver("led", std::string(plain_source) + "int helper(void) { return 1; }\n");
    write("led/led.inx", "[Manufacturer]\nx=M\n[M]\nd=I,ACPI\\LED0001\n[I]\n");
    const auto image = build(base / "led", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    EXPECT_EQ(image->exports, std::vector<std::string>{"DriverEntry"});
    EXPECT_EQ(image->needs, std::vector<std::string>{"DbgPrint"});
    EXPECT_EQ(image->hardware_ids, std::vector<std::string>{"LED0001"});
    EXPECT_EQ(image->image.filename(), "led.sys");
    EXPECT_EQ(image->elf.build_id.size(), 40u);
    EXPECT_NE(image->elf.find_export("DriverEntry"), nullptr);
    EXPECT_TRUE(std::any_of(image->elf.relocations.begin(), image->elf.relocations.end(),
                            [](const auto& one) { return one.symbol == "DbgPrint"; }));
    for (const auto& entry : std::filesystem::directory_iterator(base / "led")) {
        const auto name = entry.path().filename();
        EXPECT_TRUE(name == "led.inx" || name == "led.vcxproj" || name == "main.c") << name;
    }
}

TEST_F(DriverBuild, rebuilds_only_what_changed) {
    write("two/two.vcxproj", project("<ItemGroup><ClCompile Include='main.c;b.c'/></ItemGroup>"));
    write("two/main.c", plain_source);
    write("two/b.c", "#include \"b.h\"\nint b(void) { return B; }\n");
    write("two/b.h", "#define B 1\n");
    auto image = build(base / "two", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    EXPECT_EQ(image->compiled, (std::vector<std::string>{"main.c", "b.c"}));
    EXPECT_TRUE(image->linked);

    image = build(base / "two", options());
    ASSERT_TRUE(image.ok());
    EXPECT_TRUE(image->compiled.empty());
    EXPECT_FALSE(image->linked);

    write("two/b.h", "#define B 2\n");
    image = build(base / "two", options());
    ASSERT_TRUE(image.ok());
    EXPECT_EQ(image->compiled, std::vector<std::string>{"b.c"});
    EXPECT_TRUE(image->linked);

    std::filesystem::last_write_time(base / "two/main.c",
                                     std::filesystem::file_time_type::clock::now());
    image = build(base / "two", options());
    EXPECT_TRUE(image.ok() && image->compiled.empty()) << "time stamps do not count";

    write("two/two.vcxproj", project("<ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>NEW"
                                     "</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup>"
                                     "<ItemGroup><ClCompile Include='main.c;b.c'/></ItemGroup>"));
    image = build(base / "two", options());
    ASSERT_TRUE(image.ok());
    EXPECT_EQ(image->compiled.size(), 2u) << "flags count";
}

TEST_F(DriverBuild, compiler_errors_are_the_compilers_own) {
    driver("bad", "#include <ntddk.h>\nint good;\nint f(void) { return undeclared_name; }\n");
    std::string said;
    BuildOptions listening = options();
    listening.tool_output = [&](std::string_view text) { said = text; };
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto image = build(base / "bad", listening);
        ASSERT_FALSE(image.ok());
        EXPECT_EQ(image.error().file, (base / "bad/main.c").string());
        EXPECT_EQ(image.error().line, 3);
        EXPECT_EQ(image.error().message, "use of undeclared identifier 'undeclared_name'");
        EXPECT_NE(said.find("main.c:3:22: error:"), std::string::npos) << said;
    }
}

TEST_F(DriverBuild, a_missing_kernel_function_is_named_with_its_place) {
    driver("need",
           "#include <ntddk.h>\n"
           "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)\n"
           "{\n  (void)d; (void)p;\n  NotThere();\n  NorThis();\n  return 0;\n}\n");
    for (int attempt = 0; attempt < 2; ++attempt) {  // the second finds everything built
        const auto image = build(base / "need", options());
        ASSERT_FALSE(image.ok());
        const auto& error = image.error();
        EXPECT_EQ(error.file, (base / "need/main.c").string());
        EXPECT_TRUE(error.line == 5 || error.line == 6) << error.text();
        EXPECT_NE(error.message.find("driver need uses"), std::string::npos);
        EXPECT_NE(error.message.find("NotThere"), std::string::npos);
        EXPECT_NE(error.message.find("NorThis"), std::string::npos);
        EXPECT_NE(error.message.find("not provided by wdk/"), std::string::npos);
    }
    BuildOptions anything = options();
    anything.exports = nullptr;
    EXPECT_TRUE(build(base / "need", anything).ok());
}

TEST_F(DriverBuild, a_missing_entry_is_an_error) {
    driver("none", "int x;\n");
    auto image = build(base / "none", options());
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().message.find("has no DriverEntry"), std::string::npos);

    write("cpp/cpp.vcxproj", project("<ItemGroup><ClCompile Include='main.cpp'/></ItemGroup>"));
    write("cpp/main.cpp", plain_source);
    image = build(base / "cpp", options());
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().hint.find("extern \"C\""), std::string::npos);
}

TEST_F(DriverBuild, structured_exception_handling_is_refused) {
    driver("seh",
           "#include <ntddk.h>\nint f(void)\n{\n  __try { KeBugCheck(1); }\n"
           "  __except (1) { return 2; }\n  return 0;\n}\n");
    const auto image = build(base / "seh", options());
    ASSERT_FALSE(image.ok());
    EXPECT_EQ(image.error().message, "structured exception handling is not supported");
    EXPECT_EQ(image.error().line, 4);
}

TEST_F(DriverBuild, includes_are_found_in_any_case_and_with_backslashes) {
    write("inc/Shared.h", "#define SHARED 1\n");
    write("case/sub/Trace.h", "#define TRACE 2\n");
    driver("case",
           "#include <NTDDK.H>\n#include \"SUB\\trace.h\"\n#include \"..\\Inc\\shared.h\"\n"
           "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)\n"
           "{ (void)d; (void)p; return SHARED + TRACE; }\n");
    write("case/case.vcxproj",
          project("<ItemDefinitionGroup><ClCompile><AdditionalIncludeDirectories>..\\INC"
                  "</AdditionalIncludeDirectories></ClCompile></ItemDefinitionGroup>"
                  "<ItemGroup><ClCompile Include='MAIN.C'/></ItemGroup>"));
    const auto image = build(base / "case", options());
    EXPECT_TRUE(image.ok()) << image.error().text();
}

TEST_F(DriverBuild, the_image_does_not_depend_on_the_folder) {
    const std::string source = std::string(plain_source) +
                               "const char* where(void) { return __FILE__; }\n"
                               "#include \"sub/x.h\"\n";
    driver("same", source);
    write("same/sub/x.h",
          "static inline const char* x(void) { return __FILE__; }\n"
          "const char* y(void) { return x(); }\n");
    std::filesystem::create_directories(base / "elsewhere/deep");
    std::filesystem::copy(base / "same", base / "elsewhere/deep/same",
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(base / "wdk", base / "elsewhere/wdk",
                          std::filesystem::copy_options::recursive);
    const auto one = build(base / "same", options());
    BuildOptions moved = options();
    moved.wdk = base / "elsewhere/wdk";
    moved.cache = base / "elsewhere/cache";
    const auto two = build(base / "elsewhere/deep/same", moved);
    ASSERT_TRUE(one.ok() && two.ok());
    EXPECT_NE(one->image, two->image);
    EXPECT_TRUE(bytes_of(one->image) == bytes_of(two->image));
    EXPECT_EQ(bytes_of(one->image).find(base.string()), std::string::npos);
    EXPECT_NE(bytes_of(one->image).find("sub/x.h"), std::string::npos);
}

TEST_F(DriverBuild, trace_statements_become_calls) {
    write("trc/Trace.h", R"(
#define WPP_CONTROL_GUIDS WPP_DEFINE_CONTROL_GUID(Guid, (1,2,3,4,5), \
    WPP_DEFINE_BIT(TRACE_INIT) WPP_DEFINE_BIT(TRACE_IO))
#define WPP_LEVEL_FLAGS_LOGGER(lvl, flags) WPP_LEVEL_LOGGER(flags)
#define WPP_LEVEL_FLAGS_ENABLED(lvl, flags) \
    (WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_ ## flags).Level >= lvl)
#define WPP_LEVEL_EXP_PRE(LEVEL, HR) {if ((HR) < 0) {
#define WPP_LEVEL_EXP_POST(LEVEL, HR) ;}}
// begin_wpp config
// FUNC FuncEntry{LEVEL=TRACE_LEVEL_VERBOSE}(FLAGS);
// USEPREFIX(FuncEntry, "%!STDPREFIX! [%!FUNC!] --> entry");
// FUNC TraceReturn{LEVEL=TRACE_LEVEL_ERROR}(EXP);
// USESUFFIX (TraceReturn, "returns %!STATUS!", EXP);
// FUNC LogTo(IFRLOG, LEVEL, FLAGS, MSG, ...);
// end_wpp
)");
    write("trc/trc.vcxproj", project(R"(<ItemGroup><ClCompile Include="main.c;two.cpp">
        <WppEnabled>true</WppEnabled>
        <WppTraceFunction>Trace(LEVEL,FLAGS,MSG,...)</WppTraceFunction>
        </ClCompile></ItemGroup>)"));
    const std::string body = R"(
    WPP_INIT_TRACING(d, p);
    FuncEntry(TRACE_INIT);
    Trace(TRACE_LEVEL_INFORMATION, TRACE_IO, "plain");
    if (d) Trace(TRACE_LEVEL_WARNING, TRACE_IO, "pin %d is %!bool!", 3, 1); else
    TraceEvents(TRACE_LEVEL_ERROR, TRACE_INIT, "bad %!STATUS!", 5);
    DoTraceMessage(TRACE_IO, "message");
    TraceReturn(-1);
    LogTo(WppRecorderLogGetDefault(), TRACE_LEVEL_ERROR, TRACE_IO, "to a log %s", "x");
    if (WPP_LEVEL_FLAGS_ENABLED(TRACE_LEVEL_ERROR, TRACE_IO)) DbgPrint("on");
    WPP_CLEANUP(0);
    return 0;
}
)";
    write("trc/main.c",
          "#include <ntddk.h>\n#include \"trace.h\"\n#include \"main.tmh\"\n"
          "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {" +
              body);
    write("trc/two.cpp",
          "#include <ntddk.h>\n#include \"trace.h\"\n#include \"Two.Tmh\"\n"
          "NTSTATUS Other(PDRIVER_OBJECT d, PUNICODE_STRING p) {" +
              body);
    const auto image = build(base / "trc", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    EXPECT_EQ(image->wpp_files.size(), 2u);
    EXPECT_TRUE(image->warnings.empty()) << image->warnings[0];
    EXPECT_NE(std::count(image->needs.begin(), image->needs.end(), "GxWppTrace"), 0);
    const std::string bytes = bytes_of(image->image);
    for (const char* text : {"[%!FUNC!] --> entry", "returns %!STATUS!", "pin %d is %!bool!",
                             "TRACE_LEVEL_WARNING", "TRACE_IO"}) {
        EXPECT_NE(bytes.find(text), std::string::npos) << text;
    }
}

TEST_F(DriverBuild, addresses_lead_back_to_function_and_line) {
    driver("sym",
           "#include <ntddk.h>\n"
           "static __inline int inner(int a) {\n  return DbgPrint(\"%d\", a) + 1;\n}\n"
           "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {\n"
           "  (void)d; (void)p;\n  return inner(4);\n}\n");
    const auto image = build(base / "sym", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    const auto* entry = image->elf.find_export("DriverEntry");
    std::vector<std::uint64_t> offsets;
    for (std::uint64_t at = 0; at < entry->size; ++at) offsets.push_back(entry->address + at);
    const auto places = find_source_lines(image->image, offsets);
    ASSERT_TRUE(places.ok()) << places.error().text();
    ASSERT_EQ(places->size(), offsets.size());
    const auto inlined = std::find_if(places->begin(), places->end(),
                                      [](const auto& place) { return place.frames.size() == 2; });
    ASSERT_NE(inlined, places->end());
    EXPECT_EQ(inlined->frames[0].function, "inner");
    EXPECT_EQ(inlined->frames[0].line, 3);
    EXPECT_EQ(inlined->frames[0].file, (base / "sym/main.c").string());
    EXPECT_EQ(inlined->frames[1].function, "DriverEntry");
    EXPECT_EQ(inlined->frames[1].line, 7);
}

TEST_F(DriverBuild, pageable_code_stands_in_its_section) {
    driver("page",
           "#include <ntddk.h>\nint Paged(void);\n#pragma alloc_text(PAGE, Paged)\n"
           "int Paged(void) { return (int)DbgPrint(\"p\"); }\n"
           "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)\n"
           "{ (void)d; (void)p; return Paged(); }\n");
    const auto image = build(base / "page", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    EXPECT_TRUE(std::any_of(image->elf.sections.begin(), image->elf.sections.end(),
                            [](const auto& one) { return one.name == "PAGE" && one.executable; }));
}

TEST_F(DriverBuild, extra_exports_and_file_level_constructors) {
    write("ext/ext.vcxproj", project("<ItemGroup><ClCompile Include='main.cpp'/></ItemGroup>"));
    write("ext/main.cpp",
          "#include <ntddk.h>\nstruct S { S() { DbgPrint(\"s\"); } } s;\n"
          "extern \"C\" int GPIO_CLX_Register(void) { return 1; }\n"
          "extern \"C\" " +
              std::string(plain_source).substr(plain_source.find("NTSTATUS")));
    BuildOptions with = options();
    with.extra_exports = {"GPIO_CLX_Register"};
    auto image = build(base / "ext", with);
    ASSERT_TRUE(image.ok()) << image.error().text();
    EXPECT_NE(image->elf.find_export("GPIO_CLX_Register"), nullptr);
    ASSERT_EQ(image->warnings.size(), 1u);
    EXPECT_NE(image->warnings[0].find("constructors"), std::string::npos);

    with.extra_exports = {"GPIO_CLX_Gone"};
    image = build(base / "ext", with);
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().message.find("GPIO_CLX_Gone"), std::string::npos);
}

TEST_F(DriverBuild, the_optimizer_calls_no_function_of_the_host) {
    driver("cmp",
           "#include <ntddk.h>\nint memcmp(const void*, const void*, unsigned long);\n"
           "int linux, unix;\n"
           "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)\n"
           "{ return memcmp(d, p, 100) == 0; }\n");
    BuildOptions anything = options();
    anything.exports = nullptr;
    const auto image = build(base / "cmp", anything);
    ASSERT_TRUE(image.ok()) << image.error().text();
    EXPECT_EQ(image->needs, std::vector<std::string>{"memcmp"});
}

TEST_F(DriverBuild, a_source_is_optimized_as_the_project_says) {
    const auto code_of = [&](std::string_view definition) {
        driver("loop", std::string(plain_source) +
                           "void count(int* at, int n) { for (int i = 0; i < n; ++i) ++at[i]; }\n");
        write("loop/loop.vcxproj", project(std::string(definition) +
                                           "<ItemGroup><ClCompile Include='main.c'/></ItemGroup>"));
        const auto image = build(base / "loop", options());
        EXPECT_TRUE(image.ok()) << image.error().text();
        EXPECT_EQ(image->compiled.size(), 1u) << "another optimization is another object";
        const ElfImage& elf = image->elf;
        const auto count = std::find_if(elf.symbols.begin(), elf.symbols.end(),
                                        [](const auto& one) { return one.name == "count"; });
        const auto code = std::find_if(elf.segments.begin(), elf.segments.end(),
                                       [](const auto& one) { return one.executable; });
        const auto begin = elf.bytes.begin() +
                           static_cast<long>(count->address - code->address + code->file_offset);
        return std::string(begin, begin + static_cast<long>(count->size));
    };
    const auto under = [](const char* condition, const char* optimization) {
        return fmt::format(
            "<ItemDefinitionGroup Condition=\"'$(Configuration)'=='{}'\"><ClCompile>"
            "<Optimization>{}</Optimization></ClCompile></ItemDefinitionGroup>",
            condition, optimization);
    };
    const std::set<std::string> different = {code_of(""), code_of(under("Debug", "Disabled")),
                                             code_of(under("Debug", "MinSpace")),
                                             code_of(under("Debug", "MaxSpeed"))};
    EXPECT_EQ(different.size(), 4u);
}

TEST_F(DriverBuild, what_cl_only_warns_about_is_a_warning) {
    driver("loose",
           std::string(plain_source) +
               "typedef void (*A)(int); void f(char* x) { (void)x; } A a = f; int* q = 5;\n");
    const auto image = build(base / "loose", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    ASSERT_EQ(image->warnings.size(), 1u);
    EXPECT_NE(image->warnings[0].find("incompatible function pointer"), std::string::npos);
    const auto again = build(base / "loose", options());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->warnings, image->warnings) << "warnings do not vanish with the second build";
}

TEST_F(DriverBuild, a_missing_tool_names_its_package) {
    driver("led", plain_source);
    BuildOptions broken = options();
    broken.compiler = "no-such-clang";
    const auto image = build(base / "led", broken);
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().text().find("Debian package clang-16"), std::string::npos);
}

}  // namespace
}  // namespace gpioclx::driverkit
