// What the headers implement themselves: lists, interlocked operations, bit scans, connection
// paths, transfer lists, ACPI arguments.
#include <gtest/gtest.h>

#include <ntddk.h>
#define RESHUB_USE_HELPER_ROUTINES
#include <reshub.h>
#include <acpiioct.h>
#include <intrin.h>
#include <spb.h>

#include <string>

namespace {

std::u16string text_of(const UNICODE_STRING& string) {
    std::u16string result;
    for (ULONG i = 0; i < string.Length / sizeof(WCHAR); i++) {
        result.push_back(static_cast<char16_t>(string.Buffer[i]));
    }
    return result;
}

struct Item {
    int value;
    LIST_ENTRY link;
};

TEST(List, elements_leave_in_the_order_in_which_they_came) {
    LIST_ENTRY head;
    Item items[3] = {{1, {}}, {2, {}}, {3, {}}};
    InitializeListHead(&head);
    EXPECT_TRUE(IsListEmpty(&head));
    InsertTailList(&head, &items[1].link);
    InsertTailList(&head, &items[2].link);
    InsertHeadList(&head, &items[0].link);
    EXPECT_EQ(CONTAINING_RECORD(RemoveHeadList(&head), Item, link)->value, 1);
    EXPECT_EQ(CONTAINING_RECORD(RemoveTailList(&head), Item, link)->value, 3);
    EXPECT_FALSE(IsListEmpty(&head));
    EXPECT_TRUE(RemoveEntryList(&items[1].link));
    EXPECT_TRUE(IsListEmpty(&head));
}

TEST(List, a_headless_ring_is_appended_whole) {
    LIST_ENTRY head;
    LIST_ENTRY a;
    LIST_ENTRY b;
    LIST_ENTRY c;
    InitializeListHead(&head);
    InsertTailList(&head, &a);
    InitializeListHead(&b);
    InsertTailList(&b, &c);
    AppendTailList(&head, &b);
    EXPECT_EQ(RemoveHeadList(&head), &a);
    EXPECT_EQ(RemoveHeadList(&head), &b);
    EXPECT_EQ(RemoveHeadList(&head), &c);
    EXPECT_TRUE(IsListEmpty(&head));
}

TEST(Interlocked, increment_returns_the_new_value_and_exchange_the_old_one) {
    LONG value = 5;
    EXPECT_EQ(InterlockedIncrement(&value), 6);
    EXPECT_EQ(InterlockedDecrement(&value), 5);
    EXPECT_EQ(InterlockedAdd(&value, 3), 8);
    EXPECT_EQ(InterlockedExchangeAdd(&value, 2), 8);
    EXPECT_EQ(InterlockedExchange(&value, 1), 10);
    EXPECT_EQ(InterlockedOr(&value, 6), 1);
    EXPECT_EQ(InterlockedAnd(&value, 3), 7);
    EXPECT_EQ(InterlockedXor(&value, 1), 3);
    EXPECT_EQ(InterlockedCompareExchange(&value, 9, 2), 2);
    EXPECT_EQ(InterlockedCompareExchange(&value, 7, 2), 9);
    EXPECT_EQ(value, 9);
}

TEST(Interlocked, bit_test_counts_beyond_the_first_word) {
    LONG words[2] = {0, 0};
    EXPECT_EQ(InterlockedBitTestAndSet(words, 33), 0);
    EXPECT_EQ(words[1], 2);
    EXPECT_EQ(InterlockedBitTestAndReset(words, 33), 1);
    EXPECT_EQ(words[1], 0);
}

TEST(Interlocked, pointers_are_exchanged_only_on_a_match) {
    int a = 0;
    int b = 0;
    PVOID pointer = &a;
    EXPECT_EQ(InterlockedCompareExchangePointer(&pointer, nullptr, &b), &a);
    EXPECT_EQ(pointer, &a);
    EXPECT_EQ(InterlockedCompareExchangePointer(&pointer, nullptr, &a), &a);
    EXPECT_EQ(pointer, nullptr);
}

TEST(BitScan, tells_an_empty_mask_from_bit_0) {
    ULONG index = 77;
    EXPECT_EQ(_BitScanForward(&index, 0u), 0);
    EXPECT_EQ(index, 77u);
    EXPECT_EQ(_BitScanForward(&index, 0x18u), 1);
    EXPECT_EQ(index, 3u);
    EXPECT_EQ(_BitScanReverse64(&index, 1ull << 40), 1);
    EXPECT_EQ(index, 40u);
}

TEST(ResourceHub, H4_path_of_an_id_has_16_lower_case_digits) {
    DECLARE_UNICODE_STRING_SIZE(path, RESOURCE_HUB_PATH_SIZE);
    ASSERT_EQ(RESOURCE_HUB_CREATE_PATH_FROM_ID(&path, 0xABu, 0x5u), STATUS_SUCCESS);
    EXPECT_EQ(text_of(path), u"\\Device\\RESOURCE_HUB\\00000005000000ab");
}

TEST(ResourceHub, H5_a_short_buffer_is_refused_and_left_alone) {
    WCHAR buffer[36] = {};
    UNICODE_STRING path = {4, sizeof(buffer), buffer};
    EXPECT_EQ(RESOURCE_HUB_CREATE_PATH_FROM_ID(&path, 1, 0), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(path.Length, 4);
    EXPECT_EQ(buffer[0], 0);
}

TEST(ResourceHub, H6_the_documented_sizes_hold_a_path_with_its_terminator) {
    WCHAR buffer[RESOURCE_HUB_PATH_CHARS];
    UNICODE_STRING path = {0, sizeof(buffer), buffer};
    EXPECT_GE(RESOURCE_HUB_PATH_SIZE, 76u);
    ASSERT_EQ(RESOURCE_HUB_CREATE_PATH_FROM_ID(&path, 1, 0), STATUS_SUCCESS);
    EXPECT_EQ(path.Length, sizeof(buffer) - sizeof(WCHAR));
    EXPECT_EQ(buffer[RESOURCE_HUB_PATH_CHARS - 1], 0);
}

TEST(ResourceHub, an_id_survives_the_way_through_a_file_name) {
    WCHAR buffer[] = L"\\00000005000000aB";
    UNICODE_STRING name = {sizeof(buffer) - sizeof(WCHAR), sizeof(buffer), buffer};
    LARGE_INTEGER id = {};
    ASSERT_EQ(RESOURCE_HUB_ID_FROM_FILE_NAME(&name, &id), STATUS_SUCCESS);
    EXPECT_EQ(id.QuadPart, 0x5000000abL);
    buffer[3] = 'x';
    EXPECT_EQ(RESOURCE_HUB_ID_FROM_FILE_NAME(&name, &id), STATUS_INVALID_PARAMETER);
    name.Length -= 2;
    EXPECT_EQ(RESOURCE_HUB_ID_FROM_FILE_NAME(&name, &id), STATUS_INVALID_PARAMETER);
}

TEST(TransferList, all_entries_lie_behind_each_other) {
    SPB_TRANSFER_LIST_AND_ENTRIES(2) sequence;
    UCHAR byte = 0;
    SPB_TRANSFER_LIST_INIT(&sequence.List, 2);
    sequence.List.Transfers[0] =
        SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionToDevice, 0, &byte, 1);
    EXPECT_EQ(sequence.List.TransferCount, 2u);
    EXPECT_EQ(sequence.List.Size, sizeof(SPB_TRANSFER_LIST));
    EXPECT_EQ(static_cast<void*>(&sequence.AfterTransfers[0]),
              static_cast<void*>(&sequence.List.Transfers[0] + 1));
}

TEST(AcpiArgument, short_data_still_takes_four_bytes) {
    EXPECT_EQ(ACPI_METHOD_ARGUMENT_LENGTH(1), 8u);
    EXPECT_EQ(ACPI_METHOD_ARGUMENT_LENGTH(6), 10u);
    alignas(ULONG) UCHAR space[32] = {};
    auto* first = reinterpret_cast<PACPI_METHOD_ARGUMENT>(space);
    ACPI_METHOD_SET_ARGUMENT_INTEGER(first, 42);
    auto* second = ACPI_METHOD_NEXT_ARGUMENT(first);
    EXPECT_EQ(reinterpret_cast<PUCHAR>(second), space + 8);
    ACPI_METHOD_SET_ARGUMENT_STRING(second, "abc");
    EXPECT_EQ(second->DataLength, 4);
}

TEST(MdlMacros, pages_are_counted_by_span) {
    EXPECT_EQ(ADDRESS_AND_SIZE_TO_SPAN_PAGES(0xfffUL, 2), 2u);
    EXPECT_EQ(ADDRESS_AND_SIZE_TO_SPAN_PAGES(0x1000UL, 0x1000), 1u);
    EXPECT_EQ(ROUND_TO_PAGES(1), 0x1000u);
    EXPECT_EQ(BYTES_TO_PAGES(0x1001), 2u);
}

TEST(LargeInteger, parts_overlay_the_whole) {
    LARGE_INTEGER parts = {};
    parts.QuadPart = -1;
    EXPECT_EQ(parts.HighPart, -1);
    EXPECT_EQ(parts.LowPart, 0xffffffffu);
}

TEST(Bytes, are_swapped_and_copied) {
    EXPECT_EQ(RtlUshortByteSwap(0x1234), 0x3412);
    EXPECT_EQ(RtlUlongByteSwap(0x12345678u), 0x78563412u);
    UCHAR from[3] = {1, 2, 3};
    UCHAR to[3] = {};
    RtlCopyBytes(to, from, 2);
    EXPECT_EQ(to[1], 2);
    EXPECT_EQ(to[2], 0);
}

TEST(Bitmap, bits_are_counted_from_the_lowest) {
    ULONG words[2] = {0x80000001, 0x2};
    RTL_BITMAP map = {33, words};
    EXPECT_TRUE(RtlCheckBit(&map, 0));
    EXPECT_FALSE(RtlCheckBit(&map, 1));
    EXPECT_TRUE(RtlCheckBit(&map, 31));
    EXPECT_TRUE(RtlCheckBit(&map, 33));
}

TEST(Interlocked, the_new_value_is_returned_also_with_64_bits) {
    LONG64 value = 0xFFFFFFFF;
    EXPECT_EQ(InterlockedIncrement64(&value), 0x100000000);
    EXPECT_EQ(InterlockedDecrement64(&value), 0xFFFFFFFF);
}

}  // namespace
