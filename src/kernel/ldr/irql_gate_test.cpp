#include "kernel/ldr/irql_gate.h"

#include <cstdarg>

#include "ext/gx_export.h"
#include "kernel/kernel_test_fixture.h"
#include "kernel/ldr/image.h"

extern "C" const GX_EXPORT __start_gx_exports[];
extern "C" const GX_EXPORT __stop_gx_exports[];

namespace gpioclx::kernel {
namespace {

class IrqlGateTest : public KernelTest {
  protected:
    // Calls the gate in front of a function of this test, by this name, at this IRQL; how often
    // that became a finding.
    std::size_t told(std::string_view name, const void* function, KIRQL irql,
                     const std::function<void(const void*)>& call) {
        std::map<std::string_view, const void*> exports{{name, function}};
        ldr::put_gates(exports);
        const std::size_t before = findings().size();
        KIRQL old;
        if (irql != PASSIVE_LEVEL) KeRaiseIrql(irql, &old);
        call(exports.at(name));
        if (irql != PASSIVE_LEVEL) KeLowerIrql(old);
        return findings().size() - before;
    }
    // The test writes gates of its own; those of the real functions come back.
    void TearDown() override {
        std::map<std::string_view, const void*> exports;
        for (const GX_EXPORT* e = __start_gx_exports; e != __stop_gx_exports; ++e)
            exports.emplace(e->Name, e->Address);
        ldr::put_gates(exports);
        KernelTest::TearDown();
    }
};

long sum_of_six(long a, long b, long c, long d, long e, long f) {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f;
}
double product(double a, double b) { return a * b; }
double sum_of(int count, ...) {
    va_list values;
    va_start(values, count);
    double sum = 0;
    while (count-- > 0) sum += va_arg(values, double);
    va_end(values);
    return sum;
}
void nothing() {}

template <typename Function>
Function function_at(const void* gate) {
    return reinterpret_cast<Function>(const_cast<void*>(gate));
}

TEST_F(IrqlGateTest, every_bounded_function_is_checked_on_both_sides_of_its_bounds) {
    run_as_thread([&] {
        std::size_t bounded = 0;
        for (const ldr::IrqlRule& rule : ldr::irql_rules()) {
            if (!rule.bounded()) continue;
            ++bounded;
            const auto call = [](const void* gate) { function_at<void (*)()>(gate)(); };
            const auto* function = reinterpret_cast<const void*>(&nothing);
            const auto at = [&](KIRQL irql) { return told(rule.function, function, irql, call); };
            EXPECT_EQ(at(rule.lowest), 0u) << rule.function;
            EXPECT_EQ(at(rule.highest), 0u) << rule.function;
            if (rule.highest < HIGH_LEVEL) {
                EXPECT_EQ(at(rule.highest + 1), 1u) << rule.function;
                EXPECT_TRUE(findings().back().starts_with(
                    (rule.function.starts_with("Wdf") ? "irql-201: " : "irql-001: ") +
                    std::string(rule.function) + " was called at IRQL "))
                    << findings().back();
            }
            if (rule.lowest > PASSIVE_LEVEL) {
                EXPECT_EQ(at(rule.lowest - 1), 1u) << rule.function;
                EXPECT_TRUE(findings().back().starts_with("irql-007: ")) << findings().back();
            }
        }
        EXPECT_GT(bounded, 600u);
    });
}

TEST_F(IrqlGateTest, every_export_has_a_row_and_drivers_get_its_gate) {
    for (const GX_EXPORT* e = __start_gx_exports; e != __stop_gx_exports; ++e) {
        const std::string_view name = e->Name;
        if (name.ends_with("ObjectType") || name.ends_with("ThreadType")) continue;  // data
        if (name.starts_with("__tsan_")) continue;  // calls that no source has, at any IRQL
        const ldr::IrqlRule* rule = ldr::irql_rule_of(name);
        ASSERT_NE(rule, nullptr) << name << " has no row in wdk/irql.tsv";
        EXPECT_EQ(ldr::find_export(name) != e->Address, rule->bounded()) << name;
    }
}

TEST_F(IrqlGateTest, arguments_and_results_pass_unchanged_also_when_it_is_told) {
    run_as_thread([&] {
        for (KIRQL irql : {KIRQL{PASSIVE_LEVEL}, KIRQL{DISPATCH_LEVEL}}) {
            const std::size_t expected = irql == PASSIVE_LEVEL ? 0 : 1;
            EXPECT_EQ(told("ZwClose", reinterpret_cast<const void*>(&sum_of_six), irql,
                           [](const void* gate) {
                               const auto sum = function_at<decltype(&sum_of_six)>(gate);
                               EXPECT_EQ(sum(1, 10, 100, 1000, 10000, 100000), 654321);
                           }),
                      expected);
            EXPECT_EQ(told("ZwOpenKey", reinterpret_cast<const void*>(&product), irql,
                           [](const void* gate) {
                               const auto multiply = function_at<decltype(&product)>(gate);
                               EXPECT_EQ(multiply(1.5, 4), 6);
                           }),
                      expected);
            EXPECT_EQ(told("ZwCreateKey", reinterpret_cast<const void*>(&sum_of), irql,
                           [](const void* gate) {
                               const auto sum = function_at<decltype(&sum_of)>(gate);
                               EXPECT_EQ(sum(8, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), 36);
                           }),
                      expected);
        }
    });
}

TEST_F(IrqlGateTest, outside_processors_everything_may_be_called) {
    machine();
    EXPECT_EQ(told("KeReleaseSpinLockFromDpcLevel", reinterpret_cast<const void*>(&nothing),
                   PASSIVE_LEVEL, [](const void* gate) { function_at<void (*)()>(gate)(); }),
              0u);
}

}  // namespace
}  // namespace gpioclx::kernel
