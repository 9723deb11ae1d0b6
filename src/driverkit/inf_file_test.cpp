#include "driverkit/inf_file.h"

#include "driverkit/driver_folder_fixture.h"

namespace gpioclx::driverkit {
namespace {

constexpr std::string_view sample = R"([Version]
Signature = "$WINDOWS NT$"   ; quoted; not a comment
[Manufacturer]
%Maker% = Standard,NT$ARCH$,NTx86
[Standard.NT$ARCH$]
%Gpio.Desc% = GPIO_Inst, ACPI\TEST0001, ACPI\TESTGPIO
%Other.Desc% = GPIO_Inst, ACPI\TEST0002
[GPIO_Inst.NT]
CopyFiles = Files
[GPIO_Inst.NT.HW]
AddReg = Hw_AddReg
[Hw_AddReg]
HKR, Settings, "ConnectInterrupt", 0x00010001, 1
[gpio_inst.nt.services]
AddService = simgpio, %SPSVCINST_ASSOCSERVICE%, Service_Inst
[Service_Inst]
ServiceBinary = %12%\simgpio.sys
AddReg = Service_AddReg
[Service_AddReg]
HKR, "Parameters", "Limit", %REG_DWORD%, 0x10
HKR, "Parameters", "Text", , "say ""hi"", 50%%"
HKR, "Parameters", "Bytes", 1, 0A,0b, \
     ff
[GPIO_Inst.NT.Wdf]
UmdfDirectHardwareAccess = AllowDirectHardwareAccess
[strings]
Maker = "Somebody"
Gpio.Desc = "A controller"
OTHER.DESC = "Another"
SPSVCINST_ASSOCSERVICE = 0x00000002
REG_DWORD = 0x00010001
)";

TEST(Inf, names_hardware_ids_service_and_binary) {
    const auto inf = parse_inf(sample, "x.inx");
    ASSERT_TRUE(inf.ok()) << inf.error().text();
    EXPECT_EQ(inf->hardware_ids(), (std::vector<std::string>{"TEST0001", "TESTGPIO", "TEST0002"}));
    EXPECT_EQ(inf->models.at(0).description, "A controller");
    EXPECT_EQ(inf->models.at(1).line, 7);
    EXPECT_EQ(inf->service, "simgpio");
    EXPECT_EQ(inf->binary, "simgpio.sys");
    EXPECT_TRUE(inf->warnings.empty());
    ASSERT_EQ(inf->wdf_directives.size(), 1u);
    EXPECT_EQ(inf->wdf_directives[0].value, "AllowDirectHardwareAccess");
}

TEST(Inf, registry_values_have_type_and_bytes) {
    const auto inf = parse_inf(sample, "x.inx");
    ASSERT_TRUE(inf.ok()) << inf.error().text();
    ASSERT_EQ(inf->registry.size(), 4u);
    EXPECT_EQ(inf->registry[0].scope, InfRegistryValue::Scope::device);
    EXPECT_EQ(inf->registry[0].key, "Settings");
    const auto& limit = inf->registry[1];
    EXPECT_EQ(limit.scope, InfRegistryValue::Scope::service);
    EXPECT_EQ(limit.type, 4u);
    EXPECT_EQ(limit.data, (std::vector<unsigned char>{0x10, 0, 0, 0}));
    const auto& text = inf->registry[2];
    EXPECT_EQ(text.type, 1u);
    EXPECT_EQ(text.text, "say \"hi\", 50%");
    EXPECT_EQ(text.data.size(), 2 * (text.text.size() + 1));
    EXPECT_EQ(inf->registry[3].data, (std::vector<unsigned char>{0x0A, 0x0B, 0xFF}));
}

TEST(Inf, utf16_files_and_unknown_strings) {
    std::string text(sample);
    text += "[Hw_AddReg]\nHKR,,Name,,%Nobody%\n";
    const auto decoded = std::filesystem::temp_directory_path() / "gx-inf-test.inx";
    std::ofstream(decoded, std::ios::binary) << utf16(text);
    const auto inf = read_inf(decoded);
    std::filesystem::remove(decoded);
    ASSERT_TRUE(inf.ok()) << inf.error().text();
    EXPECT_EQ(inf->registry.at(1).text, "%Nobody%");
    ASSERT_EQ(inf->warnings.size(), 1u);
    EXPECT_NE(inf->warnings[0].find("%Nobody%"), std::string::npos);
}

TEST(Inf, umdf_service_sections_are_followed) {
    const auto inf = parse_inf(
        "[Manufacturer]\nx=M\n[M]\nd=Inst,ACPI\\U1\n[Inst]\n[Inst.Wdf]\n"
        "UmdfService=svc, U\n[U]\nServiceBinary=%13%\\u.dll\n"
        "UmdfLibraryVersion=2.0\n",
        "u.inx");
    ASSERT_TRUE(inf.ok()) << inf.error().text();
    EXPECT_EQ(inf->service, "svc");
    EXPECT_EQ(inf->binary, "u.dll");
    EXPECT_EQ(inf->wdf_directives.size(), 3u);
}

struct BrokenInf {
    const char* text;
    int line;
    const char* says;
};

TEST(Inf, errors_have_a_line) {
    const BrokenInf all[] = {
        {"[Version\n", 1, "']'"},
        {"\nkey = value\n", 2, "before the first"},
        {"[Version]\na = \"open\n", 2, "quote"},
        {"[Manufacturer]\n; c\nx = Gone\n", 3, "[Gone]"},
        {"[Manufacturer]\nx = M\n[M]\nd = Gone, ACPI\\A\n", 4, "[Gone]"},
        {"[Manufacturer]\nx = M\n[M]\nd = I, ACPI\\A\n[I]\nAddReg = R\n[R]\nHKR,,v,zz,1\n", 8,
         "flags"},
        {"[Version]\n", 0, "[Manufacturer]"},
    };
    for (const BrokenInf& one : all) {
        const auto inf = parse_inf(one.text, "b.inf");
        ASSERT_FALSE(inf.ok()) << one.text;
        EXPECT_EQ(inf.error().line, one.line) << one.text;
        EXPECT_NE(inf.error().message.find(one.says), std::string::npos) << inf.error().text();
    }
}

}  // namespace
}  // namespace gpioclx::driverkit
