// The life of a controller, its banks and its basic information (rules B, P, Q).
#include <cstring>

#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

using Banks = ConformanceTest;

struct Partition {
    USHORT pins, per_bank, banks, last_pin, last_bank, last_relative;
};

class BankCounts : public ConformanceTest, public ::testing::WithParamInterface<Partition> {};

// The number shows in how many banks the last pin's bank is away from the first.
TEST_P(BankCounts, F18_F19_pins_are_cut_into_banks) {
    const Partition& p = GetParam();
    gpio.banks(p.pins, p.per_bank);
    Peripheral& last = peripheral("LAST", io({p.last_pin}));
    Peripheral& beyond = peripheral("BEYD", io({p.pins}));
    boot();
    EXPECT_EQ(extension(gpio).bank_count(), p.banks);
    ASSERT_EQ(last.open(GENERIC_READ).status, STATUS_SUCCESS);
    EXPECT_EQ(trace.last(Callback::connect).bank, p.last_bank);
    EXPECT_EQ(trace.last(Callback::connect).pins, std::vector<USHORT>{p.last_relative});
    EXPECT_EQ(beyond.open(GENERIC_READ).status, STATUS_INVALID_PARAMETER);
}
INSTANTIATE_TEST_SUITE_P(All, BankCounts,
                         ::testing::Values(Partition{128, 32, 4, 127, 3, 31},
                                           Partition{100, 32, 4, 99, 3, 3},
                                           Partition{64, 64, 1, 63, 0, 63},
                                           Partition{65, 64, 2, 64, 1, 0}),
                         [](const auto& info) {
                             return std::to_string(info.param.pins) + "_in_banks_of_" +
                                    std::to_string(info.param.per_bank);
                         });

TEST_F(Banks, F19_a_pin_behind_the_last_is_no_interrupt) {
    gpio.banks(100, 32);
    Peripheral& beyond = peripheral("BEYD", interrupt(100, Latched, InterruptRisingEdge));
    beyond.make_by_hand();
    boot();
    EXPECT_EQ(beyond.connect(), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(trace.compact(), "");
}

// B3, B7: bit 8 of the second bank of 40 pins is no pin, though banks have room for 32.
TEST_F(Banks, F18_the_last_bank_has_the_rest_of_the_pins) {
    gpio.banks(40, 32);
    peripheral("DEV0", interrupt(39, Latched, InterruptRisingEdge));
    gpio.after[Callback::query_active] = [](void* p) {
        auto& parameters = *static_cast<GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS*>(p);
        parameters.ActiveMask |= 1u << 8;
    };
    expect_finding("V22");
    boot();
    gpio.raise(39);
    EXPECT_EQ(trace.last(Callback::clear).mask, 0x80u);
    EXPECT_EQ(trace.isr_count(), 1u);
}

TEST_F(Banks, F20_a_bank_has_64_pins_at_most) {
    gpio.banks(65, 65);
    expect_finding("V28");
    boot();
    EXPECT_EQ(state(gpio.path), "failed");
    EXPECT_EQ(device(gpio.path).status,
              static_cast<std::uint32_t>(STATUS_GPIO_CLIENT_INFORMATION_INVALID));
}

TEST_F(Banks, F21_callbacks_know_pins_by_their_number_in_the_bank) {
    gpio.banks(64, 32);
    Peripheral& led = peripheral("LED0", io({40}), interrupt(40, Latched, InterruptRisingEdge));
    led.make_by_hand();
    boot();
    ASSERT_EQ(led.connect(), STATUS_SUCCESS);
    EXPECT_EQ(trace.last(Callback::enable).arguments,
              "bank 1 pin 8, edge, high, pull 0, debounce 0");
    led.disconnect();
    ASSERT_EQ(led.open(GENERIC_READ).status, STATUS_SUCCESS);
    EXPECT_EQ(trace.last(Callback::connect).bank, 1u);
    EXPECT_EQ(trace.last(Callback::connect).pins, std::vector<USHORT>{8});
}

TEST_F(Banks, F22_F23_order_of_start_and_final_stop) {
    add_query_set(client.packet);
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.lifecycle(), "Prepare BasicInfo QuerySet(binding) Start(FALSE, D3Final)");
    trace.clear();
    shut_down();
    EXPECT_EQ(trace.lifecycle(), "Stop(FALSE, D3Final) Release");
}

