// The controller-specific function (rules G20-G25, Q30-Q34).
#include <cstring>

#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Bytes = std::vector<UCHAR>;
using Parameters = GPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS;
constexpr ULONG code = IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION;

class ControllerFunction : public ConformanceTest {
  protected:
    Handle& open() {
        Peripheral& user = peripheral("USER", io({4}));
        boot();
        Handle& handle = user.open(GENERIC_READ);
        trace.clear();
        return handle;
    }
};

TEST_F(ControllerFunction, F141_without_the_callback_it_is_not_implemented) {
    client.packet.CLIENT_ControllerSpecificFunction = nullptr;
    const IoResult result = open().control(code, {1}, 1);
    EXPECT_EQ(result.status, STATUS_NOT_IMPLEMENTED);
    EXPECT_EQ(result.information, 0u);
}

TEST_F(ControllerFunction, F142_what_the_driver_wrote_comes_back) {
    gpio.instead[Callback::specific] = [](void* given) -> NTSTATUS {
        auto& p = *static_cast<Parameters*>(given);
        EXPECT_EQ(p.BytesWritten, 0u);  // Q33: preset
        const UCHAR asked = *static_cast<UCHAR*>(p.InputBuffer);
        std::memset(p.OutputBuffer, asked, 3);
        p.BytesWritten = 3;
        return STATUS_SUCCESS;
    };
    const IoResult result = open().control(code, {7, 8}, 4);
    EXPECT_EQ(result.status, STATUS_SUCCESS);
    EXPECT_EQ(result.information, 3u);
    EXPECT_EQ(result.data, (Bytes{7, 7, 7, 0xEE}));
    EXPECT_EQ(trace.full(),
              "GPIO ControllerSpecificFunction(in 2, out 4) irql 0, wait lock -> "
              "STATUS_SUCCESS\n");
}

TEST_F(ControllerFunction, F142_G24_a_buffer_without_length_is_NULL) {
    std::vector<std::pair<bool, bool>> seen;
    seen.reserve(3);
    gpio.instead[Callback::specific] = [&](void* given) -> NTSTATUS {
        auto& p = *static_cast<Parameters*>(given);
        seen.push_back({p.InputBuffer != nullptr, p.OutputBuffer != nullptr});
        return STATUS_SUCCESS;
    };
    Handle& handle = open();
    EXPECT_EQ(handle.control(code, {1}, 0).information, 0u);
    EXPECT_EQ(handle.control(code, {}, 1).information, 0u);
    EXPECT_EQ(handle.control(code).status, STATUS_SUCCESS);
    EXPECT_EQ(seen,
              (std::vector<std::pair<bool, bool>>{{true, false}, {false, true}, {false, false}}));
}

class FunctionBuffers : public ControllerFunction, public ::testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Aliased, FunctionBuffers, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Distinct, FunctionBuffers, ::testing::Values(true));

// A driver that writes its output before it has read all of its input: wrong on Windows.
TEST_P(FunctionBuffers, F142_G24_input_and_output_are_one_buffer_unless_the_bench_says_otherwise) {
    setting("distinct_function_buffers", GetParam());
    gpio.instead[Callback::specific] = [](void* given) -> NTSTATUS {
        auto& p = *static_cast<Parameters*>(given);
        auto* in = static_cast<UCHAR*>(p.InputBuffer);
        auto* out = static_cast<UCHAR*>(p.OutputBuffer);
        out[0] = 9;
        out[1] = in[0];
        p.BytesWritten = 2;
        return STATUS_SUCCESS;
    };
    EXPECT_EQ(open().control(code, {5, 6}, 2).data, GetParam() ? (Bytes{9, 5}) : (Bytes{9, 9}));
}

TEST_F(ControllerFunction, F143_the_drivers_refusals_arrive_unchanged) {
    Handle& handle = open();
    for (NTSTATUS status : {STATUS_NOT_SUPPORTED, STATUS_BUFFER_TOO_SMALL, STATUS_IO_TIMEOUT}) {
        gpio.instead[Callback::specific] = [status](void* given) {
            static_cast<Parameters*>(given)->BytesWritten = 1;
            return status;
        };
        const IoResult result = handle.control(code, {1}, 1);
        EXPECT_EQ(result.status, status);
        EXPECT_EQ(result.information, 0u);
        EXPECT_EQ(result.data, Bytes{0xEE});
    }
    EXPECT_EQ(bug_check().code, 0u);
}

TEST_F(ControllerFunction, F142_V27_more_written_than_there_is_room) {
    gpio.instead[Callback::specific] = [](void* given) -> NTSTATUS {
        static_cast<Parameters*>(given)->BytesWritten = 5;
        return STATUS_SUCCESS;
    };
    expect_finding("V27");
    EXPECT_EQ(open().control(code, {1}, 2).information, 2u);
}

}  // namespace
}  // namespace gpioclx::conformance
