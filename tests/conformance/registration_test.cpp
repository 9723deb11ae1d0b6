// Registration of a client, the two calls in AddDevice, and the device context (rules R).
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>

#include "client_driver.h"
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Packet = GPIO_CLIENT_REGISTRATION_PACKET;

Packet minimal_packet() {
    const Packet all = full_packet();
    Packet p = {};
    p.Version = GPIO_CLIENT_VERSION;
    p.Size = sizeof(p);
    p.CLIENT_PrepareController = all.CLIENT_PrepareController;
    p.CLIENT_ReleaseController = all.CLIENT_ReleaseController;
    p.CLIENT_StartController = all.CLIENT_StartController;
    p.CLIENT_StopController = all.CLIENT_StopController;
    p.CLIENT_QueryControllerBasicInformation = all.CLIENT_QueryControllerBasicInformation;
    return p;
}

// A loaded driver that has not registered, with a device that the extension knows nothing of.
class Registration : public ConformanceTest {
  protected:
    void boot_unregistered() {
        client.on_entry = [](PUNICODE_STRING) { return STATUS_SUCCESS; };
        client.on_add = [](PWDFDEVICE_INIT init) {
            WDFDEVICE device;
            return WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
        };
        boot();
    }
    // GPIO_CLX_RegisterClient; the registration is taken back if it succeeded.
    NTSTATUS attempt(Packet packet) {
        NTSTATUS status = STATUS_PENDING;
        in_thread([&] {
            DECLARE_CONST_UNICODE_STRING(path, L"\\Registry\\Machine\\Client");
            UNICODE_STRING given = path;
            status = GPIO_CLX_RegisterClient(client.driver, &packet, &given);
            if (!NT_SUCCESS(status)) return;
            EXPECT_EQ(GPIO_CLX_UnregisterClient(client.driver), STATUS_SUCCESS);
        });
        return status;
    }
    template <typename Change>
    NTSTATUS attempt_with(Packet packet, Change change) {
        change(packet);
        return attempt(packet);
    }
};

constexpr NTSTATUS invalid = STATUS_GPIO_INVALID_REGISTRATION_PACKET;

TEST_F(Registration, F1_the_five_mandatory_callbacks_are_enough) {
    boot_unregistered();
    EXPECT_EQ(attempt(minimal_packet()), STATUS_SUCCESS);
    EXPECT_EQ(attempt(full_packet()), STATUS_SUCCESS);
}