TEST_F(Banks, F22_power_information_is_asked_for_each_bank_before_the_start) {
    gpio.banks(64, 32);
    gpio.information.Flags.BankIdlePowerMgmtSupported = 1;
    add_query_set(client.packet);
    std::vector<BANK_ID> asked;
    asked.reserve(4);
    gpio.instead[Callback::query_set] = [&](void* p) -> NTSTATUS {
        auto& request = *static_cast<QuerySetRequest*>(p);
        if (request.input->RequestType != QueryBankPowerInformation) return STATUS_NOT_SUPPORTED;
        asked.push_back(request.input->BankPowerInformation.BankId);
        request.output->Size = sizeof(*request.output);
        return STATUS_SUCCESS;
    };
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.lifecycle(),
              "Prepare BasicInfo QuerySet(power) QuerySet(power) QuerySet(binding) "
              "Start(FALSE, D3Final)");
    EXPECT_EQ(asked, (std::vector<BANK_ID>{0, 1}));
}

TEST_F(Banks, F24_a_failed_prepare_is_released_and_never_started) {
    gpio.fail(Callback::prepare, STATUS_INSUFFICIENT_RESOURCES);
    keep_trace = true;
    boot();
    EXPECT_EQ(device(gpio.path).status, static_cast<std::uint32_t>(STATUS_INSUFFICIENT_RESOURCES));
    EXPECT_EQ(trace.lifecycle(), "Prepare Release");
}

TEST_F(Banks, F25_a_failed_start_is_released_and_never_stopped) {
    gpio.fail(Callback::start, STATUS_IO_DEVICE_ERROR);
    keep_trace = true;
    boot();
    EXPECT_EQ(state(gpio.path), "failed");
    EXPECT_EQ(trace.lifecycle(), "Prepare BasicInfo Start(FALSE, D3Final) Release");
}

TEST_F(Banks, F26_the_primary_interrupt_is_connected_after_the_start) {
    gpio.during[Callback::start] = [&](void*) {
        gpio.raise_primary();
        KeStallExecutionProcessor(50);
        EXPECT_EQ(trace.count(Callback::query_active), 0u);
    };
    gpio.after[Callback::query_active] = [&](void*) { gpio.lower_primary(); };
    keep_trace = true;
    boot();
    EXPECT_EQ(trace.compact({.setup = true}), "Prepare BasicInfo Start ; [Q]");
}

TEST_F(Banks, F26_the_primary_interrupt_is_disconnected_before_the_stop) {
    gpio.during[Callback::stop] = [&](void*) {
        gpio.raise_primary();
        KeStallExecutionProcessor(50);
    };
    boot();
    shut_down();
    EXPECT_EQ(trace.count(Callback::query_active), 0u);
}

TEST_F(Banks, F27_prepare_sees_all_resources_in_one_order) {
    gpio.banks(64, 32);
    boot();
    ASSERT_EQ(gpio.raw.size(), 3u);
    ASSERT_EQ(gpio.translated.size(), 3u);
    constexpr UCHAR types[] = {CmResourceTypeMemory, CmResourceTypeInterrupt,
                               CmResourceTypeInterrupt};
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(gpio.raw[i].Type, types[i]);
        EXPECT_EQ(gpio.translated[i].Type, types[i]);
    }
    EXPECT_EQ(gpio.translated[1].u.Interrupt.Vector, 40u);
    EXPECT_EQ(gpio.translated[2].u.Interrupt.Vector, 41u);
}

BOOLEAN own_service_routine(WDFINTERRUPT, ULONG) { return FALSE; }

