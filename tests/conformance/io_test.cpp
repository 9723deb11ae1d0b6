// Reading and writing the pins of a connection (rules C20-C29, G).
#include <algorithm>

#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Bytes = std::vector<UCHAR>;

class Io : public ConformanceTest {
  protected:
    // A peripheral with these pins, after boot, open.
    Handle& open_pins(std::vector<std::uint16_t> pins, ACCESS_MASK access) {
        Peripheral& user = peripheral("USER", io(std::move(pins)));
        boot();
        Handle& handle = user.open(access);
        EXPECT_EQ(handle.status, STATUS_SUCCESS);
        trace.clear();
        return handle;
    }
    void expect_refused(const IoResult& result, NTSTATUS status) {
        EXPECT_EQ(result.status, status);
        EXPECT_EQ(result.information, 0u);
        EXPECT_TRUE(std::all_of(result.data.begin(), result.data.end(),
                                [](UCHAR byte) { return byte == 0xEE; }));
        EXPECT_EQ(trace.full(), "");
    }
};

// A setting of the bench, both positions of which a test sees.
class IoSwitch : public Io, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Off, IoSwitch, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(On, IoSwitch, ::testing::Values(true));

TEST_F(Io, F123_a_mask_read_gives_the_bits_in_the_order_of_the_pins) {
    Handle& handle = open_pins({7, 8, 23}, GENERIC_READ);
    gpio.raise(8);
    gpio.raise(9);  // not of this connection
    gpio.raise(23);
    const IoResult read = handle.read(1);
    EXPECT_EQ(read.status, STATUS_SUCCESS);
    EXPECT_EQ(read.data, Bytes{0b110});
    EXPECT_EQ(trace.full(),
              "GPIO ReadGpioPinsUsingMask(bank 0) irql 3, interrupt lock, wait lock -> "
              "STATUS_SUCCESS\n");
}

TEST_F(Io, F123_the_order_is_that_of_the_descriptor_not_of_the_numbers) {
    Handle& handle = open_pins({23, 7, 8}, GENERIC_READ);
    gpio.raise(23);
    EXPECT_EQ(handle.read(1).data, Bytes{0b001});
    gpio.lower(23);
    gpio.raise(8);
    EXPECT_EQ(handle.read(1).data, Bytes{0b100});
}

TEST_F(Io, F124_a_read_through_pin_tables) {
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    Handle& handle = open_pins({7, 8, 23}, GENERIC_READ);
    gpio.raise(7);
    gpio.raise(23);
    const IoResult read = handle.read(1);
    EXPECT_EQ(read.status, STATUS_SUCCESS);
    EXPECT_EQ(read.data, Bytes{0b101});
    EXPECT_EQ(trace.last(Callback::read).arguments, "bank 0 pins {7 8 23}");
    EXPECT_EQ(trace.compact(), "[Read]");
}

TEST_F(Io, F124_table_bits_go_where_their_pins_stand_in_the_connection) {
    gpio.banks(64, 32);
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    Handle& handle = open_pins({40, 7, 41}, GENERIC_READ);
    gpio.raise(7);
    EXPECT_EQ(handle.read(1).data, Bytes{0b010});
    gpio.lower(7);
    gpio.raise(41);
    EXPECT_EQ(handle.read(1).data, Bytes{0b100});
}

TEST_F(Io, F125_a_mask_write_sets_and_clears_exactly_the_pins_of_the_connection) {
    Handle& handle = open_pins({3, 30, 4, 0}, GENERIC_WRITE);
    EXPECT_EQ(handle.write({0b0110}).information, 1u);  // pins 30 and 4
    EXPECT_EQ(trace.last(Callback::write_mask).arguments, "bank 0 set 40000010 clear 9");
    handle.write({0xF9});  // pins 3 and 0; bits without a pin are ignored (G16)
    EXPECT_EQ(trace.last(Callback::write_mask).arguments, "bank 0 set 9 clear 40000010");
}

