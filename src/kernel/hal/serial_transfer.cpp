#include "kernel/hal/serial_transfer.h"

#include <fmt/core.h>
#include <ext/gx_connection.h>
#include <ext/gx_export.h>

#include "kernel/ke/cost.h"
#include "kernel/ke/dpc.h"
#include "kernel/ke/irql.h"
#include "kernel/system.h"
#include "kernel/vf/fault_point.h"
#include "machine/arena.h"
#include "machine/witness.h"

namespace gpioclx::kernel::hal {
namespace {

constexpr std::uint64_t byte_bits_i2c = 9;  // with the acknowledge
constexpr std::uint64_t byte_bits_spi = 8;
constexpr std::uint64_t second_ns = 1'000'000'000;
constexpr std::uint64_t stuck_us = 100'000;  // longer than drivers wait

bool sound(const GX_SERIAL_TRANSFER& transfer) {
    if (transfer.Frequency == 0 || transfer.MessageCount == 0 || transfer.Messages == nullptr ||
        transfer.Done == nullptr || (transfer.FullDuplex && !transfer.Spi)) {
        return false;
    }
    for (ULONG i = 0; i < transfer.MessageCount; ++i) {
        const GX_SERIAL_MESSAGE& message = transfer.Messages[i];
        if (message.Length == 0 || message.Buffer == nullptr) return false;
        if (message.Continues && (i == 0 || message.Read != transfer.Messages[i - 1].Read))
            return false;
    }
    return true;
}

}  // namespace

SerialWire::SerialWire(SerialBus* bus, std::string_view device) : bus_(bus) {
    timer_.fired = &SerialWire::fired;
    timer_.context = this;
    timer_.name = machine::Machine::current().name(fmt::format("{} bus", device));
}

NTSTATUS SerialWire::start(GX_SERIAL_TRANSFER& transfer) {
    if (transfer_ != nullptr) return STATUS_DEVICE_BUSY;
    if (!sound(transfer)) return STATUS_INVALID_PARAMETER;
    machine::Machine& machine = machine::Machine::current();
    if (machine::Witness* witness = machine.witness()) witness->transfer_begins();
    transfer_ = &transfer;
    cursor_ = reading_ = {};
    outcome_ = GxSerialComplete;
    cancelled_ = false;
    fault_ = 0;
    spi_ = transfer.Spi;
    processor_ = machine.on_processor() ? machine.processor().index : 0;
    transfer.Outcome = GxSerialComplete;
    transfer.BytesTransferred = 0;
    if (vf::asks_about_faults()) fault_ = vf::fault("transfer", timer_.name, 3);
    schedule(Step::begin, 0, message().DelayInUs + (fault_ == 2 ? stuck_us : 0));
    return STATUS_SUCCESS;
}

bool SerialWire::cancel(const GX_SERIAL_TRANSFER& transfer) {
    if (transfer_ != &transfer) return false;
    cancelled_ = true;
    return true;
}

void SerialWire::release() {
    if (!selected_ || transfer_ != nullptr) return;
    selected_ = false;
    if (bus_ == nullptr) return;
    spi_ ? bus_->deselect() : bus_->stop();
}

void SerialWire::schedule(Step step, std::uint64_t bits, std::uint64_t delay_us) {
    step_ = step;
    machine::Machine& machine = machine::Machine::current();
    const std::uint64_t on_wire_ns =
        (bits * second_ns + transfer_->Frequency - 1) / transfer_->Frequency;
    machine.set_timer(timer_, machine.now_ns() + delay_us * 1000 + on_wire_ns);
}

void SerialWire::fired(void* self) { static_cast<SerialWire*>(self)->act(); }

void SerialWire::act() {
    if (cancelled_ && step_ != Step::end) return finish(GxSerialCancelled);
    switch (step_) {
        case Step::begin:
            if (fault_ != 0) return finish(spi_ ? GxSerialNotAccepted : GxSerialNoTarget);
            if (!spi_)
                return schedule(Step::address,
                                1 + byte_bits_i2c * (transfer_->TenBitAddress ? 2 : 1));
            if (!selected_ && bus_ != nullptr) bus_->select(transfer_->Address);
            selected_ = true;
            if (transfer_->FullDuplex) {
                while (cursor_.message < transfer_->MessageCount && message().Read)
                    ++cursor_.message;
                while (reading_.message < transfer_->MessageCount &&
                       !transfer_->Messages[reading_.message].Read) {
                    ++reading_.message;
                }
            }
            return schedule(Step::byte, byte_bits_spi);
        case Step::address: return act_on_address();
        case Step::byte: return transfer_->FullDuplex ? exchange_both() : act_on_byte();
        case Step::end: {
            if (!transfer_->KeepSelected || outcome_ != GxSerialComplete) {
                selected_ = false;
                if (bus_ != nullptr) spi_ ? bus_->deselect() : bus_->stop();
            }
            GX_SERIAL_TRANSFER& done = *transfer_;
            transfer_ = nullptr;
            done.Outcome = outcome_;
            ke::queue_dpc(*done.Done, nullptr, nullptr, processor_);
            return;
        }
    }
}

void SerialWire::act_on_address() {
    selected_ = true;
    const bool acknowledged =
        bus_ != nullptr && bus_->start(transfer_->Address, message().Read != FALSE);
    if (!acknowledged) return finish(GxSerialNoTarget);
    schedule(Step::byte, byte_bits_i2c);
}

void SerialWire::act_on_byte() {
    const GX_SERIAL_MESSAGE& now = message();
    UCHAR& byte = now.Buffer[cursor_.byte];
    if (spi_) {
        const UCHAR answer = bus_ != nullptr ? bus_->exchange(now.Read ? 0 : byte) : 0xFF;
        if (now.Read) byte = answer;
    } else if (now.Read) {
        byte = bus_->read();
    } else if (!bus_->write(byte)) {
        return finish(GxSerialNotAccepted);
    }
    ++transfer_->BytesTransferred;
    if (++cursor_.byte < now.Length)
        return schedule(Step::byte, spi_ ? byte_bits_spi : byte_bits_i2c);
    next_message();
}

void SerialWire::next_message() {
    cursor_.byte = 0;
    if (++cursor_.message >= transfer_->MessageCount) return finish(GxSerialComplete);
    const bool same = spi_ || message().Continues;
    if (same)
        return schedule(Step::byte, spi_ ? byte_bits_spi : byte_bits_i2c, message().DelayInUs);
    schedule(Step::begin, 0, message().DelayInUs);
}

// One byte each way at once; the shorter direction sends zeros or drops what comes.
void SerialWire::exchange_both() {
    const bool writes = cursor_.message < transfer_->MessageCount;
    const bool reads = reading_.message < transfer_->MessageCount;
    const UCHAR out = writes ? message().Buffer[cursor_.byte] : 0;
    const UCHAR in = bus_ != nullptr ? bus_->exchange(out) : 0xFF;
    if (reads) transfer_->Messages[reading_.message].Buffer[reading_.byte] = in;
    transfer_->BytesTransferred += (writes ? 1 : 0) + (reads ? 1 : 0);
    const bool more_out = writes && advance(cursor_, false);
    const bool more_in = reads && advance(reading_, true);
    if (more_out || more_in) return schedule(Step::byte, byte_bits_spi);
    finish(GxSerialComplete);
}

// To the next byte of that direction; false behind the last.
bool SerialWire::advance(Cursor& cursor, bool read) const {
    if (++cursor.byte < transfer_->Messages[cursor.message].Length) return true;
    cursor.byte = 0;
    do {
        ++cursor.message;
    } while (cursor.message < transfer_->MessageCount &&
             (transfer_->Messages[cursor.message].Read != FALSE) != read);
    return cursor.message < transfer_->MessageCount;
}

void SerialWire::finish(GX_SERIAL_OUTCOME outcome) {
    outcome_ = outcome;
    schedule(Step::end, 1);
}

void add_serial_bus(SerialBus& bus) { part<SerialWires>().buses[bus.device] = &bus; }

namespace {

SerialWire* wire_of(PDEVICE_OBJECT physical_device) {
    const PCSTR path = GxDevicePath(physical_device);
    if (path == nullptr) return nullptr;
    machine::ArenaScope inside;
    auto& all = part<SerialWires>();
    auto& wire = all.wires[path];
    if (wire == nullptr) {
        const auto bus = all.buses.find(path);
        wire = std::make_unique<SerialWire>(bus != all.buses.end() ? bus->second : nullptr, path);
    }
    return wire.get();
}

}  // namespace
}  // namespace gpioclx::kernel::hal

using namespace gpioclx::kernel;

extern "C" {

NTSTATUS GxStartSerialTransfer(PDEVICE_OBJECT PhysicalDevice, PGX_SERIAL_TRANSFER Transfer) {
    ke::charge();
    hal::SerialWire* wire = hal::wire_of(PhysicalDevice);
    return wire != nullptr ? wire->start(*Transfer) : STATUS_NO_SUCH_DEVICE;
}
GX_EXPORT_FUNCTION(GxStartSerialTransfer);

BOOLEAN GxCancelSerialTransfer(PDEVICE_OBJECT PhysicalDevice, PGX_SERIAL_TRANSFER Transfer) {
    ke::charge();
    hal::SerialWire* wire = hal::wire_of(PhysicalDevice);
    return wire != nullptr && wire->cancel(*Transfer);
}
GX_EXPORT_FUNCTION(GxCancelSerialTransfer);

VOID GxReleaseSerialBus(PDEVICE_OBJECT PhysicalDevice) {
    ke::charge();
    if (hal::SerialWire* wire = hal::wire_of(PhysicalDevice)) wire->release();
}
GX_EXPORT_FUNCTION(GxReleaseSerialBus);

}  // extern "C"
