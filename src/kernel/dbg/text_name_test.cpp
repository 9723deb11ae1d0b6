#include "kernel/dbg/text_name.h"

#include <cstring>

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel::dbg {
namespace {

using TextNameTest = KernelTest;

TEST_F(TextNameTest, a_text_has_the_name_that_the_machine_gives_it) {
    const machine::NameId name = machine().name("CLIENT_EnableInterrupt");
    EXPECT_EQ(name_of_text("CLIENT_EnableInterrupt"), name);
    EXPECT_EQ(name_of_text("CLIENT_EnableInterrupt"), name);
    EXPECT_EQ(name_of_text(nullptr), machine::no_name);
    EXPECT_EQ(name_of_text(""), machine::no_name);
}

TEST_F(TextNameTest, another_text_at_the_same_address_has_another_name) {
    char place[16] = "first";
    const machine::NameId first = (machine(), name_of_text(place));
    std::strcpy(place, "second");
    const machine::NameId second = name_of_text(place);
    EXPECT_EQ(machine().text(first), "first");
    EXPECT_EQ(machine().text(second), "second");
    std::strcpy(place, "first");
    EXPECT_EQ(name_of_text(place), first);
}

}  // namespace
}  // namespace gpioclx::kernel::dbg
