// Commands and answers between supervisor and worker: one JSON text per message.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gpioclx::worker {

class Channel {
  public:
    explicit Channel(int descriptor) : descriptor_(descriptor) {}
    Channel(Channel&& other) noexcept;
    Channel& operator=(Channel&& other) noexcept;
    ~Channel();

    bool send(const std::string& message);
    // Blocks; empty when the other side is gone.
    std::optional<std::string> receive();
    // Waits up to `timeout_ms` for a message to begin; false if none did.
    bool wait(int timeout_ms) const;
    int descriptor() const { return descriptor_; }

  private:
    bool read_all(char* to, std::size_t size);
    int descriptor_;
};

}  // namespace gpioclx::worker
