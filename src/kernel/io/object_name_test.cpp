#include "kernel/io/object_name.h"

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel::io {
namespace {

class ObjectNameTest : public KernelTest {
  protected:
    void SetUp() override { machine(); }
    static NTSTATUS add_link(std::u16string_view name, std::u16string_view target) {
        machine::ArenaScope inside;  // the name is the machine's, and goes with it
        return add_name(name, {nullptr, std::u16string(target)});
    }
    DEVICE_OBJECT led{};
};

TEST_F(ObjectNameTest, names_compare_without_case_and_the_rest_keeps_its_own) {
    ASSERT_EQ(add_name(u"\\Device\\Led", {&led, {}}), STATUS_SUCCESS);
    const auto found = resolve_name(u"\\DEVICE\\lED\\Sub\\Part");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->device, &led);
    EXPECT_EQ(found->rest, u"\\Sub\\Part");
}

TEST_F(ObjectNameTest, a_name_is_not_a_prefix_of_a_longer_word) {
    add_name(u"\\Device\\Led", {&led, {}});
    EXPECT_FALSE(resolve_name(u"\\Device\\Led2"));
}

TEST_F(ObjectNameTest, dos_devices_and_the_user_prefix_mean_the_same_directory) {
    add_name(u"\\Device\\Led", {&led, {}});
    ASSERT_EQ(add_link(u"\\DosDevices\\MyLed", u"\\Device\\Led"), STATUS_SUCCESS);
    EXPECT_TRUE(resolve_name(u"\\??\\MyLed"));
    EXPECT_TRUE(resolve_name(u"\\\\.\\myled"));
    EXPECT_EQ(add_link(u"\\??\\MYLED", u"\\Device\\Led"), STATUS_OBJECT_NAME_COLLISION);
}

TEST_F(ObjectNameTest, links_that_lead_in_a_circle_end) {
    add_link(u"\\??\\A", u"\\??\\B");
    add_link(u"\\??\\B", u"\\??\\A");
    EXPECT_FALSE(resolve_name(u"\\??\\A"));
}

}  // namespace
}  // namespace gpioclx::kernel::io
