#include <wdm.h>

#include "kernel/kernel_test_fixture.h"
#include "kernel/mm/device_memory.h"

namespace gpioclx::kernel {
namespace {

using machine::Event;
using machine::EventKind;

class TestRange final : public RegisterRange {
  public:
    TestRange() {
        physical_base = 0xFE20'0010;
        length = 0x20'000;
    }
    std::uint64_t read(std::uint64_t offset, unsigned) override { return values[offset % 64]; }
    void write(std::uint64_t offset, unsigned, std::uint64_t value) override {
        values[offset % 64] = value;
        last_offset = offset;
    }
    machine::NameId register_name(std::uint64_t offset) const override {
        return machine::Machine::current().name(offset == 0x10 ? "CONTROL" : "DATA");
    }
    std::uint64_t values[64] = {};
    std::uint64_t last_offset = 0;
};

class RegisterTest : public KernelTest {
  protected:
    PHYSICAL_ADDRESS physical(std::uint64_t address) {
        PHYSICAL_ADDRESS result;
        result.QuadPart = static_cast<LONGLONG>(address);
        return result;
    }
    UCHAR* map() {
        return static_cast<UCHAR*>(
            MmMapIoSpace(physical(range.physical_base), range.length, MmNonCached));
    }
    void with_registers(std::function<void(UCHAR*)> body) {
        range.device = machine().name("GPIO");
        ASSERT_TRUE(mm::add_register_range(range));
        run_as_thread([&, body] { body(map()); });
    }
    TestRange range;
};

TEST_F(RegisterTest, an_access_reaches_the_model_and_the_stream) {
    with_registers([&](UCHAR* base) {
        EXPECT_EQ(BYTE_OFFSET(base), 0x10u);
        WRITE_REGISTER_ULONG(reinterpret_cast<ULONG*>(base + 0x10), 0x12345678);
        EXPECT_EQ(READ_REGISTER_ULONG(reinterpret_cast<ULONG*>(base + 0x10)), 0x12345678u);
        EXPECT_EQ(READ_REGISTER_UCHAR(base + 0x10), 0x78);
        WRITE_REGISTER_USHORT(reinterpret_cast<USHORT*>(base + 0x1'0004), 1);
        EXPECT_EQ(range.last_offset, 0x1'0004u);
    });
    EXPECT_EQ(subjects(EventKind::register_write), (std::vector<std::string>{"CONTROL", "DATA"}));
    for (const Event& e : recorder.events) {
        if (e.kind != EventKind::register_read) continue;
        EXPECT_EQ(names.text(e.detail), "GPIO");
        EXPECT_EQ(e.a, 0x10u);
        EXPECT_EQ(e.b, 0x12345678u);
        EXPECT_EQ(e.c, 32u);
        break;
    }
    EXPECT_TRUE(findings().empty());
}

TEST_F(RegisterTest, an_access_costs_time) {
    with_registers([&](UCHAR* base) {
        const std::uint64_t before = machine().now_ns();
        READ_REGISTER_ULONG(reinterpret_cast<ULONG*>(base));
        EXPECT_EQ(machine().now_ns(), before + 150);
    });
}

TEST_F(RegisterTest, ordinary_memory_works_too) {
    run_as_thread([] {
        volatile ULONG word = 5;
        EXPECT_EQ(READ_REGISTER_ULONG(&word), 5u);
        WRITE_REGISTER_NOFENCE_ULONG(&word, 6);
        EXPECT_EQ(word, 6u);
    });
}

TEST_F(RegisterTest, an_access_after_unmapping_is_found_and_reads_all_ones) {
    with_registers([&](UCHAR* base) {
        MmUnmapIoSpace(base, range.length);
        EXPECT_EQ(READ_REGISTER_ULONG(reinterpret_cast<ULONG*>(base + 8)), 0xFFFFFFFFu);
        UCHAR* again = map();
        EXPECT_NE(again, base);
        EXPECT_EQ(READ_REGISTER_ULONG(reinterpret_cast<ULONG*>(again + 8)), 0u);
    });
    EXPECT_EQ(
        findings(),
        (std::vector<std::string>{
            "register-001: a read of 'GPIO' at offset 0x8 after its registers were unmapped"}));
}

TEST_F(RegisterTest, accesses_beyond_the_range_and_misaligned_ones_are_found) {
    with_registers([&](UCHAR* base) {
        EXPECT_EQ(READ_REGISTER_ULONG(reinterpret_cast<ULONG*>(base + range.length)), 0xFFFFFFFFu);
        EXPECT_EQ(READ_REGISTER_USHORT(reinterpret_cast<USHORT*>(base + 1)), 0xFFFFu);
    });
    EXPECT_TRUE(found("register-002"));
    EXPECT_TRUE(found("register-003"));
}

TEST_F(RegisterTest, an_address_without_a_model_is_zeroed_memory_and_reported) {
    run_as_thread([&] {
        auto* base = static_cast<ULONG*>(
            MmMapIoSpaceEx(physical(0xD000'0004), 64, PAGE_READWRITE | PAGE_NOCACHE));
        ASSERT_NE(base, nullptr);
        EXPECT_EQ(READ_REGISTER_ULONG(base), 0u);
        WRITE_REGISTER_ULONG(base + 1, 7);
        EXPECT_EQ(base[1], 7u);
        MmUnmapIoSpace(base, 64);
    });
    EXPECT_EQ(subjects(EventKind::hardware_report),
              (std::vector<std::string>{"physical memory 0xd0000004"}));
}

TEST_F(RegisterTest, ports_have_ranges_of_their_own) {
    TestRange ports;
    ports.physical_base = 0x60;
    ports.length = 8;
    machine();
    ASSERT_TRUE(mm::add_port_range(ports));
    run_as_thread([&] {
        WRITE_PORT_UCHAR(reinterpret_cast<UCHAR*>(0x64), 0x11);
        EXPECT_EQ(READ_PORT_UCHAR(reinterpret_cast<UCHAR*>(0x64)), 0x11);
        EXPECT_EQ(READ_PORT_UCHAR(reinterpret_cast<UCHAR*>(0x80)), 0xFF);
        WRITE_PORT_USHORT(reinterpret_cast<USHORT*>(0x66), 0x1234);
        EXPECT_EQ(READ_PORT_USHORT(reinterpret_cast<USHORT*>(0x66)), 0x1234);
    });
    EXPECT_TRUE(found("register-001"));
}

TEST_F(RegisterTest, ranges_do_not_overlap) {
    machine();
    TestRange other;
    EXPECT_TRUE(mm::add_register_range(range));
    other.physical_base = range.physical_base + range.length - 1;
    EXPECT_FALSE(mm::add_register_range(other));
}

// Without a fence they reach the model all the same: order is the machine's.
TEST_F(RegisterTest, accesses_without_a_fence_are_accesses) {
    with_registers([&](UCHAR* base) {
        auto control = reinterpret_cast<ULONG*>(base + 0x10);
        WRITE_REGISTER_NOFENCE_ULONG(control, 0x55);
        EXPECT_EQ(READ_REGISTER_NOFENCE_ULONG(control), 0x55u);
    });
    EXPECT_EQ(subjects(EventKind::register_write), std::vector<std::string>{"CONTROL"});
}

}  // namespace
}  // namespace gpioclx::kernel
