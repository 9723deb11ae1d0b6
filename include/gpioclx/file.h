// A device opened by a user program, and its requests.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gpioclx/status.h>

namespace gpioclx {

class BoardLink;

using Bytes = std::vector<std::uint8_t>;

// Parts of an IOCTL's code, as CTL_CODE of the WDK composes them.
enum class Method : std::uint32_t { buffered = 0, in_direct = 1, out_direct = 2, neither = 3 };
enum class Access : std::uint32_t { any = 0, read = 1, write = 2, read_write = 3 };
inline constexpr std::uint32_t file_device_unknown = 0x22;

constexpr std::uint32_t ioctl_code(std::uint32_t device_type, std::uint32_t function, Method method,
                                   Access access) {
    return device_type << 16 | static_cast<std::uint32_t>(access) << 14 | function << 2 |
           static_cast<std::uint32_t>(method);
}

// What became of a request.
struct Completion {
    Status status;
    std::uint64_t information = 0;  // as the driver set it
    Bytes output;                   // at most `information` bytes
};

// "STATUS_SUCCESS, information 1, output 01"
std::string to_string(const Completion& completion);
std::ostream& operator<<(std::ostream& stream, const Completion& completion);

// A request that a driver may still hold. Copies speak of the same one.
class PendingRequest {
  public:
    // Whether the driver has completed it; takes no virtual time.
    bool is_completed();
    // Runs the board until it is completed, at most for that much virtual time. Throws Exception if
    // it is not by then, or if the board has nothing left to do.
    const Completion& wait(std::chrono::nanoseconds limit = std::chrono::seconds(10));
    // As CancelIoEx: asks for its end, which wait() then sees, if the driver lets it end (mostly
    // with STATUS_CANCELLED). False: no driver holds it, because it is completed or has not got
    // there yet.
    bool cancel();

  private:
    friend class File;
    struct State;
    explicit PendingRequest(std::shared_ptr<State> state) : state_(std::move(state)) {}

    std::shared_ptr<State> state_;
};

// Owns the handle: it is closed when the file is destroyed. Not copied. Made by Board::open.
class File {
  public:
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    // Each sends one request and runs the board until it is completed, for up to 10 s of virtual
    // time; then throws Exception.
    Completion read(std::uint32_t size);
    Completion write(std::span<const std::uint8_t> bytes);
    Completion ioctl(std::uint32_t code, std::span<const std::uint8_t> input = {},
                     std::uint32_t output_size = 0);

    // The same without waiting: for drivers that hold a request until something happens. The
    // request gets to the driver when the board runs.
    PendingRequest begin_read(std::uint32_t size);
    PendingRequest begin_write(std::span<const std::uint8_t> bytes);
    PendingRequest begin_ioctl(std::uint32_t code, std::span<const std::uint8_t> input = {},
                               std::uint32_t output_size = 0);

    // Requests that the driver still holds are cancelled or completed by its cleanup callbacks.
    // After it every request throws. The destructor does the same, and swallows errors.
    void close();

  private:
    friend class Board;
    File(std::shared_ptr<BoardLink> link, std::string name, std::uint64_t handle);
    PendingRequest begin(const char* operation, std::uint32_t code,
                         std::span<const std::uint8_t> input, std::uint32_t output_size);

    std::shared_ptr<BoardLink> link_;
    std::string name_;
    std::uint64_t handle_ = 0;  // 0: closed
};

}  // namespace gpioclx
