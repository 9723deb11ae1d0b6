#include <acpiioct.h>

#include <cstring>

#include "test_driver_fixture.h"

namespace gpioclx::kernel {
namespace {

using pnp_test::FunctionDriver;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t code(NTSTATUS status) { return static_cast<std::uint32_t>(status); }

class EvaluateMethodTest : public PnpTest {
  protected:
    void SetUp() override {
        FunctionDriver::reset();
        firmware.add("\\_SB.GPIO", "TEST0001");
        install("all", "TEST0001", FunctionDriver::entry);
    }
    template <typename Input>
    Kernel::UserRequest& evaluate(const Input& input, std::uint32_t output_size,
                                  ULONG control = IOCTL_ACPI_EVAL_METHOD) {
        auto& file = open("\\_SB.GPIO");
        auto& r = request(Kernel::UserRequest::Operation::ioctl, file.handle);
        r.code = control;
        r.input.resize(sizeof(input));
        std::memcpy(r.input.data(), &input, sizeof(input));
        r.output_size = output_size;
        return carry_out(r);
    }
    static ACPI_EVAL_INPUT_BUFFER named(const char* method) {
        ACPI_EVAL_INPUT_BUFFER input{};
        input.Signature = ACPI_EVAL_INPUT_BUFFER_SIGNATURE;
        std::memcpy(input.MethodName, method, 4);
        return input;
    }
};

TEST_F(EvaluateMethodTest, an_integer_comes_back_as_one_argument) {
    firmware.methods["\\_SB.GPIO._STA"] = AcpiValue{std::uint64_t{15}};
    boot();
    auto& r = evaluate(named("_STA"), 64);
    EXPECT_EQ(r.status, 0u);
    const Bytes expected = {'A', 'e', 'o', 'B', 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 15, 0, 0, 0};
    EXPECT_EQ(r.output, expected);
}

TEST_F(EvaluateMethodTest, elements_of_a_package_are_the_results) {
    firmware.methods["\\_SB.GPIO.LIST"] = AcpiValue{
        std::vector<AcpiValue>{AcpiValue{std::uint64_t{1}}, AcpiValue{std::string("ab")}}};
    boot();
    auto& r = evaluate(named("LIST"), 64);
    ASSERT_EQ(r.status, 0u);
    EXPECT_EQ(r.output[8], 2);  // count
    const Bytes second(r.output.begin() + 20, r.output.end());
    EXPECT_EQ(second, (Bytes{1, 0, 3, 0, 'a', 'b', 0, 0}));
}

TEST_F(EvaluateMethodTest, a_short_buffer_gets_the_head_with_the_length_needed) {
    firmware.methods["\\_SB.GPIO.BUFF"] = AcpiValue{Bytes(40, 7)};
    boot();
    auto& r = evaluate(named("BUFF"), sizeof(ACPI_EVAL_OUTPUT_BUFFER));
    EXPECT_EQ(r.status, code(STATUS_BUFFER_OVERFLOW));
    ASSERT_GE(r.output.size(), 8u);
    EXPECT_EQ(r.output[4], 12 + 4 + 40);
    EXPECT_EQ(evaluate(named("BUFF"), 8).status, code(STATUS_BUFFER_TOO_SMALL));
}

TEST_F(EvaluateMethodTest, complex_arguments_arrive_in_order) {
    firmware.methods["\\_SB.GPIO._DSM"] = AcpiValue{std::uint64_t{0}};
    boot();
    struct {
        ULONG signature = ACPI_EVAL_INPUT_BUFFER_COMPLEX_SIGNATURE;
        UCHAR name[4] = {'_', 'D', 'S', 'M'};
        ULONG size = 8 + 8 + 12;
        ULONG count = 3;
        USHORT integer_head[2] = {ACPI_METHOD_ARGUMENT_INTEGER, 4};
        ULONG integer = 77;
        USHORT buffer_head[2] = {ACPI_METHOD_ARGUMENT_BUFFER, 2};
        UCHAR buffer[4] = {1, 2, 0, 0};
        USHORT package_head[2] = {ACPI_METHOD_ARGUMENT_PACKAGE, 8};
        USHORT element_head[2] = {ACPI_METHOD_ARGUMENT_INTEGER, 4};
        ULONG element = 5;
    } input;
    ASSERT_EQ(evaluate(input, 64).status, 0u);
    ASSERT_EQ(firmware.last_arguments.size(), 3u);
    EXPECT_EQ(std::get<std::uint64_t>(firmware.last_arguments[0].content), 77u);
    EXPECT_EQ(std::get<Bytes>(firmware.last_arguments[1].content), (Bytes{1, 2}));
    const auto& package = std::get<std::vector<AcpiValue>>(firmware.last_arguments[2].content);
    ASSERT_EQ(package.size(), 1u);
    EXPECT_EQ(std::get<std::uint64_t>(package[0].content), 5u);
    input.count = 4;  // more than the buffer holds
    EXPECT_EQ(evaluate(input, 64).status, code(STATUS_ACPI_INVALID_ARGTYPE));
}

TEST_F(EvaluateMethodTest, missing_methods_and_unknown_forms_are_told_apart) {
    boot();
    EXPECT_EQ(evaluate(named("NONE"), 64).status, code(STATUS_OBJECT_NAME_NOT_FOUND));
    auto wrong = named("_STA");
    wrong.Signature = 1;
    EXPECT_EQ(evaluate(wrong, 64).status, code(STATUS_INVALID_PARAMETER_1));
    EXPECT_EQ(evaluate(ULONG{0}, 64).status, code(STATUS_INFO_LENGTH_MISMATCH));
}

TEST_F(EvaluateMethodTest, the_asynchronous_form_completes_from_a_worker) {
    firmware.methods["\\_SB.GPIO._STA"] = AcpiValue{std::uint64_t{15}};
    boot();
    auto& r = evaluate(named("_STA"), 64, IOCTL_ACPI_ASYNC_EVAL_METHOD);
    EXPECT_EQ(r.status, 0u);
    EXPECT_EQ(r.output.size(), 20u);
}

}  // namespace
}  // namespace gpioclx::kernel
