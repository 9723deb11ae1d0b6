#include "diagnostics/function_name.h"

#include <gtest/gtest.h>

namespace gpioclx {
namespace {

TEST(FunctionName, of_a_template_in_an_anonymous_namespace) {
    EXPECT_EQ(
        short_function_name("int gpioclx::(anonymous namespace)::transfer<int (void*, "
                            "Block*), Block>(Segment&, int (*)(void*, Block*), Block const&)"),
        "gpioclx::transfer");
}

TEST(FunctionName, of_methods_and_of_C_functions) {
    EXPECT_EQ(short_function_name("Machine::step(unsigned long) const"), "Machine::step");
    EXPECT_EQ(short_function_name("LedEvtIoWrite"), "LedEvtIoWrite");
    EXPECT_EQ(short_function_name("??"), "??");
    EXPECT_EQ(short_function_name(""), "");
}

TEST(FunctionName, of_operators_stays) {
    EXPECT_EQ(short_function_name("Pin::operator()(int)"), "Pin::operator()(int)");
}

}  // namespace
}  // namespace gpioclx