TEST_F(Io, F126_a_table_write_has_its_bits_in_the_order_of_the_table) {
    gpio.banks(64, 32);
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    Handle& handle = open_pins({9, 40, 2, 33, 31}, GENERIC_WRITE);
    handle.write({0b10110});  // 40, 2, 31
    const auto writes = trace.all(Callback::write);
    ASSERT_EQ(writes.size(), 2u);
    EXPECT_EQ(writes[0]->arguments, "bank 0 pins {9 2 31}, bits 011");
    EXPECT_EQ(writes[1]->arguments, "bank 1 pins {8 1}, bits 10");
    EXPECT_EQ(trace.compact(), "[Write] [Write]");
}

TEST_F(Io, F127_other_pins_keep_their_output_latches) {
    Peripheral& left = peripheral("LEFT", io({0, 2}));
    Peripheral& right = peripheral("RGHT", io({1, 3}));
    boot();
    Handle& first = left.open(GENERIC_WRITE);
    Handle& second = right.open(GENERIC_WRITE);
    first.write({0b11});
    second.write({0b01});
    first.write({0b10});
    const auto out = [&](ULONG pin) { return gpio.pins.output(pin); };
    EXPECT_EQ((std::vector{out(0), out(1), out(2), out(3)}),
              (std::vector{false, true, true, false}));
}

class BufferSizes : public Io, public ::testing::WithParamInterface<std::pair<USHORT, ULONG>> {};
INSTANTIATE_TEST_SUITE_P(Pins, BufferSizes,
                         ::testing::Values(std::pair{1, 1}, std::pair{8, 1}, std::pair{9, 2},
                                           std::pair{16, 2}, std::pair{17, 3}, std::pair{64, 8}));

TEST_P(BufferSizes, F128_one_bit_for_each_pin) {
    const auto [count, size] = GetParam();
    gpio.banks(64, 64);
    std::vector<std::uint16_t> pins;
    for (std::uint16_t pin = 0; pin < count; ++pin) pins.push_back(pin);
    Handle& handle = open_pins(pins, GENERIC_READ | GENERIC_WRITE);
    gpio.raise(count - 1u);
    const IoResult read = handle.read(size);
    EXPECT_EQ(read.information, size);
    Bytes last(size, 0);
    last[(count - 1u) / 8] = static_cast<UCHAR>(1u << (count - 1u) % 8);
    EXPECT_EQ(read.data, last);
    EXPECT_EQ(handle.write(last).information, size);
    EXPECT_TRUE(gpio.pins.output(count - 1u));
    trace.clear();
    if (size > 1) {  // F129 at every size
        expect_refused(handle.read(size - 1), STATUS_BUFFER_TOO_SMALL);
        EXPECT_EQ(handle.write(Bytes(size - 1)).status, STATUS_BUFFER_TOO_SMALL);
    }
    EXPECT_EQ(trace.full(), "");
}

TEST_F(Io, F129_a_buffer_that_is_too_small_reaches_no_callback) {
    Handle& handle = open_pins({0, 1, 2, 3, 4, 5, 6, 7, 8}, GENERIC_READ | GENERIC_WRITE);
    expect_refused(handle.read(1), STATUS_BUFFER_TOO_SMALL);
    expect_refused(handle.control(IOCTL_GPIO_READ_PINS), STATUS_BUFFER_TOO_SMALL);
    expect_refused(handle.control(IOCTL_GPIO_WRITE_PINS, {1}, 2), STATUS_BUFFER_TOO_SMALL);
    expect_refused(handle.control(IOCTL_GPIO_WRITE_PINS, {}, 2), STATUS_BUFFER_TOO_SMALL);
}

TEST_F(Io, F130_a_larger_buffer_keeps_its_tail) {
    Handle& handle = open_pins({0, 1, 2}, GENERIC_READ | GENERIC_WRITE);
    gpio.raise(0);
    const IoResult read = handle.read(4);
    EXPECT_EQ(read.information, 1u);
    EXPECT_EQ(read.data, (Bytes{0b001, 0xEE, 0xEE, 0xEE}));
    EXPECT_EQ(handle.write({0b101, 0xFF, 0xFF}).information, 1u);
    EXPECT_EQ(trace.last(Callback::write_mask).arguments, "bank 0 set 5 clear 2");
}