TEST_F(Registration, F2_no_argument_may_be_NULL) {
    boot_unregistered();
    Packet packet = minimal_packet();
    in_thread([&] {
        DECLARE_CONST_UNICODE_STRING(path, L"\\Registry");
        UNICODE_STRING given = path;
        EXPECT_EQ(GPIO_CLX_RegisterClient(nullptr, &packet, &given), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(GPIO_CLX_RegisterClient(client.driver, nullptr, &given),
                  STATUS_INVALID_PARAMETER);
        EXPECT_EQ(GPIO_CLX_RegisterClient(client.driver, &packet, nullptr),
                  STATUS_INVALID_PARAMETER);
        EXPECT_EQ(GPIO_CLX_UnregisterClient(client.driver), STATUS_NOT_FOUND);
    });
}

TEST_F(Registration, F3_each_of_the_five_is_mandatory) {
    boot_unregistered();
    const Packet p = full_packet();
    EXPECT_EQ(attempt_with(p, [](Packet& q) { q.CLIENT_PrepareController = nullptr; }), invalid);
    EXPECT_EQ(attempt_with(p, [](Packet& q) { q.CLIENT_ReleaseController = nullptr; }), invalid);
    EXPECT_EQ(attempt_with(p, [](Packet& q) { q.CLIENT_StartController = nullptr; }), invalid);
    EXPECT_EQ(attempt_with(p, [](Packet& q) { q.CLIENT_StopController = nullptr; }), invalid);
    EXPECT_EQ(
        attempt_with(p, [](Packet& q) { q.CLIENT_QueryControllerBasicInformation = nullptr; }),
        invalid);
}

TEST_F(Registration, F4_connect_and_disconnect_come_together) {
    boot_unregistered();
    EXPECT_EQ(attempt_with(full_packet(), [](Packet& q) { q.CLIENT_ConnectIoPins = nullptr; }),
              invalid);
    EXPECT_EQ(attempt_with(full_packet(), [](Packet& q) { q.CLIENT_DisconnectIoPins = nullptr; }),
              invalid);
}

TEST_F(Registration, F5_connect_needs_a_read_or_a_write_slot) {
    boot_unregistered();
    const Packet p = full_packet();
    EXPECT_EQ(attempt_with(p,
                           [](Packet& q) {
                               q.CLIENT_ReadGpioPins = nullptr;
                               q.CLIENT_WriteGpioPins = nullptr;
                           }),
              invalid);
    EXPECT_EQ(attempt_with(p, [](Packet& q) { q.CLIENT_ReadGpioPins = nullptr; }), STATUS_SUCCESS);
    EXPECT_EQ(attempt_with(p, [](Packet& q) { q.CLIENT_WriteGpioPins = nullptr; }), STATUS_SUCCESS);
    // R5, the converse.
    EXPECT_EQ(attempt_with(minimal_packet(),
                           [&](Packet& q) { q.CLIENT_ReadGpioPins = p.CLIENT_ReadGpioPins; }),
              invalid);
}

TEST_F(Registration, F6_every_proper_part_of_the_interrupt_callbacks_is_refused) {
    boot_unregistered();
    const Packet all = full_packet();
    for (unsigned set = 1; set < 32; ++set) {
        Packet p = minimal_packet();
        if (set & 1) p.CLIENT_EnableInterrupt = all.CLIENT_EnableInterrupt;
        if (set & 2) p.CLIENT_DisableInterrupt = all.CLIENT_DisableInterrupt;
        if (set & 4) p.CLIENT_MaskInterrupts = all.CLIENT_MaskInterrupts;
        if (set & 8) p.CLIENT_UnmaskInterrupt = all.CLIENT_UnmaskInterrupt;
        if (set & 16) p.CLIENT_QueryActiveInterrupts = all.CLIENT_QueryActiveInterrupts;
        EXPECT_EQ(attempt(p), set == 31 ? STATUS_SUCCESS : invalid) << "set " << set;
    }
}

TEST_F(Registration, F7_save_and_restore_come_together) {
    boot_unregistered();
    EXPECT_EQ(attempt_with(full_packet(),
                           [](Packet& q) { q.CLIENT_RestoreBankHardwareContext = nullptr; }),
              invalid);
    EXPECT_EQ(
        attempt_with(full_packet(), [](Packet& q) { q.CLIENT_SaveBankHardwareContext = nullptr; }),
        invalid);
    EXPECT_EQ(attempt_with(full_packet(),
                           [](Packet& q) { q.CLIENT_ConnectFunctionConfigPins = nullptr; }),
              invalid);
}

TEST_F(Registration, F8_three_layouts_with_their_exact_sizes) {
    boot_unregistered();
    constexpr USHORT sizes[] = {GX_GPIO_CLIENT_PACKET_SIZE_1, GX_GPIO_CLIENT_PACKET_SIZE_2,
                                GX_GPIO_CLIENT_PACKET_SIZE_3};
    for (USHORT version = 1; version <= 3; ++version) {
        Packet p = full_packet();
        p.Version = version;
        p.Size = sizes[version - 1];
        EXPECT_EQ(attempt(p), STATUS_SUCCESS) << "version " << version;
        for (int off : {-1, 1}) {
            p.Size = static_cast<USHORT>(sizes[version - 1] + off);
            EXPECT_EQ(attempt(p), invalid) << "version " << version << " size " << p.Size;
        }
    }
    Packet p = full_packet();
    p.Version = 0;
    EXPECT_EQ(attempt(p), invalid);
    p.Version = 4;
    EXPECT_EQ(attempt(p), STATUS_GPIO_VERSION_NOT_SUPPORTED);
}

TEST_F(Registration, F8_flags_and_reserved_are_zero) {
    boot_unregistered();
    EXPECT_EQ(attempt_with(full_packet(), [](Packet& q) { q.Flags = 1; }), invalid);
    EXPECT_EQ(attempt_with(full_packet(), [](Packet& q) { q.Reserved = 1; }), invalid);
}

// R28: members behind the driver's layout are as if NULL, whatever stands in memory there.
TEST_F(Registration, F8_members_behind_the_layout_are_not_looked_at) {
    boot_unregistered();
    Packet p = full_packet();
    p.Version = 1;
    p.Size = GX_GPIO_CLIENT_PACKET_SIZE_1;
    p.CLIENT_ConnectFunctionConfigPins = nullptr;  // would be half a pair
    EXPECT_EQ(attempt(p), STATUS_SUCCESS);
}

TEST_F(Registration, F9_the_packet_is_copied) {
    client.on_entry = [this](PUNICODE_STRING path) {
        Packet packet = full_packet();
        client.registration = GPIO_CLX_RegisterClient(client.driver, &packet, path);
        std::memset(&packet, 0xCC, sizeof(packet));
        return client.registration;
    };
    keep_trace = true;
    boot();
    EXPECT_EQ(state(gpio.path), "started");
    EXPECT_EQ(trace.lifecycle(), "Prepare BasicInfo Start(FALSE, D3Final)");
}

TEST_F(Registration, F10_unregistering_twice) {
    boot_unregistered();
    Packet packet = full_packet();
    in_thread([&] {
        DECLARE_CONST_UNICODE_STRING(path, L"\\Registry");
        UNICODE_STRING given = path;
        ASSERT_EQ(GPIO_CLX_RegisterClient(client.driver, &packet, &given), STATUS_SUCCESS);
        // R15: the first registration stays.
        EXPECT_EQ(GPIO_CLX_RegisterClient(client.driver, &packet, &given),
                  STATUS_INVALID_PARAMETER);
        EXPECT_EQ(GPIO_CLX_UnregisterClient(client.driver), STATUS_SUCCESS);
        EXPECT_EQ(GPIO_CLX_UnregisterClient(client.driver), STATUS_NOT_FOUND);
    });
}

TEST_F(Registration, F10_unregistering_with_devices_is_reported_and_their_callbacks_stay) {
    expect_finding("V33");
    boot();
    in_thread([&] { EXPECT_EQ(GPIO_CLX_UnregisterClient(client.driver), STATUS_SUCCESS); });
    client.registration = STATUS_UNSUCCESSFUL;  // unload does not unregister again
    shut_down();
    EXPECT_EQ(trace.lifecycle(), "Stop(FALSE, D3Final) Release");
}

TEST_F(Registration, F11_add_device_calls_need_a_registered_client) {
    NTSTATUS before = STATUS_PENDING, after = STATUS_PENDING;
    client.on_entry = [](PUNICODE_STRING) { return STATUS_SUCCESS; };
    client.on_add = [&](PWDFDEVICE_INIT init) {
        WDF_OBJECT_ATTRIBUTES attributes;
        before = GPIO_CLX_ProcessAddDevicePreDeviceCreate(client.driver, init, &attributes);
        WDFDEVICE device;
        const NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
        after = GPIO_CLX_ProcessAddDevicePostDeviceCreate(client.driver, device);
        return status;
    };
    boot();
    EXPECT_EQ(before, STATUS_INVALID_PARAMETER);
    EXPECT_EQ(after, STATUS_INVALID_PARAMETER);
}

TEST_F(Registration, F11_post_without_pre) {
    expect_finding("V34");
    NTSTATUS post = STATUS_PENDING;
    client.on_add = [&](PWDFDEVICE_INIT init) {
        WDFDEVICE device;
        const NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
        post = GPIO_CLX_ProcessAddDevicePostDeviceCreate(client.driver, device);
        return status;
    };
    boot();
    EXPECT_EQ(post, STATUS_INVALID_PARAMETER);
}

TEST_F(Registration, F11_post_twice) {
    expect_finding("V34");
    boot();
    in_thread([&] {
        EXPECT_EQ(GPIO_CLX_ProcessAddDevicePostDeviceCreate(client.driver, gpio.device),
                  STATUS_INVALID_PARAMETER);
    });
    EXPECT_EQ(state(gpio.path), "started");
}

TEST_F(Registration, F12_attributes_are_output_only) {
    client.on_add = [&](PWDFDEVICE_INIT init) {
        WDF_OBJECT_ATTRIBUTES attributes;
        std::memset(&attributes, 0xA5, sizeof(attributes));
        NTSTATUS status =
            GPIO_CLX_ProcessAddDevicePreDeviceCreate(client.driver, init, &attributes);
        EXPECT_EQ(status, STATUS_SUCCESS);
        EXPECT_EQ(attributes.Size, sizeof(attributes));
        WDFDEVICE device;
        status = WdfDeviceCreate(&init, &attributes, &device);
        EXPECT_EQ(status, STATUS_SUCCESS);
        return GPIO_CLX_ProcessAddDevicePostDeviceCreate(client.driver, device);
    };
    boot();
    EXPECT_EQ(state(gpio.path), "started");
}

// A control device has no place in the firmware.
TEST_F(Registration, F13_a_device_without_a_place_in_the_firmware) {
    boot();
    NTSTATUS post = STATUS_PENDING;
    in_thread([&] {
        DECLARE_CONST_UNICODE_STRING(everybody, L"D:P(A;;GA;;;WD)");
        PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(client.driver, &everybody);
        ASSERT_NE(init, nullptr);
        DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\Nowhere");
        ASSERT_EQ(WdfDeviceInitAssignName(init, &name), STATUS_SUCCESS);
        WDF_OBJECT_ATTRIBUTES attributes;
        ASSERT_EQ(GPIO_CLX_ProcessAddDevicePreDeviceCreate(client.driver, init, &attributes),
                  STATUS_SUCCESS);
        WDFDEVICE device;
        ASSERT_EQ(WdfDeviceCreate(&init, &attributes, &device), STATUS_SUCCESS);
        post = GPIO_CLX_ProcessAddDevicePostDeviceCreate(client.driver, device);
        WdfObjectDelete(device);
    });
    EXPECT_EQ(post, STATUS_UNSUCCESSFUL);
}

TEST_F(Registration, F14_the_context_is_zeroed_ours_and_always_the_same) {
    client.packet.ControllerContextSize = 4000;
    bool zeroed = true;
    gpio.during[Callback::prepare] = [&](void*) {
        auto* bytes = static_cast<UCHAR*>(gpio.context);
        for (int i = 0; i < 4000; ++i) zeroed &= bytes[i] == 0;
        std::memset(bytes, 0x5A, 4000);
    };
    Peripheral& button = peripheral("BTN0", interrupt(5, Latched, InterruptRisingEdge), io({6}));
    keep_trace = true;
    boot();
    gpio.raise(5);
    button.open(GENERIC_READ).read(1);
    shut_down();
    EXPECT_TRUE(zeroed);
    EXPECT_EQ(reinterpret_cast<ULONG_PTR>(gpio.context) % 16, 0u);
    EXPECT_GE(trace.calls.size(), 10u);
    for (const Call& call : trace.calls) {
        if (call.is_isr) continue;
        EXPECT_EQ(call.context, gpio.context) << name_of(call.callback);
    }
}

TEST_F(Registration, F14_a_context_of_no_bytes_is_still_one_of_its_own) {
    client.packet.ControllerContextSize = 0;
    Controller& other = add_controller("\\_SB.GPI2", client);
    other.interrupts = {50};
    boot();
    EXPECT_NE(gpio.context, nullptr);
    EXPECT_NE(other.context, nullptr);
    EXPECT_NE(gpio.context, other.context);
}

TEST_F(Registration, F15_each_device_has_a_context_of_the_same_size) {
    client.packet.ControllerContextSize = 256;
    Controller& other = add_controller("\\_SB.GPI2", client);
    other.interrupts = {50};
    boot();
    ASSERT_NE(gpio.context, other.context);
    std::memset(gpio.context, 0x11, 256);
    std::memset(other.context, 0x22, 256);
    EXPECT_EQ(static_cast<UCHAR*>(gpio.context)[255], 0x11);
    EXPECT_EQ(static_cast<UCHAR*>(other.context)[0], 0x22);
}

TEST_F(Registration, the_four_functions_need_PASSIVE_LEVEL) {
    expect_finding("V20");
    boot();
    in_thread([&] {
        Packet packet = full_packet();
        DECLARE_CONST_UNICODE_STRING(path, L"\\Registry");
        UNICODE_STRING given = path;
        WDF_OBJECT_ATTRIBUTES attributes;
        KIRQL irql;
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        const NTSTATUS statuses[] = {
            GPIO_CLX_RegisterClient(client.driver, &packet, &given),
            GPIO_CLX_UnregisterClient(client.driver),
            GPIO_CLX_ProcessAddDevicePreDeviceCreate(client.driver, nullptr, &attributes),
            GPIO_CLX_ProcessAddDevicePostDeviceCreate(client.driver, gpio.device)};
        KeLowerIrql(irql);
        for (NTSTATUS status : statuses) EXPECT_FALSE(NT_SUCCESS(status));
    });
    EXPECT_EQ(finding_count("V20"), 4u);
}

}  // namespace
}  // namespace gpioclx::conformance
