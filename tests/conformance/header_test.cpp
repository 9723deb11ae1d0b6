// gpioclx.h itself: the types that clients declare their callbacks with, and the layout of what
// they are given (specification 2.3, 2.5).
#include <cstddef>

#include "callback_declarations.h"
#include "conformance_test.h"

namespace gpioclx::conformance {
namespace {

// A member stands right behind another one, as far as its alignment allows.
constexpr std::size_t behind(std::size_t offset, std::size_t size, std::size_t alignment) {
    return (offset + size + alignment - 1) / alignment * alignment;
}
#define FOLLOWS(type, first, second)                                                           \
    static_assert(offsetof(type, second) == behind(offsetof(type, first), sizeof(type::first), \
                                                   alignof(decltype(type::second))),           \
                  #type ": " #second " does not follow " #first)
#define STARTS(type, member) static_assert(offsetof(type, member) == 0, #type ": " #member)

STARTS(GPIO_CLIENT_REGISTRATION_PACKET, Version);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, Version, Size);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, Size, Flags);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, Flags, ControllerContextSize);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, ControllerContextSize, Reserved);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, Reserved, CLIENT_PrepareController);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_PrepareController, CLIENT_ReleaseController);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ReleaseController, CLIENT_StartController);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_StartController, CLIENT_StopController);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_StopController,
        CLIENT_QueryControllerBasicInformation);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_QueryControllerBasicInformation,
        CLIENT_QuerySetControllerInformation);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_QuerySetControllerInformation,
        CLIENT_EnableInterrupt);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_EnableInterrupt, CLIENT_DisableInterrupt);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_DisableInterrupt, CLIENT_UnmaskInterrupt);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_UnmaskInterrupt, CLIENT_MaskInterrupts);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_MaskInterrupts, CLIENT_QueryActiveInterrupts);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_QueryActiveInterrupts,
        CLIENT_ClearActiveInterrupts);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ClearActiveInterrupts, CLIENT_ConnectIoPins);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ConnectIoPins, CLIENT_DisconnectIoPins);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_DisconnectIoPins, CLIENT_ReadGpioPins);
static_assert(offsetof(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ReadGpioPins) ==
              offsetof(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ReadGpioPinsUsingMask));
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ReadGpioPins, CLIENT_WriteGpioPins);
static_assert(offsetof(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_WriteGpioPins) ==
              offsetof(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_WriteGpioPinsUsingMask));
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_WriteGpioPins, CLIENT_SaveBankHardwareContext);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_SaveBankHardwareContext,
        CLIENT_RestoreBankHardwareContext);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_RestoreBankHardwareContext,
        CLIENT_PreProcessControllerInterrupt);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_PreProcessControllerInterrupt,
        CLIENT_ControllerSpecificFunction);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ControllerSpecificFunction,
        CLIENT_ReconfigureInterrupt);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ReconfigureInterrupt,
        CLIENT_QueryEnabledInterrupts);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_QueryEnabledInterrupts,
        CLIENT_ConnectFunctionConfigPins);
FOLLOWS(GPIO_CLIENT_REGISTRATION_PACKET, CLIENT_ConnectFunctionConfigPins,
        CLIENT_DisconnectFunctionConfigPins);

STARTS(CLIENT_CONTROLLER_BASIC_INFORMATION, Version);
FOLLOWS(CLIENT_CONTROLLER_BASIC_INFORMATION, Version, Size);
FOLLOWS(CLIENT_CONTROLLER_BASIC_INFORMATION, Size, TotalPins);
FOLLOWS(CLIENT_CONTROLLER_BASIC_INFORMATION, TotalPins, NumberOfPinsPerBank);
FOLLOWS(CLIENT_CONTROLLER_BASIC_INFORMATION, NumberOfPinsPerBank, DeviceIdleTimeout);
FOLLOWS(CLIENT_CONTROLLER_BASIC_INFORMATION, DeviceIdleTimeout, Flags);

