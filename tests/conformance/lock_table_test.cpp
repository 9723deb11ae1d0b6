// Section 5.3 of the specification, cell by cell: the IRQL of every callback, and the locks that
// the extension holds while it runs.
#include <map>

#include "every_callback.h"

namespace gpioclx::conformance {
namespace {

struct Cell {
    bool dirql;
    bool interrupt_lock;
    bool wait_lock;  // not looked at above PASSIVE_LEVEL
};
constexpr Cell passive_nothing{false, false, false};
constexpr Cell passive_wait{false, false, true};
constexpr Cell dirql_locked{true, true, false};
constexpr Cell dirql_nothing{true, false, false};

using Table = std::map<Callback, Cell>;

Table setup_rows() {
    Table table;
    for (Callback c : {Callback::prepare, Callback::release, Callback::start, Callback::stop,
                       Callback::basic_information, Callback::query_set}) {
        table[c] = passive_nothing;  // L56-L67
    }
    return table;
}

Table memory_mapped_rows() {
    Table table = setup_rows();
    for (Callback c : {Callback::enable, Callback::disable, Callback::connect, Callback::disconnect,
                       Callback::specific})
        table[c] = passive_wait;  // n1, L76
    for (Callback c :
         {Callback::clear, Callback::mask, Callback::query_active, Callback::query_enabled,
          Callback::reconfigure, Callback::unmask, Callback::pre_process})
        table[c] = dirql_locked;  // n3, n5
    return table;
}

Table serial_rows() {
    Table table = setup_rows();
    for (Callback c : {Callback::enable, Callback::disable, Callback::connect, Callback::disconnect,
                       Callback::specific, Callback::clear, Callback::mask, Callback::query_active,
                       Callback::query_enabled, Callback::reconfigure, Callback::unmask})
        table[c] = passive_wait;                   // n2, n4
    table[Callback::pre_process] = dirql_nothing;  // n6
    return table;
}

class LockTable : public EveryCallback {
  protected:
    void expect(const Table& table) {
        const KIRQL dirql = static_cast<KIRQL>(gpio.translated.at(1).u.Interrupt.Level);
        for (const Call& call : trace.calls) {
            if (call.is_isr) continue;
            const auto row = table.find(call.callback);
            ASSERT_NE(row, table.end()) << name_of(call.callback);
            const Cell& cell = row->second;
            const Place& place = call.place;
            EXPECT_EQ(place.irql, cell.dirql ? dirql : PASSIVE_LEVEL) << name_of(call.callback);
            EXPECT_EQ(place.interrupt_lock, cell.interrupt_lock) << name_of(call.callback);
            if (cell.dirql) continue;
            EXPECT_EQ(place.wait_lock, cell.wait_lock) << name_of(call.callback);
        }
        for (const auto& [callback, cell] : table)
            EXPECT_GT(trace.count(callback), 0u) << name_of(callback) << " was never called";
    }
};

TEST_F(LockTable, F46_F48_memory_mapped_masks) {
    describe();
    exercise();
    Table table = memory_mapped_rows();
    table[Callback::read_mask] = table[Callback::write_mask] = dirql_locked;
    expect(table);
}

TEST_F(LockTable, F46_F48_memory_mapped_pin_tables) {
    describe();
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    exercise();
    Table table = memory_mapped_rows();
    table[Callback::read] = table[Callback::write] = dirql_locked;
    expect(table);
}

TEST_F(LockTable, F47_serial_masks) {
    describe();
    gpio.serial();
    exercise();
    Table table = serial_rows();
    table[Callback::read_mask] = table[Callback::write_mask] = passive_wait;
    expect(table);
}

TEST_F(LockTable, F47_serial_pin_tables) {
    describe();
    gpio.serial();
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    exercise();
    Table table = serial_rows();
    table[Callback::read] = table[Callback::write] = passive_wait;
    expect(table);
}

// L79. The I/O registers stand apart: no interrupt lock around them.
TEST_F(LockTable, F54_independent_io_runs_at_PASSIVE_LEVEL_under_the_wait_lock) {
    describe();
    gpio.information.Flags.IndependentIoHwSupported = 1;
    exercise();
    Table table = memory_mapped_rows();
    table[Callback::read_mask] = table[Callback::write_mask] = passive_wait;
    expect(table);
}

TEST_F(LockTable, F54_independent_io_at_DIRQL_without_the_lock_by_setting) {
    describe();
    gpio.information.Flags.IndependentIoHwSupported = 1;
    setting("independent_io_at_dirql", 1);
    exercise();
    Table table = memory_mapped_rows();
    table[Callback::read_mask] = table[Callback::write_mask] = dirql_nothing;
    expect(table);
}

// ---- what a callback must not do: acquire (columns "driver may Acquire") ----

class LockMisuse : public EveryCallback {
  protected:
    // Each call of these acquires and releases bank 0's lock.
    void acquire_in(const std::vector<Callback>& callbacks) {
        for (Callback callback : callbacks) {
            gpio.during[callback] = [this](void*) {
                const KIRQL before = KeGetCurrentIrql();
                GPIO_CLX_AcquireInterruptLock(gpio.context, 0);
                irql_changed |= KeGetCurrentIrql() != before;
                GPIO_CLX_ReleaseInterruptLock(gpio.context, 0);
            };
        }
    }
    // Each was called. A finding is told once, and it names the callback: so this is their number.
    std::size_t calls(const std::vector<Callback>& callbacks) const {
        for (Callback callback : callbacks)
            EXPECT_GT(trace.count(callback), 0u) << name_of(callback);
        return callbacks.size();
    }
    bool irql_changed = false;

