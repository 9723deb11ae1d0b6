#include "worker/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace gpioclx::worker {

Channel::Channel(Channel&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
Channel& Channel::operator=(Channel&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}
Channel::~Channel() {
    if (descriptor_ >= 0) close(descriptor_);
}

bool Channel::send(const std::string& message) {
    std::string framed(sizeof(std::uint32_t), '\0');
    const std::uint32_t size = static_cast<std::uint32_t>(message.size());
    framed.replace(0, sizeof size, reinterpret_cast<const char*>(&size), sizeof size);
    framed += message;
    for (std::size_t done = 0; done < framed.size();) {
        const ssize_t count =
            ::send(descriptor_, framed.data() + done, framed.size() - done, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

bool Channel::read_all(char* to, std::size_t size) {
    while (size > 0) {
        const ssize_t count = read(descriptor_, to, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        to += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

std::optional<std::string> Channel::receive() {
    std::uint32_t size = 0;
    if (!read_all(reinterpret_cast<char*>(&size), sizeof size) || size > (64u << 20))
        return std::nullopt;
    std::string message(size, '\0');
    if (!read_all(message.data(), size)) return std::nullopt;
    return message;
}

bool Channel::wait(int timeout_ms) const {
    pollfd waiting{descriptor_, POLLIN, 0};
    return poll(&waiting, 1, timeout_ms) > 0;
}

}  // namespace gpioclx::worker
