#include "driverkit/elf_image.h"

#include "driverkit/driver_folder_fixture.h"
#include "driverkit/driver_image.h"

namespace gpioclx::driverkit {
namespace {

using ElfReading = DriverFolders;

TEST_F(ElfReading, refuses_what_is_no_image) {
    EXPECT_FALSE(read_elf_image(base / "none.sys").ok());
    EXPECT_FALSE(read_elf_image(write("text.sys", "MZ\x90 not ELF")).ok());
    EXPECT_FALSE(read_elf_image("/proc/self/exe").ok() &&
                 read_elf_image("/proc/self/exe")->find_export("DriverEntry") != nullptr);
}

TEST_F(ElfReading, an_image_cut_off_anywhere_is_refused_or_read_safely) {
    driver("led", plain_source);
    const auto image = build(base / "led", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    const std::string whole(image->elf.bytes.begin(), image->elf.bytes.end());
    for (std::size_t size = 0; size < whole.size(); size += 97) {
        const auto file = write("cut.sys", std::string_view(whole).substr(0, size));
        EXPECT_FALSE(read_elf_image(file).ok()) << "cut to " << size << " bytes";
    }
}

TEST_F(ElfReading, segments_cover_code_and_data) {
    driver("led", std::string(plain_source) + "int zero[100]; int one = 1;\n");
    const auto image = build(base / "led", options());
    ASSERT_TRUE(image.ok()) << image.error().text();
    const ElfImage& elf = image->elf;
    ASSERT_FALSE(elf.segments.empty());
    EXPECT_EQ(elf.segments[0].address, 0u);
    const auto* entry = elf.find_export("DriverEntry");
    bool code = false, zeroed = false;
    for (const ElfSegment& segment : elf.segments) {
        const bool inside = entry->address >= segment.address &&
                            entry->address < segment.address + segment.memory_size;
        code = code || (inside && segment.executable && !segment.writable);
        zeroed = zeroed || (segment.writable && segment.memory_size >= segment.file_size + 400);
        EXPECT_LE(segment.address + segment.memory_size, elf.memory_size);
    }
    EXPECT_TRUE(code);
    EXPECT_TRUE(zeroed);
}

}  // namespace
}  // namespace gpioclx::driverkit