    const std::vector<Callback> setup = {
        Callback::prepare, Callback::release,           Callback::start,
        Callback::stop,    Callback::basic_information, Callback::query_set};
    const std::vector<Callback> at_dirql = {
        Callback::clear,         Callback::mask,        Callback::query_active,
        Callback::query_enabled, Callback::reconfigure, Callback::unmask,
        Callback::pre_process,   Callback::read_mask,   Callback::write_mask};
    const std::vector<Callback> at_passive = {Callback::enable, Callback::disable,
                                              Callback::connect, Callback::disconnect,
                                              Callback::specific};
};

TEST_F(LockMisuse, F42_no_lock_in_setup_callbacks) {
    describe();
    acquire_in(setup);
    expect_finding("V5");
    exercise();
    EXPECT_EQ(finding_count("V5"), 2 * calls(setup));  // acquire and release
    EXPECT_FALSE(irql_changed);
}

TEST_F(LockMisuse, F42_no_lock_in_setup_callbacks_of_a_serial_controller) {
    describe();
    gpio.serial();
    acquire_in(setup);
    expect_finding("V5");
    exercise();
    EXPECT_EQ(finding_count("V5"), 2 * calls(setup));
}

TEST_F(LockMisuse, F43_no_lock_in_callbacks_at_DIRQL) {
    describe();
    acquire_in(at_dirql);
    expect_finding("V3");
    exercise();
    EXPECT_EQ(finding_count("V3"), calls(at_dirql));
    EXPECT_FALSE(irql_changed);
}

TEST_F(LockMisuse, F43_no_lock_in_callbacks_with_pin_tables) {
    describe();
    gpio.information.Flags.FormatIoRequestsAsMasks = 0;
    acquire_in({Callback::read, Callback::write});
    expect_finding("V3");
    exercise();
    EXPECT_EQ(finding_count("V3"), 2u);
}

// 5.4, the other reading: both calls do nothing.
TEST_F(LockMisuse, F43_lenient_reading_lets_it_pass) {
    describe();
    setting("lenient_isr_lock", 1);
    acquire_in(at_dirql);
    exercise();
    EXPECT_GT(calls(at_dirql), 0u);
    EXPECT_FALSE(irql_changed);
}

TEST_F(LockMisuse, F44_no_lock_in_callbacks_of_a_serial_controller) {
    describe();
    gpio.serial();
    std::vector<Callback> all = at_passive;
    for (Callback callback : at_dirql) {
        if (callback != Callback::pre_process) all.push_back(callback);
    }
    acquire_in(all);
    expect_finding("V4");
    exercise();
    EXPECT_EQ(finding_count("V4"), calls(all));
}

TEST_F(LockMisuse, F44_lenient_reading_lets_it_pass) {
    describe();
    gpio.serial();
    setting("lenient_isr_lock", 1);
    acquire_in({Callback::query_active, Callback::mask});
    exercise();
}

// n6: there is no lock that PreProcess of a serial controller could take.
TEST_F(LockMisuse, F45_pre_process_of_a_serial_controller_cannot_take_the_wait_lock) {
    describe();
    gpio.serial();
    acquire_in({Callback::pre_process});
    expect_finding("V8");
    exercise();
    EXPECT_EQ(finding_count("V8"), 2u);
}

TEST_F(LockMisuse, F55_passive_callbacks_of_a_memory_mapped_controller_may_take_the_lock) {
    describe();
    acquire_in(at_passive);
    exercise();
    EXPECT_TRUE(irql_changed);
    EXPECT_GT(trace.count(Callback::specific), 0u);
}

TEST_F(LockMisuse, F52_a_lock_that_a_callback_keeps) {
    describe();
    for (Callback callback : at_passive) {
        gpio.during[callback] = [this](void*) { GPIO_CLX_AcquireInterruptLock(gpio.context, 0); };
    }
    expect_finding("V10");
    exercise();
    EXPECT_EQ(finding_count("V10"), calls(at_passive));
}

// A serial callback for bank 0 may take another bank's lock, and must give it back.
TEST_F(LockMisuse, F52_a_lock_that_a_serial_callback_keeps) {
    describe();
    gpio.banks(64, 32).serial();
    gpio.during[Callback::enable] = [this](void*) {
        GPIO_CLX_AcquireInterruptLock(gpio.context, 1);
    };
    expect_finding("V10");
    exercise();
    EXPECT_EQ(finding_count("V10"), 1u);
}

TEST_F(LockMisuse, F52_a_lock_of_another_bank_that_a_callback_at_DIRQL_keeps) {
    describe();
    gpio.banks(64, 32);
    gpio.during[Callback::query_active] = [this](void*) {
        GPIO_CLX_AcquireInterruptLock(gpio.context, 1);
    };
    expect_finding("V10");
    exercise();
    EXPECT_EQ(finding_count("V10"), 1u);
}

TEST_F(LockMisuse, F52_an_IRQL_that_a_callback_leaves_changed) {
    describe();
    for (Callback callback : {Callback::enable, Callback::read_mask}) {
        gpio.during[callback] = [](void*) {
            KIRQL before;
            KeRaiseIrql(static_cast<KIRQL>(KeGetCurrentIrql() + 1), &before);
        };
    }
    expect_finding("V11");
    exercise();
    EXPECT_EQ(finding_count("V11"), 2u);
}

}  // namespace
}  // namespace gpioclx::conformance