STARTS(GPIO_ENABLE_INTERRUPT_PARAMETERS, BankId);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, BankId, PinNumber);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, PinNumber, Flags);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, Flags, InterruptMode);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, InterruptMode, Polarity);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, Polarity, PullConfiguration);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, PullConfiguration, DebounceTimeout);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, DebounceTimeout, VendorData);
FOLLOWS(GPIO_ENABLE_INTERRUPT_PARAMETERS, VendorData, VendorDataLength);
STARTS(GPIO_DISABLE_INTERRUPT_PARAMETERS, BankId);
FOLLOWS(GPIO_DISABLE_INTERRUPT_PARAMETERS, BankId, PinNumber);
FOLLOWS(GPIO_DISABLE_INTERRUPT_PARAMETERS, PinNumber, Flags);
STARTS(GPIO_MASK_INTERRUPT_PARAMETERS, BankId);
FOLLOWS(GPIO_MASK_INTERRUPT_PARAMETERS, BankId, PinMask);
FOLLOWS(GPIO_MASK_INTERRUPT_PARAMETERS, PinMask, FailedMask);
STARTS(GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS, BankId);
FOLLOWS(GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS, BankId, EnabledMask);
FOLLOWS(GPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS, EnabledMask, ActiveMask);
STARTS(GPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS, BankId);
FOLLOWS(GPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS, BankId, ClearActiveMask);
FOLLOWS(GPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS, ClearActiveMask, FailedClearMask);
STARTS(GPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS, BankId);
FOLLOWS(GPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS, BankId, EnabledMask);
STARTS(GPIO_RECONFIGURE_INTERRUPTS_PARAMETERS, BankId);
FOLLOWS(GPIO_RECONFIGURE_INTERRUPTS_PARAMETERS, BankId, PinNumber);
FOLLOWS(GPIO_RECONFIGURE_INTERRUPTS_PARAMETERS, PinNumber, InterruptMode);
FOLLOWS(GPIO_RECONFIGURE_INTERRUPTS_PARAMETERS, InterruptMode, Polarity);
FOLLOWS(GPIO_RECONFIGURE_INTERRUPTS_PARAMETERS, Polarity, Flags);

STARTS(GPIO_CONNECT_IO_PINS_PARAMETERS, BankId);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, BankId, PinNumberTable);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, PinNumberTable, PinCount);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, PinCount, ConnectMode);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, ConnectMode, PullConfiguration);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, PullConfiguration, DebounceTimeout);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, DebounceTimeout, DriveStrength);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, DriveStrength, VendorData);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, VendorData, VendorDataLength);
FOLLOWS(GPIO_CONNECT_IO_PINS_PARAMETERS, VendorDataLength, ConnectFlags);
STARTS(GPIO_DISCONNECT_IO_PINS_PARAMETERS, BankId);
FOLLOWS(GPIO_DISCONNECT_IO_PINS_PARAMETERS, BankId, PinNumberTable);
FOLLOWS(GPIO_DISCONNECT_IO_PINS_PARAMETERS, PinNumberTable, PinCount);
FOLLOWS(GPIO_DISCONNECT_IO_PINS_PARAMETERS, PinCount, DisconnectMode);
FOLLOWS(GPIO_DISCONNECT_IO_PINS_PARAMETERS, DisconnectMode, DisconnectFlags);
STARTS(GPIO_READ_PINS_PARAMETERS, BankId);
FOLLOWS(GPIO_READ_PINS_PARAMETERS, BankId, PinNumberTable);
FOLLOWS(GPIO_READ_PINS_PARAMETERS, PinNumberTable, PinCount);
FOLLOWS(GPIO_READ_PINS_PARAMETERS, PinCount, Buffer);
FOLLOWS(GPIO_READ_PINS_PARAMETERS, Buffer, Flags);
FOLLOWS(GPIO_READ_PINS_PARAMETERS, Flags, Reserved);
STARTS(GPIO_READ_PINS_MASK_PARAMETERS, BankId);
FOLLOWS(GPIO_READ_PINS_MASK_PARAMETERS, BankId, PinValues);
FOLLOWS(GPIO_READ_PINS_MASK_PARAMETERS, PinValues, Flags);
FOLLOWS(GPIO_READ_PINS_MASK_PARAMETERS, Flags, Reserved);
STARTS(GPIO_WRITE_PINS_PARAMETERS, BankId);
FOLLOWS(GPIO_WRITE_PINS_PARAMETERS, BankId, PinNumberTable);
FOLLOWS(GPIO_WRITE_PINS_PARAMETERS, PinNumberTable, PinCount);
FOLLOWS(GPIO_WRITE_PINS_PARAMETERS, PinCount, Buffer);
FOLLOWS(GPIO_WRITE_PINS_PARAMETERS, Buffer, Flags);
FOLLOWS(GPIO_WRITE_PINS_PARAMETERS, Flags, Reserved);
STARTS(GPIO_WRITE_PINS_MASK_PARAMETERS, BankId);
FOLLOWS(GPIO_WRITE_PINS_MASK_PARAMETERS, BankId, SetMask);
FOLLOWS(GPIO_WRITE_PINS_MASK_PARAMETERS, SetMask, ClearMask);
FOLLOWS(GPIO_WRITE_PINS_MASK_PARAMETERS, ClearMask, Flags);
FOLLOWS(GPIO_WRITE_PINS_MASK_PARAMETERS, Flags, Reserved);

