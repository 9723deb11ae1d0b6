// The checks that GPIO_CLX_RegisterClient makes on a packet.
#include "client.h"

namespace gpioclx {
namespace {

using Packet = GPIO_CLIENT_REGISTRATION_PACKET;

// R28: which members each version of the packet has.
USHORT layout_size(USHORT version) {
    switch (version) {
        case 1: return FIELD_OFFSET(Packet, CLIENT_QueryEnabledInterrupts);
        case 2: return FIELD_OFFSET(Packet, CLIENT_ConnectFunctionConfigPins);
        case 3: return sizeof(Packet);
        default: return 0;
    }
}

// R2
bool has_mandatory(const Packet& p) {
    return p.CLIENT_PrepareController != nullptr &&
           p.CLIENT_QueryControllerBasicInformation != nullptr &&
           p.CLIENT_StartController != nullptr && p.CLIENT_StopController != nullptr &&
           p.CLIENT_ReleaseController != nullptr;
}

// R3-R5. The unions make one slot each of the two read and the two write callbacks.
bool io_is_complete(const Packet& p) {
    const bool connect = p.CLIENT_ConnectIoPins != nullptr;
    const bool disconnect = p.CLIENT_DisconnectIoPins != nullptr;
    const bool transfers = p.CLIENT_ReadGpioPins != nullptr || p.CLIENT_WriteGpioPins != nullptr;
    return connect == disconnect && connect == transfers;
}

// R6
bool interrupts_are_complete(const Packet& p) {
    const int present =
        (p.CLIENT_EnableInterrupt != nullptr) + (p.CLIENT_DisableInterrupt != nullptr) +
        (p.CLIENT_MaskInterrupts != nullptr) + (p.CLIENT_UnmaskInterrupt != nullptr) +
        (p.CLIENT_QueryActiveInterrupts != nullptr);
    return present == 0 || present == 5;
}

// R8, R9: callbacks that make sense only together.
bool pairs_are_complete(const Packet& p) {
    return (p.CLIENT_SaveBankHardwareContext != nullptr) ==
               (p.CLIENT_RestoreBankHardwareContext != nullptr) &&
           (p.CLIENT_ConnectFunctionConfigPins != nullptr) ==
               (p.CLIENT_DisconnectFunctionConfigPins != nullptr);
}

}  // namespace

bool has_interrupts(const Packet& packet) { return packet.CLIENT_EnableInterrupt != nullptr; }
bool has_io(const Packet& packet) { return packet.CLIENT_ConnectIoPins != nullptr; }

NTSTATUS check_registration_packet(const Packet& given, Packet& packet) {
    if (given.Version > GPIO_CLIENT_VERSION) return STATUS_GPIO_VERSION_NOT_SUPPORTED;  // R11
    const USHORT size = layout_size(given.Version);
    if (size == 0 || given.Size != size) return STATUS_GPIO_INVALID_REGISTRATION_PACKET;

    RtlZeroMemory(&packet, sizeof(packet));
    RtlCopyMemory(&packet, &given, size);  // R13
    if (packet.Flags != 0 || packet.Reserved != 0)
        return STATUS_GPIO_INVALID_REGISTRATION_PACKET;  // R12
    if (!has_mandatory(packet) || !io_is_complete(packet) || !interrupts_are_complete(packet) ||
        !pairs_are_complete(packet)) {
        return STATUS_GPIO_INVALID_REGISTRATION_PACKET;
    }
    return STATUS_SUCCESS;
}

}  // namespace gpioclx
