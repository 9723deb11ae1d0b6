// What the client says about its controller, and whether that can be (Q1-Q12).
#include "client_call.h"

namespace gpioclx {
namespace {

// The text for a report, or nullptr if the information is consistent with the packet.
const char* flaw_in(const CLIENT_CONTROLLER_BASIC_INFORMATION& information,
                    const GPIO_CLIENT_REGISTRATION_PACKET& packet) {
    const CONTROLLER_ATTRIBUTE_FLAGS& flags = information.Flags;
    if (information.Version != GPIO_CONTROLLER_BASIC_INFORMATION_VERSION)
        return "Version is not a known one";
    if (information.Size < sizeof(information)) return "Size is too small";
    if (information.TotalPins == 0) return "TotalPins is 0";
    if (information.NumberOfPinsPerBank == 0 ||
        information.NumberOfPinsPerBank > max_pins_per_bank) {
        return "NumberOfPinsPerBank is not in 1..64";  // Q6, B4
    }
    if (has_interrupts(packet) && !flags.ActiveInterruptsAutoClearOnRead &&
        packet.CLIENT_ClearActiveInterrupts == nullptr) {
        return "CLIENT_ClearActiveInterrupts is missing and ActiveInterruptsAutoClearOnRead is 0";  // Q8
    }
    if (flags.BankIdlePowerMgmtSupported && !flags.MemoryMappedController) {
        return "BankIdlePowerMgmtSupported needs MemoryMappedController";  // Q9
    }
    if (flags.BankIdlePowerMgmtSupported && packet.CLIENT_SaveBankHardwareContext == nullptr) {
        return "BankIdlePowerMgmtSupported needs the save and restore callbacks";  // Q9
    }
    if (flags.EmulateActiveBoth && packet.CLIENT_ReconfigureInterrupt == nullptr) {
        return "EmulateActiveBoth needs CLIENT_ReconfigureInterrupt";  // Q10
    }
    return nullptr;
}

// P8: pins have numbers in the system that stay.
bool has_changed(const Controller& controller,
                 const CLIENT_CONTROLLER_BASIC_INFORMATION& information) {
    const CLIENT_CONTROLLER_BASIC_INFORMATION& before = controller.information;
    if (before.TotalPins == 0) return false;
    const USHORT per_bank = information.NumberOfPinsPerBank > information.TotalPins
                                ? information.TotalPins
                                : information.NumberOfPinsPerBank;
    return information.TotalPins != before.TotalPins || per_bank != before.NumberOfPinsPerBank;
}

void warn(Controller& controller) {
    const CONTROLLER_ATTRIBUTE_FLAGS& flags = controller.information.Flags;
    if (flags.ActiveInterruptsAutoClearOnRead &&
        controller.packet().CLIENT_ClearActiveInterrupts != nullptr) {
        GxReportFinding("V37", controller.physical_device,
                        "CLIENT_ClearActiveInterrupts is never called, because "
                        "ActiveInterruptsAutoClearOnRead is set");
    }
    if (flags.EmulateDebouncing && controller.packet().CLIENT_ReconfigureInterrupt == nullptr) {
        log_warning(controller,  // I88
                    "debouncing is emulated without CLIENT_ReconfigureInterrupt: edges cannot be "
                    "debounced, levels only by masking");
    }
    if (flags.EmulateActiveBoth && !flags.MemoryMappedController) {
        log_warning(
            controller,  // I79
            "ActiveBoth interrupts of a serial controller: Windows wants memory-mapped ones, "
            "and its buttons and docks need them");
    }
    if (flags.Reserved != 0) {
        GxReportFinding("V28", controller.physical_device,
                        "reserved flags of the basic information are not zero: %x", flags.Reserved);
    }
}

}  // namespace

NTSTATUS query_basic_information(Controller& controller) {
    // The client's structure may be newer and larger than ours (Q2).
    union {
        CLIENT_CONTROLLER_BASIC_INFORMATION information;
        UCHAR room[128];
    } answer;
    RtlZeroMemory(&answer, sizeof(answer));
    const NTSTATUS status = call_setup(controller, "CLIENT_QueryControllerBasicInformation",
                                       controller.packet().CLIENT_QueryControllerBasicInformation,
                                       controller.context, &answer.information);
    if (!NT_SUCCESS(status)) return status;
    if (const char* flaw = flaw_in(answer.information, controller.packet())) {
        GxReportFinding("V28", controller.physical_device, "invalid basic information: %s", flaw);
        return STATUS_GPIO_CLIENT_INFORMATION_INVALID;
    }
    if (has_changed(controller, answer.information)) {
        GxReportFinding("V28", controller.physical_device,
                        "%u pins in banks of %u; before the restart there were %u in banks of %u",
                        answer.information.TotalPins, answer.information.NumberOfPinsPerBank,
                        controller.information.TotalPins,
                        controller.information.NumberOfPinsPerBank);
        return STATUS_GPIO_CLIENT_INFORMATION_INVALID;
    }
    controller.information = answer.information;
    if (controller.information.NumberOfPinsPerBank > controller.information.TotalPins) {
        controller.information.NumberOfPinsPerBank = controller.information.TotalPins;  // Q6
    }
    warn(controller);
    return create_banks(controller);
}

}  // namespace gpioclx
