// Transfers on serial buses: each byte acts on the chips at the moment when its last bit is on the
// wire, by an alarm of the machine; meanwhile everything else goes on.
#pragma once

#include <ext/gx_serial_bus.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "kernel/serial_bus.h"
#include "machine/machine.h"

namespace gpioclx::kernel::hal {

class SerialWire {
  public:
    // `bus` may be null: nobody answers.
    SerialWire(SerialBus* bus, std::string_view device);

    NTSTATUS start(GX_SERIAL_TRANSFER& transfer);
    bool cancel(const GX_SERIAL_TRANSFER& transfer);
    void release();

  private:
    enum class Step : std::uint8_t { begin, address, byte, end };
    // Where a transfer is in its messages.
    struct Cursor {
        ULONG message = 0;
        ULONG byte = 0;
    };

    static void fired(void* self);
    void act();
    void act_on_address();
    void act_on_byte();
    void exchange_both();
    void next_message();
    void finish(GX_SERIAL_OUTCOME outcome);
    void schedule(Step step, std::uint64_t bits, std::uint64_t delay_us = 0);
    bool advance(Cursor& cursor, bool read) const;
    const GX_SERIAL_MESSAGE& message() const { return transfer_->Messages[cursor_.message]; }

    SerialBus* bus_;
    machine::Timer timer_;
    GX_SERIAL_TRANSFER* transfer_ = nullptr;
    Step step_ = Step::begin;
    Cursor cursor_;   // of the message on the wire; full duplex: of what is written
    Cursor reading_;  // full duplex
    GX_SERIAL_OUTCOME outcome_ = GxSerialComplete;
    bool cancelled_ = false;
    std::size_t fault_ = 0;  // vf::fault: 1 nobody answers, 2 only after the bus was stuck
    bool selected_ = false;  // no stop since the last start or select
    bool spi_ = false;
    ULONG processor_ = 0;
};

struct SerialWires {
    std::map<std::string, SerialBus*, std::less<>> buses;  // by ACPI path of the controller
    std::map<std::string, std::unique_ptr<SerialWire>, std::less<>> wires;
};

void add_serial_bus(SerialBus& bus);

}  // namespace gpioclx::kernel::hal