// The output buffer of a write is optional; no more is said to be in it than there is room for.
TEST_F(Io, F125_G14_a_write_needs_no_output_buffer) {
    Handle& handle = open_pins({0, 1, 2, 3, 4, 5, 6, 7, 8}, GENERIC_WRITE);
    const IoResult written = handle.control(IOCTL_GPIO_WRITE_PINS, {0, 1});
    EXPECT_EQ(written.status, STATUS_SUCCESS);
    EXPECT_EQ(written.information, 0u);
    EXPECT_TRUE(gpio.pins.output(8));
    EXPECT_EQ(handle.control(IOCTL_GPIO_WRITE_PINS, {0, 0}, 1).information, 1u);
    EXPECT_FALSE(gpio.pins.output(8));
}

TEST_F(Io, F131_writing_a_connection_for_input_is_denied) {
    Handle& handle = open_pins({4}, GENERIC_READ);
    const IoResult written = handle.control(IOCTL_GPIO_WRITE_PINS, {1}, 1);
    expect_refused(written, STATUS_GPIO_OPERATION_DENIED);
    EXPECT_FALSE(gpio.pins.output(4));
}

TEST_P(IoSwitch, F132_reading_a_connection_for_output) {
    setting("strict_read_of_outputs", GetParam());
    Handle& handle = open_pins({4, 5}, GENERIC_WRITE);
    handle.write({0b10});
    trace.clear();
    const IoResult read = handle.read(1);
    if (GetParam()) {
        expect_refused(read, STATUS_GPIO_OPERATION_DENIED);
    } else {
        EXPECT_EQ(read.status, STATUS_SUCCESS);
        EXPECT_EQ(read.data, Bytes{0b10});
        EXPECT_EQ(trace.last(Callback::read_mask).arguments, "bank 0, written");
    }
}

TEST_F(Io, F132_G9_a_connection_for_both_reads_its_inputs) {
    Handle& handle = open_pins({4}, GENERIC_READ | GENERIC_WRITE);
    handle.write({1});
    EXPECT_EQ(handle.read(1).data, Bytes{0});
    EXPECT_EQ(trace.last(Callback::read_mask).arguments, "bank 0");
}

TEST_F(Io, F132_table_reads_are_marked_as_well) {
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    Handle& handle = open_pins({4, 5}, GENERIC_WRITE);
    handle.write({0b01});
    EXPECT_EQ(handle.read(1).data, Bytes{0b01});
    EXPECT_EQ(trace.last(Callback::read).arguments, "bank 0 pins {4 5}, written");
}

TEST_F(Io, F133_other_requests_on_the_handle_are_invalid) {
    Handle& handle = open_pins({4}, GENERIC_READ);
    const ULONG unknown = CTL_CODE(FILE_DEVICE_GPIO, 0x77, METHOD_BUFFERED, FILE_ANY_ACCESS);
    expect_refused(handle.control(unknown, {1}, 1), STATUS_INVALID_DEVICE_REQUEST);
    expect_refused(handle.control(IOCTL_GPIO_COMMIT_FUNCTION_CONFIG_PINS),
                   STATUS_INVALID_DEVICE_REQUEST);
    expect_refused(handle.read_file(1), STATUS_INVALID_DEVICE_REQUEST);
}

TEST_F(Io, F139_a_failed_write_of_a_memory_mapped_controller_is_a_bug_check) {
    Handle& handle = open_pins({4}, GENERIC_WRITE);
    gpio.fail(Callback::write_mask, STATUS_UNSUCCESSFUL);
    expect_finding("V26");
    thread("writer", [&] { handle.write({1}); });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 6u);
    EXPECT_EQ(static_cast<ULONG>(bug_check().parameter2), static_cast<ULONG>(STATUS_UNSUCCESSFUL));
}

TEST_F(Io, F139_so_is_a_failed_read_or_disconnect) {
    Handle& handle = open_pins({4}, GENERIC_READ);
    gpio.fail(Callback::disconnect, STATUS_UNSUCCESSFUL);
    expect_finding("V26");
    EXPECT_EQ(handle.read(1).status, STATUS_SUCCESS);
    EXPECT_EQ(bug_check().code, 0u);
    thread("closer", [&] { handle.close(); });
    run();
    EXPECT_EQ(bug_check().code, 0x138u);
    EXPECT_EQ(bug_check().parameter1, 6u);
}

