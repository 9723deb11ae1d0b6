#include "firmware/simple_host.h"

#include <cassert>
#include <cstdlib>

namespace gpioclx::firmware {

void* SimpleHost::allocate(std::size_t bytes) { return std::malloc(bytes == 0 ? 1 : bytes); }

void SimpleHost::free(void* memory) { std::free(memory); }

void SimpleHost::sleep_ms(std::uint64_t milliseconds) {
    run_executed();
    now_100ns_ += milliseconds * 10'000;
}

void SimpleHost::stall_us(std::uint32_t microseconds) {
    now_100ns_ += std::uint64_t{microseconds} * 10;
}

bool SimpleHost::block(Channel, std::uint32_t timeout_ms) {
    // Only queued work can still bring what is waited for.
    const std::uint64_t before = unblocked_;
    run_executed();
    if (unblocked_ != before) return true;
    if (timeout_ms == forever) {
        log(LogLevel::error, "a method waits for ever: no other thread is left to wake it");
        return false;
    }
    now_100ns_ += std::uint64_t{timeout_ms} * 10'000;
    return false;
}

void SimpleHost::unblock(Channel) { ++unblocked_; }

void SimpleHost::run_executed() {
    while (!work_.empty()) {
        const Work work = work_.front();
        work_.pop_front();
        work.function(work.context);
    }
}

std::uint64_t SimpleHost::read(const Bytes& bytes, std::uint64_t address, unsigned width) {
    assert(width % 8 == 0 && width <= 64);
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width / 8; ++i) {
        const auto at = bytes.find(address + i);
        if (at != bytes.end()) value |= std::uint64_t{at->second} << (8 * i);
    }
    return value;
}

void SimpleHost::write(Bytes& bytes, std::uint64_t address, unsigned width, std::uint64_t value) {
    assert(width % 8 == 0 && width <= 64);
    for (unsigned i = 0; i < width / 8; ++i) {
        bytes[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

std::optional<std::uint64_t> SimpleHost::read_memory(std::uint64_t address, unsigned width) {
    return read(memory_, address, width);
}

bool SimpleHost::write_memory(std::uint64_t address, unsigned width, std::uint64_t value) {
    write(memory_, address, width, value);
    return true;
}

std::optional<std::uint32_t> SimpleHost::read_port(std::uint64_t port, unsigned width) {
    return static_cast<std::uint32_t>(read(ports_, port, width));
}

bool SimpleHost::write_port(std::uint64_t port, unsigned width, std::uint32_t value) {
    write(ports_, port, width, value);
    return true;
}

void SimpleHost::log(LogLevel level, std::string_view line) {
    lines_.push_back({level, std::string(line)});
}

std::string SimpleHost::complaints() const {
    std::string text;
    for (const Line& line : lines_) {
        if (line.level == LogLevel::warning || line.level == LogLevel::error) {
            text += line.text + '\n';
        }
    }
    return text;
}

}  // namespace gpioclx::firmware