TEST_F(Banks, F28_a_driver_that_connects_the_primary_interrupt_itself) {
    expect_finding("V30");
    client.on_add = [&](PWDFDEVICE_INIT init) {
        WDF_OBJECT_ATTRIBUTES attributes;
        GPIO_CLX_ProcessAddDevicePreDeviceCreate(client.driver, init, &attributes);
        WDFDEVICE device;
        WdfDeviceCreate(&init, &attributes, &device);
        WDF_INTERRUPT_CONFIG config;
        WDF_INTERRUPT_CONFIG_INIT(&config, &own_service_routine, nullptr);
        WDFINTERRUPT interrupt;
        EXPECT_EQ(WdfInterruptCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &interrupt),
                  STATUS_SUCCESS);
        return GPIO_CLX_ProcessAddDevicePostDeviceCreate(client.driver, device);
    };
    boot();
}

TEST_F(Banks, F29_the_buffer_of_the_basic_information_is_zeroed) {
    bool zeroed = false;
    gpio.during[Callback::basic_information] = [&](void* p) {
        const CLIENT_CONTROLLER_BASIC_INFORMATION nothing = {};
        zeroed = std::memcmp(p, &nothing, sizeof(nothing)) == 0;
    };
    boot();
    EXPECT_TRUE(zeroed);
    EXPECT_EQ(state(gpio.path), "started");
}

// Each change to the information or the packet fails the start (Q5-Q10).
struct Flaw {
    const char* name;
    void (*make)(CLIENT_CONTROLLER_BASIC_INFORMATION&, GPIO_CLIENT_REGISTRATION_PACKET&);
};

class InvalidInformation : public ConformanceTest, public ::testing::WithParamInterface<Flaw> {};

using Info = CLIENT_CONTROLLER_BASIC_INFORMATION;
using Packet = GPIO_CLIENT_REGISTRATION_PACKET;
constexpr Flaw version{"F29_unknown_version", [](Info& i, Packet&) { i.Version = 9; }};
constexpr Flaw size{"F29_too_small", [](Info& i, Packet&) { i.Size = sizeof(i) - 1; }};
constexpr Flaw no_pins{"F29_no_pins", [](Info& i, Packet&) { i.TotalPins = 0; }};
constexpr Flaw empty_banks{"F29_empty_banks", [](Info& i, Packet&) { i.NumberOfPinsPerBank = 0; }};
constexpr Flaw no_clear{"F30_no_clear_callback",
                        [](Info&, Packet& p) { p.CLIENT_ClearActiveInterrupts = nullptr; }};
constexpr Flaw serial_idle{"F31_bank_idle_of_a_serial_controller", [](Info& i, Packet&) {
                               i.Flags.MemoryMappedController = 0;
                               i.Flags.BankIdlePowerMgmtSupported = 1;
                           }};
constexpr Flaw no_save{"F32_bank_idle_without_save_and_restore", [](Info& i, Packet& p) {
                           i.Flags.BankIdlePowerMgmtSupported = 1;
                           p.CLIENT_SaveBankHardwareContext = nullptr;
                           p.CLIENT_RestoreBankHardwareContext = nullptr;
                       }};
constexpr Flaw no_reconfigure{"F33_emulation_without_reconfigure", [](Info& i, Packet& p) {
                                  i.Flags.EmulateActiveBoth = 1;
                                  p.CLIENT_ReconfigureInterrupt = nullptr;
                              }};

