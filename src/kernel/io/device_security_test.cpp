#include "kernel/io/device_security.h"

#include <wdmsec.h>

#include <optional>

#include "kernel/io/file_object.h"
#include "kernel/io/test_driver.h"
#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel::io {
namespace {

constexpr ACCESS_MASK read_write = FILE_GENERIC_READ | FILE_GENERIC_WRITE;

bool allows(std::u16string_view text, ACCESS_MASK desired) {
    const auto list = parse_sddl(text);
    EXPECT_TRUE(list.has_value());
    return list && grants(*list, desired);
}

TEST(DeviceSecurity, an_administrator_gets_what_is_his_and_everyones) {
    EXPECT_TRUE(allows(u"D:P(A;;GA;;;SY)(A;;GA;;;BA)", read_write));
    EXPECT_TRUE(allows(u"D:P(A;;GA;;;WD)", FILE_ALL_ACCESS));
    EXPECT_FALSE(allows(u"D:P(A;;GA;;;SY)", FILE_GENERIC_READ));
    EXPECT_FALSE(allows(u"D:P", FILE_GENERIC_READ));
    EXPECT_TRUE(allows(u"D:P(A;;GA;;;SY)(A;;GRGX;;;BA)", GENERIC_READ));
    EXPECT_FALSE(allows(u"D:P(A;;GA;;;SY)(A;;GRGX;;;BA)", GENERIC_WRITE));
    EXPECT_TRUE(allows(u"O:BAG:BAD:P(A;;GR;;;BA)(A;;GW;;;AU)", read_write));  // from both together
}

TEST(DeviceSecurity, entries_decide_in_their_order) {
    EXPECT_FALSE(allows(u"D:P(D;;GW;;;WD)(A;;GA;;;BA)", read_write));
    EXPECT_TRUE(allows(u"D:P(A;;GA;;;BA)(D;;GW;;;WD)", read_write));
    EXPECT_TRUE(allows(u"D:P(D;;GA;;;SY)(A;;0x1f01ff;;;BA)", FILE_ALL_ACCESS));
}

TEST(DeviceSecurity, what_is_no_descriptor_is_not_taken_for_one) {
    for (const char16_t* text :
         {u"", u"P(A;;GA;;;BA)", u"D:P(A;;GA;;;XX)", u"D:P(A;;QQ;;;BA)", u"D:P(A;;GA;;BA)",
          u"D:P(OA;;GA;;;BA)", u"D:P(A;;GA;;;BA", u"D:P x"}) {
        EXPECT_FALSE(parse_sddl(text).has_value());
    }
}

class SecureDevice : public KernelTest {
  protected:
    NTSTATUS create(const WCHAR* sddl, const WCHAR* name = L"\\Device\\Safe") {
        UNICODE_STRING text, name_text;
        RtlInitUnicodeString(&text, sddl);
        RtlInitUnicodeString(&name_text, name);
        const NTSTATUS status = IoCreateDeviceSecure(driver->object, sizeof(TestDevice), &name_text,
                                                     FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN,
                                                     FALSE, &text, nullptr, &device);
        if (!NT_SUCCESS(status)) return status;
        static_cast<TestDevice*>(device->DeviceExtension)->dispatch = &agree;
        device->Flags &= ~static_cast<ULONG>(DO_DEVICE_INITIALIZING);
        return status;
    }
    static NTSTATUS open(KPROCESSOR_MODE mode, ACCESS_MASK access) {
        OpenRequest request;
        request.mode = mode;
        request.access = access;
        OpenResult result;
        const NTSTATUS status = open_file(u"\\Device\\Safe", request, result);
        if (NT_SUCCESS(status)) ObDereferenceObject(result.file);
        return status;
    }
    Dispatch agree = [](PDEVICE_OBJECT, PIRP irp) { return complete(irp, STATUS_SUCCESS); };
    std::optional<TestDriver> driver;
    PDEVICE_OBJECT device = nullptr;
};

TEST_F(SecureDevice, user_mode_is_checked_and_kernel_mode_is_not) {
    run_as_thread([&] {
        driver.emplace("safe");
        ASSERT_EQ(create(L"D:P(A;;GA;;;SY)(A;;GR;;;BA)"), STATUS_SUCCESS);
        EXPECT_EQ(open(UserMode, FILE_GENERIC_READ), STATUS_SUCCESS);
        EXPECT_EQ(open(UserMode, read_write), STATUS_ACCESS_DENIED);
        EXPECT_EQ(open(KernelMode, read_write), STATUS_SUCCESS);
    });
}

TEST_F(SecureDevice, a_device_needs_a_name_and_a_descriptor_that_is_one) {
    run_as_thread([&] {
        driver.emplace("safe");
        EXPECT_EQ(create(L"D:P(A;;GA;;;ZZ)"), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(create(L"D:P(A;;GA;;;BA)", L""), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(create(L""), STATUS_SUCCESS);  // what the INF says: nothing
        EXPECT_EQ(open(UserMode, read_write), STATUS_SUCCESS);
    });
}

}  // namespace
}  // namespace gpioclx::kernel::io
