// With drivers that clang and lld make on the spot, with the driver kit's flags.
#include "kernel/ldr/image.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "kernel/kernel_test_fixture.h"
#include "machine/checkpoint.h"

namespace gpioclx::kernel {
namespace {

class ImageTest : public KernelTest {
  protected:
    void SetUp() override {
        if (std::system("command -v clang-16 >/dev/null && command -v ld.lld-16 >/dev/null") != 0) {
            GTEST_SKIP() << "not run here: clang-16 and lld-16 are not installed";
        }
        folder_ = std::filesystem::temp_directory_path() /
                  ("gx_image_test_" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
        machine();
    }
    void TearDown() override {
        KernelTest::TearDown();
        if (!folder_.empty()) std::filesystem::remove_all(folder_);
    }
    std::string build(const std::string& name, const std::string& source) {
        const std::string base = (folder_ / name).string();
        std::ofstream(base + ".c") << source;
        const std::string compile =
            "clang-16 -O1 -fPIC -ffreestanding -fno-omit-frame-pointer -fshort-wchar -mno-red-zone "
            "-c " +
            base + ".c -o " + base + ".o && ";
        const std::string link =
            "ld.lld-16 -shared -Bsymbolic -z now -o " + base + ".sys " + base + ".o";
        EXPECT_EQ(std::system((compile + link).c_str()), 0);
        return base + ".sys";
    }
    ldr::Image* load(const std::string& path, const std::string& name) {
        Result<ldr::Image*> image = ldr::load(path, name);
        EXPECT_TRUE(image.ok()) << (image ? "" : image.error().text());
        return image ? *image : nullptr;
    }
    std::filesystem::path folder_;
};

constexpr const char* led_source = R"(
extern unsigned KeGetCurrentProcessorNumber(void);
extern int DbgPrint(const char*, ...);
extern void GxAssertFailed(const char*, const char*, unsigned);
int counter = 5;
int* pointer = &counter;
int zeroed[100];
static int constructed;
__attribute__((constructor)) static void construct(void) { constructed = 40; }
int DriverEntry(int add) {
    DbgPrint("led on processor %d\n", KeGetCurrentProcessorNumber());
    *pointer += add;
    return counter + constructed + zeroed[99];
}
__attribute__((noinline)) static void inner(void) { GxAssertFailed("a == b", "/home/me/led.c", 7); ++counter; }
int Broken(int x) { inner(); return x + 1; }
)";

TEST_F(ImageTest, a_driver_runs_at_its_fixed_address_with_relocations_and_initializers_done) {
    const std::string path = build("led", led_source);
    run_as_thread([&] {
        ldr::Image* image = load(path, "led");
        ASSERT_NE(image, nullptr);
        EXPECT_EQ(image->base(), machine::Arena::images_base);
        auto* entry = reinterpret_cast<int (*)(int)>(image->symbol("DriverEntry"));
        ASSERT_NE(entry, nullptr);
        EXPECT_EQ(entry(2), 47);
        EXPECT_EQ(image->symbol("Absent"), nullptr);
        EXPECT_EQ(ldr::image_of(reinterpret_cast<void*>(entry)), image);
        EXPECT_EQ(ldr::image_of(&entry), nullptr);
    });
    EXPECT_EQ(subjects(machine::EventKind::message), (std::vector<std::string>{"led"}));
}

TEST_F(ImageTest, code_is_constant_and_data_is_not) {
    ldr::Image* image = load(build("led", led_source), "led");
    ASSERT_NE(image, nullptr);
    EXPECT_TRUE(ldr::is_constant(image->symbol("DriverEntry")));
    EXPECT_FALSE(ldr::is_constant(image->symbol("counter")));
    EXPECT_FALSE(ldr::is_constant(image->symbol("zeroed")));
    EXPECT_FALSE(ldr::is_constant(&image));
}

TEST_F(ImageTest, a_finding_names_the_code_that_caused_it) {
    const std::string path = build("led", led_source);
    run_as_thread([&] {
        ldr::Image* image = load(path, "led");
        reinterpret_cast<int (*)(int)>(image->symbol("Broken"))(1);
    });
    EXPECT_EQ(findings(),
              (std::vector<std::string>{"driver-001: assertion failed: a == b (led.c:7)"}));
    const std::vector<std::string> marks = subjects(machine::EventKind::mark);
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks[0].find("stack: led+0x"), 0u) << marks[0];
    EXPECT_NE(marks[0].find(" < led+0x"), std::string::npos) << marks[0];
}

TEST_F(ImageTest, what_nobody_provides_is_an_error_that_names_it_and_the_driver) {
    const std::string path = build("bad",
                                   "extern void KeFly(void); extern void KeSwim(void);"
                                   "void DriverEntry(void) { KeFly(); KeSwim(); }");
    Result<ldr::Image*> image = ldr::load(path, "bad");
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().message.find("driver 'bad' calls 'KeFly', 'KeSwim'"), std::string::npos)
        << image.error().message;
}