TEST_P(InvalidInformation, F29_F30_F31_F32_F33_fails_the_start) {
    GetParam().make(gpio.information, client.packet);
    expect_finding("V28");
    keep_trace = true;
    boot();
    EXPECT_EQ(device(gpio.path).status,
              static_cast<std::uint32_t>(STATUS_GPIO_CLIENT_INFORMATION_INVALID));
    EXPECT_EQ(trace.lifecycle(), "Prepare BasicInfo Release");
}
INSTANTIATE_TEST_SUITE_P(All, InvalidInformation,
                         ::testing::Values(version, size, no_pins, empty_banks, no_clear,
                                           serial_idle, no_save, no_reconfigure),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_F(Banks, F29_more_pins_in_a_bank_than_there_are_is_one_bank) {
    gpio.banks(10, 32);
    boot();
    EXPECT_EQ(extension(gpio).bank_count(), 1u);
    EXPECT_EQ(state(gpio.path), "started");
}

TEST_F(Banks, F30_an_auto_clearing_controller_needs_no_clear_callback) {
    gpio.information.Flags.ActiveInterruptsAutoClearOnRead = 1;
    client.packet.CLIENT_ClearActiveInterrupts = nullptr;
    boot();
    EXPECT_EQ(state(gpio.path), "started");
}

TEST_F(Banks, F30_a_clear_callback_that_is_never_called_is_reported) {
    gpio.information.Flags.ActiveInterruptsAutoClearOnRead = 1;
    expect_finding("V37");
    boot();
    EXPECT_EQ(state(gpio.path), "started");
}

TEST_F(Banks, F145_a_driver_that_supports_no_query_gets_the_defaults) {
    gpio.banks(64, 32);
    gpio.information.Flags.BankIdlePowerMgmtSupported = 1;
    add_query_set(client.packet);  // answers STATUS_NOT_SUPPORTED
    peripheral("BTN0", interrupt(40, Latched, InterruptRisingEdge));
    boot();
    gpio.raise(40);
    EXPECT_EQ(trace.isr_count(), 1u);
    EXPECT_FALSE(extension(gpio).has_f1(0));
}

TEST_F(Banks, F145_another_failure_of_a_query_fails_the_start) {
    add_query_set(client.packet);
    gpio.fail(Callback::query_set, STATUS_IO_DEVICE_ERROR);
    boot();
    EXPECT_EQ(device(gpio.path).status, static_cast<std::uint32_t>(STATUS_IO_DEVICE_ERROR));
}

using Output = CLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT;
constexpr USHORT binding_size(ULONG banks) {
    return static_cast<USHORT>(FIELD_OFFSET(Output, BankInterruptBinding.ResourceMapping) +
                               banks * sizeof(ULONG));
}

TEST_F(Banks, F146_the_size_on_entry_covers_the_array) {
    gpio.banks(512, 32);  // 16 banks
    add_query_set(client.packet);
    USHORT size = 0, input_size = 0;
    ULONG flags = 99;
    gpio.during[Callback::query_set] = [&](void* p) {
        auto& request = *static_cast<QuerySetRequest*>(p);
        size = request.output->Size;
        input_size = request.input->Size;
        flags = request.input->Flags;
        EXPECT_EQ(request.input->BankInterruptBinding.TotalBanks, 16);
    };
    boot();
    EXPECT_GE(size, binding_size(16));
    EXPECT_EQ(input_size, sizeof(CLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT));
    EXPECT_EQ(flags, 0u);
}

TEST_F(Banks, F146_a_too_small_buffer_is_replaced_once) {
    gpio.banks(64, 32);
    add_query_set(client.packet);
    std::vector<USHORT> sizes;
    sizes.reserve(8);
    gpio.instead[Callback::query_set] = [&](void* p) -> NTSTATUS {
        auto& request = *static_cast<QuerySetRequest*>(p);
        sizes.push_back(request.output->Size);
        request.output->Size = static_cast<USHORT>(request.output->Size + 100);
        return STATUS_BUFFER_TOO_SMALL;
    };
    boot();
    ASSERT_EQ(sizes.size(), 2u);
    EXPECT_EQ(sizes[1], sizes[0] + 100);
    EXPECT_EQ(device(gpio.path).status, static_cast<std::uint32_t>(STATUS_BUFFER_TOO_SMALL));
}

TEST_F(Banks, F146_an_answer_that_is_shorter_than_the_array_is_reported) {
    expect_finding("V29");
    gpio.banks(64, 32);
    add_query_set(client.packet);
    gpio.instead[Callback::query_set] = [&](void* p) -> NTSTATUS {
        static_cast<QuerySetRequest*>(p)->output->Size = binding_size(1);
        return STATUS_SUCCESS;
    };
    boot();
    EXPECT_EQ(state(gpio.path), "failed");
}

}  // namespace
}  // namespace gpioclx::conformance
