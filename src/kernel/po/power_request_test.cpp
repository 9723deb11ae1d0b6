#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

// {5d3e9a59-e9d5-4b00-a6bd-ff34ff516548}
constexpr GUID power_source = {
    0x5d3e9a59, 0xe9d5, 0x4b00, {0xa6, 0xbd, 0xff, 0x34, 0xff, 0x51, 0x65, 0x48}};

struct Seen {
    ULONG calls = 0;
    ULONG value = 99;
};

NTSTATUS setting_changed(LPCGUID, PVOID value, ULONG length, PVOID context) {
    auto* seen = static_cast<Seen*>(context);
    ++seen->calls;
    EXPECT_EQ(length, sizeof(ULONG));
    seen->value = *static_cast<ULONG*>(value);
    return STATUS_SUCCESS;
}

using PowerSettings = KernelTest;

// The machine hangs on the mains for ever: the first call is the only one.
TEST_F(PowerSettings, a_callback_hears_of_the_present_value_when_it_is_registered) {
    Seen seen;
    run_as_thread([&] {
        PVOID handle = nullptr;
        ASSERT_EQ(
            PoRegisterPowerSettingCallback(nullptr, &power_source, setting_changed, &seen, &handle),
            STATUS_SUCCESS);
        EXPECT_EQ(seen.calls, 1u);
        EXPECT_EQ(seen.value, static_cast<ULONG>(PoAc));
        EXPECT_EQ(PoUnregisterPowerSettingCallback(handle), STATUS_SUCCESS);
        EXPECT_EQ(PoUnregisterPowerSettingCallback(nullptr), STATUS_INVALID_PARAMETER);
    });
    EXPECT_EQ(seen.calls, 1u);
    EXPECT_TRUE(findings().empty());
}

}  // namespace
}  // namespace gpioclx::kernel
