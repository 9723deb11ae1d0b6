// The GPIO block of an imaginary Super I/O chip: what a register map cannot say.
//
// - Its registers stand behind an index and a data port, and are hidden until a key is written.
// - An output changes some time after it was written; the chip is busy meanwhile.
//
// Offset 0: INDEX (write only). Writing 0x87 twice opens the configuration, 0xAA closes it.
// Offset 1: DATA, the register that INDEX names, while the configuration is open; else reads 0xFF.
// Offset 2: STATUS (read only). Bit 0: busy with moving outputs.
//
// Behind INDEX, one bit a pin: 0x10 DIRECTION (1 output), 0x11 OUTPUT, 0x12 INPUT (read only),
// 0x13 EDGE_ENABLE (both edges), 0x14 EDGE_STATUS (write 1 to clear). IRQ is on while an enabled
// bit of EDGE_STATUS is 1.
#include <gpioclx/model.h>

#include <cstdlib>

using gpioclx::model::Drive;
using gpioclx::model::Host;
using gpioclx::model::Level;
using gpioclx::model::Report;

namespace {

constexpr unsigned pin_count = 8;
constexpr std::uint8_t key = 0x87;
constexpr std::uint8_t lock = 0xAA;
enum Port : std::uint64_t { port_index, port_data, port_status };
enum Register : std::uint8_t {
    register_direction = 0x10,
    register_output,
    register_input,
    register_edge_enable,
    register_edge_status,
};

class SuperIo final : public gpioclx::model::Model {
  public:
    static GxModelDescription describe() {
        static const char* const outputs[] = {"IRQ"};
        static const GxModelProperty properties[] = {
            {"settle_us", "2", "how long outputs take to move"}};
        return {"GPIO of an imaginary Super I/O chip", pin_count, 3, outputs, 1, properties, 1};
    }

    explicit SuperIo(const Host& host) : Model(host) {
        settle_ns_ = std::strtoull(this->host.property("settle_us"), nullptr, 10) * 1000;
    }

    void reset(bool) override {
        index_ = keys_ = 0;
        open_ = busy_ = false;
        direction_ = output_ = moved_ = edge_enable_ = edge_status_ = input_ = 0;
        for (unsigned pin = 0; pin < pin_count; ++pin) {
            host.drive(pin, Drive::off);
            if (host.level(pin) == Level::high) input_ |= 1u << pin;
        }
        update_interrupt();
    }

    const char* register_name(std::uint64_t offset) const override {
        static const char* const names[] = {"INDEX", "DATA", "STATUS"};
        return offset < 3 ? names[offset] : "";
    }

    std::uint64_t read(std::uint64_t offset, unsigned bytes) override {
        if (bytes != 1) return host.report(Report::access_width, offset, bytes * 8), 0xFF;
        switch (offset) {
            case port_index:
                host.report(Report::read_of_write_only, offset, 0);
                return 0xFF;
            case port_data:
                return open_ ? read_register() : 0xFF;
            default:
                return busy_ ? 1 : 0;
        }
    }

    void write(std::uint64_t offset, unsigned bytes, std::uint64_t value) override {
        const auto byte = static_cast<std::uint8_t>(value);
        if (bytes != 1) return host.report(Report::access_width, offset, bytes * 8);
        switch (offset) {
            case port_index:
                return write_index(byte);
            case port_data:
                if (!open_) return host.report(Report::unmapped_write, offset, value, "locked");
                write_register(byte);
                return update_interrupt();
            default:
                return host.report(Report::write_to_read_only, offset, value);
        }
    }

    void pin_changed(unsigned pin, Level level) override {
        const std::uint8_t bit = static_cast<std::uint8_t>(1u << pin);
        const bool high = level == Level::high || (level == Level::floating && (input_ & bit) != 0);
        const std::uint8_t now = high ? input_ | bit : input_ & ~bit;
        if ((now ^ input_) & edge_enable_ & ~direction_) edge_status_ |= bit;
        input_ = now;
        update_interrupt();
    }

    // The only thing that it waits for: outputs have settled.
    void time_reached(std::uint64_t) override {
        busy_ = false;
        drive_pins();
    }

  private:
    void write_index(std::uint8_t byte) {
        if (byte == lock) {
            open_ = false;
        } else if (!open_) {
            keys_ = byte == key ? keys_ + 1 : 0;
            if (keys_ == 2) open_ = true, keys_ = 0;
        } else {
            index_ = byte;
        }
    }

    std::uint8_t read_register() {
        switch (index_) {
            case register_direction:
                return direction_;
            case register_output:
                return output_;
            case register_input:
                return input_;
            case register_edge_enable:
                return edge_enable_;
            case register_edge_status:
                return edge_status_;
            default:
                host.report(Report::unmapped_read, port_data, 0, "INDEX names no register");
                return 0xFF;
        }
    }

    void write_register(std::uint8_t byte) {
        switch (index_) {
            case register_direction:
                direction_ = byte;
                return drive_pins();
            case register_output:
                if (busy_)
                    return host.report(Report::reserved_value, port_data, byte, "busy: lost");
                output_ = byte;
                busy_ = true;
                return host.call_at(host.now_ns() + settle_ns_, 0);
            case register_input:
                return host.report(Report::write_to_read_only, port_data, byte, "INPUT");
            case register_edge_enable:
                edge_enable_ = byte;
                return;
            case register_edge_status:
                edge_status_ &= static_cast<std::uint8_t>(~byte);
                return;
            default:
                host.report(Report::unmapped_write, port_data, byte, "INDEX names no register");
        }
    }

    void drive_pins() {
        if (!busy_) moved_ = output_;
        for (unsigned pin = 0; pin < pin_count; ++pin) {
            const bool on = (direction_ >> pin & 1) != 0;
            const bool high = (moved_ >> pin & 1) != 0;
            host.drive(pin, !on ? Drive::off : high ? Drive::high : Drive::low);
        }
    }

    void update_interrupt() { host.interrupt(0, (edge_status_ & edge_enable_) != 0); }

    std::uint64_t settle_ns_ = 0;
    std::uint8_t index_ = 0, keys_ = 0;
    std::uint8_t direction_ = 0, output_ = 0, moved_ = 0, input_ = 0;
    std::uint8_t edge_enable_ = 0, edge_status_ = 0;
    bool open_ = false, busy_ = false;
};

}  // namespace

GPIOCLX_MODEL(SuperIo)
