#include <reshub.h>

#include <cstring>

#include "test_driver_fixture.h"

namespace gpioclx::kernel {
namespace {

using pnp_test::FunctionDriver;

class ResourceHubTest : public PnpTest {
  protected:
    void SetUp() override {
        FunctionDriver::reset();
        firmware.add("\\_SB.GPIO", "TEST0001");
        firmware.add("\\_SB.LED0", "TEST0001").needs = {"\\_SB.GPIO"};
        firmware.assigned["\\_SB.LED0"] = {
            GpioIoResource{.controller = "\\_SB.GPIO", .pins = {10}, .vendor_data = {}},
            SerialBusResource{
                .controller = "\\_SB.GPIO", .bus_type = 1, .descriptor = {0x8e, 2, 0, 1, 2}}};
        install("all", "TEST0001", FunctionDriver::entry);
    }
    std::uint32_t status_of_open(const std::string& name) { return open(name).status; }
};

constexpr std::uint32_t code(NTSTATUS status) { return static_cast<std::uint32_t>(status); }

TEST_F(ResourceHubTest, H7_opening_an_id_reaches_the_controller_in_both_forms_and_any_case) {
    boot();
    EXPECT_EQ(status_of_open("\\Device\\RESOURCE_HUB\\0000000000000001"), 0u);
    EXPECT_EQ(status_of_open("\\\\.\\resource_hub\\0000000000000001"), 0u);
    EXPECT_EQ(FunctionDriver::opens, 2);
    EXPECT_EQ(FunctionDriver::opened_names, (std::vector<std::string>(2, "\\0000000000000001")));
}

TEST_F(ResourceHubTest, H8_an_unknown_id_is_not_found_and_a_malformed_name_is_told) {
    boot();
    EXPECT_EQ(status_of_open("\\Device\\RESOURCE_HUB\\0000000000000099"), code(STATUS_NOT_FOUND));
    EXPECT_EQ(status_of_open("\\Device\\RESOURCE_HUB\\0000000000000000"), code(STATUS_NOT_FOUND));
    EXPECT_EQ(status_of_open("\\Device\\RESOURCE_HUB\\1"), code(STATUS_OBJECT_NAME_INVALID));
    EXPECT_EQ(status_of_open("\\Device\\RESOURCE_HUB\\000000000000000g"),
              code(STATUS_OBJECT_NAME_INVALID));
}

TEST_F(ResourceHubTest, H9_a_controller_that_has_not_started_is_not_ready) {
    boot();
    ASSERT_TRUE(kernel->remove_device("\\_SB.GPIO", false).ok());
    run();
    EXPECT_EQ(status_of_open("\\Device\\RESOURCE_HUB\\0000000000000001"),
              code(STATUS_DEVICE_NOT_READY));
}

TEST_F(ResourceHubTest, properties_are_the_descriptor_of_a_serial_connection) {
    boot();
    auto& hub = open("\\Device\\RESOURCE_HUB");
    ASSERT_EQ(hub.status, 0u);
    RH_QUERY_CONNECTION_PROPERTIES_INPUT_BUFFER query{};
    query.Version = RH_QUERY_CONNECTION_PROPERTIES_INPUT_VERSION;
    query.QueryType = ConnectionIdType;
    const auto ask = [&](LONGLONG id, std::uint32_t output_size) -> Kernel::UserRequest& {
        query.u.ConnectionId.QuadPart = id;
        auto& r = request(Kernel::UserRequest::Operation::ioctl, hub.handle);
        r.code = IOCTL_RH_QUERY_CONNECTION_PROPERTIES;
        r.input.resize(sizeof(query));
        std::memcpy(r.input.data(), &query, sizeof(query));
        r.output_size = output_size;
        return carry_out(r);
    };
    auto& answer = ask(2, 64);
    EXPECT_EQ(answer.status, 0u);
    EXPECT_EQ(answer.output, (std::vector<std::uint8_t>{1, 0, 0, 0, 5, 0, 0, 0, 0x8e, 2, 0, 1, 2}));
    EXPECT_EQ(ask(2, 8).status, code(STATUS_BUFFER_OVERFLOW));
    EXPECT_EQ(ask(2, 4).status, code(STATUS_BUFFER_TOO_SMALL));
    EXPECT_EQ(ask(1, 64).status, code(STATUS_NOT_SUPPORTED));
    EXPECT_EQ(ask(7, 64).status, code(STATUS_NOT_FOUND));
}

}  // namespace
}  // namespace gpioclx::kernel