TEST_F(ImageTest, a_driver_imports_from_those_loaded_before) {
    const std::string clx = build("clx", "int GPIO_CLX_Answer(void) { return 42; }");
    const std::string user = build(
        "user",
        "extern int GPIO_CLX_Answer(void); int DriverEntry(void) { return GPIO_CLX_Answer(); }");
    ASSERT_FALSE(ldr::load(user, "user").ok());
    ASSERT_NE(load(clx, "clx"), nullptr);
    ldr::Image* image = load(user, "user");
    ASSERT_NE(image, nullptr);
    EXPECT_EQ(reinterpret_cast<int (*)()>(image->symbol("DriverEntry"))(), 42);
}

TEST_F(ImageTest, a_checkpoint_brings_back_the_data_of_a_driver) {
    const std::string path = build("led", led_source);
    ldr::Image* image = load(path, "led");
    ASSERT_NE(image, nullptr);
    auto* counter = static_cast<int*>(image->symbol("counter"));
    const machine::Checkpoint checkpoint = machine::Checkpoint::take();
    *counter = 1000;
    checkpoint.restore();
    EXPECT_EQ(*counter, 5);
}

TEST_F(ImageTest, what_a_driver_leaves_behind_is_found_when_it_is_unloaded) {
    const std::string path = build("leaky", R"(
extern void* ExAllocatePool2(unsigned long, unsigned long, unsigned);
extern void KeInitializeTimerEx(void*, int);
extern int KeSetTimer(void*, long, void*);
static char timer[256] __attribute__((aligned(16)));
void DriverEntry(void) {
    ExAllocatePool2(0x40, 100, 0x6B61654C);
    KeInitializeTimerEx(timer, 0);
    KeSetTimer(timer, -10000000, 0);
}
)");
    run_as_thread([&] {
        ldr::Image* image = load(path, "leaky");
        reinterpret_cast<void (*)()>(image->symbol("DriverEntry"))();
        ldr::unload(*image);
        EXPECT_FALSE(image->loaded());
    });
    EXPECT_EQ(
        findings(),
        (std::vector<std::string>{
            "lifetime-009: the driver 'leaky' was unloaded while the timer 'leaky timer #1' is set",
            "lifetime-006: the driver 'leaky' was unloaded and did not free 1 pool block with the "
            "tag "
            "'Leak' (100 bytes)"}));
}

TEST_F(ImageTest, a_file_that_is_no_driver_is_an_error) {
    const std::string path = (folder_ / "text.sys").string();
    std::ofstream(path) << "hello";
    Result<ldr::Image*> image = ldr::load(path, "text");
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().message.find("not an ELF file"), std::string::npos);
    image = ldr::load((folder_ / "absent.sys").string(), "absent");
    ASSERT_FALSE(image.ok());
    EXPECT_NE(image.error().message.find("cannot open the image of driver 'absent'"),
              std::string::npos);
    // Cut in the middle, at every length.
    const std::string good = build("led", led_source);
    std::ifstream stream(good, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    for (std::size_t size = 0; size < bytes.size(); size += 97) {
        std::ofstream(path, std::ios::binary) << bytes.substr(0, size);
        (void)ldr::load(path, "cut");
    }
}

}  // namespace
}  // namespace gpioclx::kernel