using Specific = GPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS;
STARTS(Specific, InputBuffer);
FOLLOWS(Specific, InputBuffer, InputBufferLength);
FOLLOWS(Specific, InputBufferLength, OutputBuffer);
FOLLOWS(Specific, OutputBuffer, OutputBufferLength);
FOLLOWS(Specific, OutputBufferLength, BytesWritten);
using SaveRestore = GPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS;
STARTS(SaveRestore, BankId);
FOLLOWS(SaveRestore, BankId, State);
FOLLOWS(SaveRestore, State, Flags);
using Input = CLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT;
STARTS(Input, RequestType);
FOLLOWS(Input, RequestType, Size);
FOLLOWS(Input, Size, Flags);
static_assert(offsetof(Input, BankPowerInformation) == offsetof(Input, BankInterruptBinding));
static_assert(offsetof(Input, BankPowerInformation) ==
              offsetof(Input, ControllerFunctionBankMapping));
using Output = CLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT;
STARTS(Output, Version);
FOLLOWS(Output, Version, Size);
static_assert(offsetof(Output, BankPowerInformation) == offsetof(Output, BankInterruptBinding));
static_assert(offsetof(Output, BankPowerInformation) ==
              offsetof(Output, ControllerFunctionBankMapping));

using Header = ConformanceTest;

// A driver reads and writes flags by name; here each bit stands where the specification has it.
TEST_F(Header, F17_bits_of_the_controllers_attributes) {
    CONTROLLER_ATTRIBUTE_FLAGS flags = {};
    const auto bit = [&](auto set) {
        flags.AsULONG = 0;
        set();
        return flags.AsULONG;
    };
    EXPECT_EQ(bit([&] { flags.MemoryMappedController = 1; }), 1u << 0);
    EXPECT_EQ(bit([&] { flags.ActiveInterruptsAutoClearOnRead = 1; }), 1u << 1);
    EXPECT_EQ(bit([&] { flags.FormatIoRequestsAsMasks = 1; }), 1u << 2);
    EXPECT_EQ(bit([&] { flags.DeviceIdlePowerMgmtSupported = 1; }), 1u << 3);
    EXPECT_EQ(bit([&] { flags.BankIdlePowerMgmtSupported = 1; }), 1u << 4);
    EXPECT_EQ(bit([&] { flags.EmulateDebouncing = 1; }), 1u << 5);
    EXPECT_EQ(bit([&] { flags.EmulateActiveBoth = 1; }), 1u << 6);
    EXPECT_EQ(bit([&] { flags.IndependentIoHwSupported = 1; }), 1u << 7);
    EXPECT_EQ(sizeof(flags), sizeof(ULONG));
}

TEST_F(Header, F17_flag_words_are_32_bits_with_their_flag_lowest) {
    GPIO_DISABLE_INTERRUPT_FLAGS disable = {};
    disable.RetryDisableOnFailure = 1;
    GPIO_DISCONNECT_IO_PINS_FLAGS disconnect = {};
    disconnect.PreserveConfiguration = 1;
    GPIO_READ_PINS_FLAGS read = {};
    read.WriteConfiguredPins = 1;
    GPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_FLAGS save = {};
    save.CriticalTransition = 1;
    for (ULONG value : {disable.AsULONG, disconnect.AsULONG, read.AsULONG, save.AsULONG})
        EXPECT_EQ(value, 1u);
    EXPECT_EQ(sizeof(disable) + sizeof(disconnect) + sizeof(read) + sizeof(save), 16u);
}

// Declared by its type in C and in C++, defined in C, put into a packet by both without a cast.
TEST_F(Header, F16_callbacks_declared_by_their_types_compile_as_C_and_as_Cxx) {
    client.packet = GxPacketMadeInC();
    EXPECT_EQ(client.packet.CLIENT_EnableInterrupt, &GxEnableInterrupt);
    EXPECT_EQ(client.packet.CLIENT_SaveBankHardwareContext, &GxSaveBankHardwareContext);
    client.packet.CLIENT_ReadGpioPins = &GxReadGpioPins;
    client.packet.CLIENT_WriteGpioPins = &GxWriteGpioPins;
    client.packet.CLIENT_ReadGpioPinsUsingMask = &GxReadGpioPinsUsingMask;
    client.packet.CLIENT_WriteGpioPinsUsingMask = &GxWriteGpioPinsUsingMask;
    expect_finding("V28");  // it registers, but it says nothing about its pins
    boot();
    EXPECT_EQ(client.registration, STATUS_SUCCESS);
    EXPECT_EQ(state(gpio.path), "failed");
}

}  // namespace
}  // namespace gpioclx::conformance
