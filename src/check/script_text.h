// Writes a scenario's script in the words of the script language, with the requests of the pin user
// (pin_user/pin_user.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/board_files.h"

namespace gpioclx::check {

// IOCTL_PINUSER_*
enum class PinUserCode : std::uint32_t {
    connect = 0x222000,
    disconnect = 0x222004,
    count = 0x222008,
    await = 0x22200C,
    raise = 0x222010,
    open = 0x222014,
    close = 0x222018,
    read = 0x22201C,
    write = 0x222020,
    repeat = 0x222024,
};

// PINUSER_*
enum ConnectFlag : std::uint32_t {
    connect_passive = 0x01,
    connect_level = 0x02,
    connect_active_high = 0x04,
    connect_open_drain = 0x08,
    connect_raised = 0x10,
};
enum class RepeatAction : std::uint32_t { connect, open, read, write };

inline constexpr std::uint32_t generic_read = 0x80000000;
inline constexpr std::uint32_t generic_write = 0x40000000;

// One interrupt of one device, and how its service routine is to behave.
struct Connection {
    std::string handle;
    unsigned pin = 0;
    std::uint32_t flags = 0;
    std::uint32_t hold_us = 0;
    unsigned unit = 0;  // of the source
};

class ScriptText {
  public:
    explicit ScriptText(const CheckedBoard& board) : board_(board) {}

    void line(std::string text) { text_ += std::move(text) + "\n"; }
    void comment(const std::string& text) { line("# " + text); }
    // Opens a device; at most once each.
    void use(const std::string& handle, const std::string& device);
    void close_all();

    // Wires.
    void set(unsigned pin, bool high);
    void release(unsigned pin);
    void wait_us(std::uint64_t us);
    void wait_ns(std::uint64_t ns);
    void wait_idle() { line("wait idle 1s"); }
    void expect_wire(unsigned pin, bool high, const std::string& what);

    // Interrupts. `what` says what is tried, the same words for each pin.
    void connect(const Connection& connection, const std::string& what);
    void disconnect(const Connection& connection, const std::string& what);
    void raise(const Connection& connection);
    void await_calls(const Connection& connection, unsigned calls, const std::string& what);
    // Calls since the last time, "1" or "1..3".
    void expect_calls(const Connection& connection, const std::string& calls,
                      const std::string& what);
    void expect_no_unclaimed(const std::string& what, unsigned pin);
    void forget_calls(const Connection& connection);

    // I/O of the I/O device; `number` counts its connections.
    void open(std::size_t number, std::uint32_t access, const std::string& what,
              const std::string& where);
    // Whatever comes of it.
    void try_to_open(std::size_t number, std::uint32_t access);
    void try_to_connect(const Connection& connection);
    void close(std::size_t number);
    void read(std::size_t number, const std::vector<bool>& levels, const std::string& what,
              const std::string& where);
    void write(std::size_t number, const std::vector<bool>& levels, const std::string& what,
               const std::string& where);

    // Begins something in the background, and waits for its end.
    void begin(const std::string& name, const std::string& handle, RepeatAction action,
               unsigned times, std::size_t number, const Connection* connection = nullptr);
    void finish(const std::string& name, const std::string& what, const std::string& where);

    const std::string& text() const { return text_; }
    // With all devices closed; "" if none was opened.
    std::string whole();
    std::string pin_text(unsigned pin) const;

  private:
    void request(const std::string& handle, PinUserCode code,
                 const std::vector<std::uint32_t>& words, const std::string& rest = "");
    void purpose(const std::string& ids, const std::string& what, const std::string& where);
    void expect_success(const std::string& what, const std::string& where);
    std::vector<std::uint32_t> words(const Connection& connection) const;
    std::string wire(unsigned pin) const;

    const CheckedBoard& board_;
    std::vector<std::pair<std::string, std::string>> handles_;
    std::string text_;
};

}  // namespace gpioclx::check
