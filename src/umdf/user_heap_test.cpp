#include "umdf/user_heap.h"

#include <gtest/gtest.h>

#include <cstring>

#include "umdf/user_slice.h"

namespace gpioclx::umdf {
namespace {

class UserHeapTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(slice.map()); }
    void TearDown() override { slice.unmap(); }
    UserSlice slice{3};
    UserHeap heap{slice.heap_start(), slice.heap_end()};
};

TEST_F(UserHeapTest, blocks_are_zeroed_and_aligned_also_when_used_again) {
    auto* first = static_cast<char*>(heap.allocate(20));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % 16, 0u);
    std::memset(first, 0xFF, 20);
    EXPECT_EQ(heap.size_of(first), 20u);
    EXPECT_TRUE(heap.free(first));
    auto* second = static_cast<char*>(heap.allocate(30));
    EXPECT_EQ(first, second);
    EXPECT_EQ(second[0], 0);
    EXPECT_EQ(second[29], 0);
    EXPECT_EQ(heap.live_blocks(), 1u);
}

TEST_F(UserHeapTest, only_beginnings_of_blocks_can_be_freed) {
    auto* block = static_cast<char*>(heap.allocate(100));
    EXPECT_FALSE(heap.free(block + 16));
    EXPECT_TRUE(heap.free(block));
    EXPECT_FALSE(heap.free(block));
}

TEST_F(UserHeapTest, no_more_than_the_slice_has) {
    EXPECT_EQ(heap.allocate(UserSlice::size), nullptr);
    EXPECT_NE(heap.allocate(1 << 20), nullptr);
}

}  // namespace
}  // namespace gpioclx::umdf