TEST_F(Io, F140_a_failed_transfer_of_a_serial_controller_is_the_status_of_the_request) {
    gpio.serial().banks(64, 32);
    Handle& handle = open_pins({4, 40}, GENERIC_READ | GENERIC_WRITE);
    gpio.fail(Callback::read_mask, STATUS_IO_TIMEOUT, 1);
    const IoResult read = handle.read(1);
    EXPECT_EQ(read.status, STATUS_IO_TIMEOUT);
    EXPECT_EQ(read.information, 0u);
    gpio.after[Callback::write_mask] = [&](void*) {  // C28: the first bank stays written
        gpio.fail(Callback::write_mask, STATUS_DEVICE_BUSY, 1);
    };
    EXPECT_EQ(handle.write({0b11}).status, STATUS_DEVICE_BUSY);
    EXPECT_TRUE(gpio.pins.output(4));
    EXPECT_FALSE(gpio.pins.output(40));
    EXPECT_EQ(trace.compact(), "Read Write Write");
}

// V32, V38: what the callback may not do is told, and does no harm to later requests.
TEST_F(Io, F124_F126_V32_V38_a_table_callback_that_writes_where_it_may_not) {
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    Handle& handle = open_pins({4, 5}, GENERIC_READ | GENERIC_WRITE);
    gpio.after[Callback::read] = [](void* given) {
        auto& p = *static_cast<PGPIO_READ_PINS_PARAMETERS>(given);
        p.PinNumberTable[0] = 17;
        static_cast<UCHAR*>(p.Buffer)[1] = 0;
    };
    gpio.after[Callback::write] = [](void* given) {
        auto& p = *static_cast<PGPIO_WRITE_PINS_PARAMETERS>(given);
        static_cast<UCHAR*>(p.Buffer)[0] = 0;
        p.PinCount = 1;
    };
    expect_finding("V32");
    expect_finding("V38");
    EXPECT_EQ(handle.read(1).status, STATUS_SUCCESS);
    EXPECT_EQ(finding_count("V32"), 1u);  // behind its buffer
    EXPECT_EQ(finding_count("V38"), 1u);  // the table
    handle.write({0b11});
    EXPECT_EQ(finding_count("V32"), 2u);  // the buffer of a write
    EXPECT_EQ(finding_count("V38"), 2u);  // the count
    EXPECT_EQ(trace.last(Callback::write).arguments, "bank 0 pins {4 5}, bits 11");
}

// G29, C22: a read that stays in its callback holds up those of its bank, not those of another.
TEST_F(Io, F189_requests_to_one_bank_wait_for_each_other_those_to_another_overlap) {
    gpio.serial().banks(64, 32);
    Peripheral& user = peripheral("USER", io({1}), io({2}), io({40}));
    boot();
    std::vector<Handle*> handles;
    for (ULONG i = 0; i < 3; ++i) handles.push_back(&user.open(GENERIC_READ, i));
    trace.clear();
    KEVENT go_on;
    KeInitializeEvent(&go_on, NotificationEvent, FALSE);
    gpio.during[Callback::read_mask] = [&](void* given) {
        if (static_cast<PGPIO_READ_PINS_MASK_PARAMETERS>(given)->BankId == 0)
            KeWaitForSingleObject(&go_on, Executive, KernelMode, FALSE, nullptr);
    };
    thread("first", [&] { handles[0]->read(1); });
    thread("second", [&] { handles[1]->read(1); });
    run();
    EXPECT_EQ(trace.count(Callback::read_mask), 1u);
    EXPECT_EQ(handles[2]->read(1).status, STATUS_SUCCESS);
    in_thread([&] { KeSetEvent(&go_on, IO_NO_INCREMENT, FALSE); });
    const auto reads = trace.all(Callback::read_mask);
    ASSERT_EQ(reads.size(), 3u);
    EXPECT_EQ(reads[1]->bank, 1u);
    EXPECT_LT(reads[1]->left, reads[0]->left);     // overlaps the first
    EXPECT_LT(reads[0]->left, reads[2]->entered);  // the second came after the first
}

}  // namespace
}  // namespace gpioclx::conformance
