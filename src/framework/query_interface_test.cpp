// Direct-call interfaces between drivers.
#include "framework/query_interface.h"

#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

struct Lamp {
    INTERFACE header;
    int (*brightness)();
};

constexpr GUID lamp_type = {0xA0B1C2D3, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
constexpr GUID other_type = {0xA0B1C2D4, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
int references = 0;

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDFDEVICE device;
    const NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
    if (!NT_SUCCESS(status)) return status;
    FrameworkTest::current->device = device;
    Lamp lamp{};
    lamp.header.Size = sizeof(Lamp);
    lamp.header.Version = 2;
    lamp.header.Context = &references;
    lamp.header.InterfaceReference = [](PVOID context) { ++*static_cast<int*>(context); };
    lamp.header.InterfaceDereference = [](PVOID context) { --*static_cast<int*>(context); };
    lamp.brightness = [] { return 42; };
    WDF_QUERY_INTERFACE_CONFIG config;
    WDF_QUERY_INTERFACE_CONFIG_INIT(&config, &lamp.header, &lamp_type, nullptr);
    EXPECT_EQ(WdfDeviceAddQueryInterface(device, &config), STATUS_SUCCESS);
    config.InterfaceType = nullptr;
    EXPECT_EQ(WdfDeviceAddQueryInterface(device, &config), STATUS_INVALID_PARAMETER);
    return STATUS_SUCCESS;
}

class QueryInterfaceTest : public FrameworkTest {
  protected:
    void started(std::function<void()> body) {
        references = 0;
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            body();
        });
    }
    NTSTATUS ask(const GUID& type, Lamp& lamp, USHORT size = sizeof(Lamp), USHORT version = 2) {
        return WdfFdoQueryForInterface(device, &type, &lamp.header, size, version, nullptr);
    }
};

TEST_F(QueryInterfaceTest, who_asks_gets_a_copy_with_a_reference) {
    started([&] {
        Lamp lamp{};
        ASSERT_EQ(ask(lamp_type, lamp), STATUS_SUCCESS);
        EXPECT_EQ(lamp.brightness(), 42);
        EXPECT_EQ(references, 1);
        lamp.header.InterfaceDereference(lamp.header.Context);
        EXPECT_EQ(references, 0);
    });
}

TEST_F(QueryInterfaceTest, what_does_not_fit_or_is_too_new_or_unknown_is_refused) {
    started([&] {
        Lamp lamp{};
        EXPECT_EQ(ask(lamp_type, lamp, sizeof(INTERFACE)), STATUS_INVALID_PARAMETER);
        // What this driver does not have is asked further down, where the test's bus agrees to all.
        ask(lamp_type, lamp, sizeof(Lamp), 3);
        EXPECT_EQ(lamp.brightness, nullptr);
        ask(other_type, lamp);
        EXPECT_EQ(lamp.brightness, nullptr);
        EXPECT_EQ(references, 0);
    });
}

// For interfaces that live as long as the driver.
TEST_F(QueryInterfaceTest, reference_functions_that_count_nothing_can_be_called) {
    run_as_thread([] {
        WdfDeviceInterfaceReferenceNoOp(nullptr);
        WdfDeviceInterfaceDereferenceNoOp(nullptr);
    });
    EXPECT_TRUE(findings().empty());
}

}  // namespace
}  // namespace gpioclx::framework
