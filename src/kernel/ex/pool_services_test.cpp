#include <cstring>

#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel {
namespace {

using PoolServices = KernelTest;

constexpr SIZE_T size = 64;

bool all_zero(const void* block) {
    static const unsigned char zeroes[size] = {};
    return std::memcmp(block, zeroes, size) == 0;
}

TEST_F(PoolServices, only_functions_that_promise_it_give_zeroed_memory) {
    run_as_thread([] {
        PVOID zeroed = ExAllocatePoolZero(NonPagedPoolNx, size, pool_tag("Zero"));
        PVOID old = ExAllocatePool(NonPagedPool, size);
        PVOID uninitialized = ExAllocatePoolUninitialized(NonPagedPoolNx, size, pool_tag("Any "));
        ASSERT_TRUE(zeroed != nullptr && old != nullptr && uninitialized != nullptr);
        EXPECT_TRUE(all_zero(zeroed));
        EXPECT_FALSE(all_zero(old));
        EXPECT_FALSE(all_zero(uninitialized));
        ExFreePoolWithTag(zeroed, pool_tag("Zero"));
        ExFreePool(old);
        ExFreePool(uninitialized);
    });
    EXPECT_TRUE(findings().empty());
}

// DrvRtPoolNxOptIn asks for memory that cannot be executed, which no pool memory can be here.
TEST_F(PoolServices, opting_in_to_memory_without_execution_changes_nothing) {
    run_as_thread([] {
        ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
        PVOID old = ExAllocatePoolWithTag(NonPagedPool, size, pool_tag("Old "));
        EXPECT_FALSE(all_zero(old));
        ExFreePoolWithTag(old, pool_tag("Old "));
    });
}

}  // namespace
}  // namespace gpioclx::kernel
