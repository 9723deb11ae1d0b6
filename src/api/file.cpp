#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/board_link.h"

namespace gpioclx {
namespace {

using Json = nlohmann::json;
using std::chrono::nanoseconds;

constexpr nanoseconds limit_of_a_transfer = std::chrono::seconds(10);

}  // namespace

struct PendingRequest::State {
    std::shared_ptr<BoardLink> link;
    std::string what;  // "ioctl 0x222000 to \Device\Led"
    std::uint64_t id = 0;
    bool completed = false;
    Completion completion = {};

    void wait(nanoseconds limit) {
        if (completed) return;
        if (limit.count() < 0) throw BadInput("a time is negative", "", 0);
        const Json answer = link->take(link->session().request(
            {{"request", id}, {"limit_ns", static_cast<std::uint64_t>(limit.count())}}));
        take(answer);
    }
    void take(const Json& answer) {
        completed = answer.at("finished");
        if (!completed) return;
        completion.status = Status(answer.at("status").get<std::uint32_t>());
        completion.information = answer.at("information");
        completion.output = answer.at("output").get<Bytes>();
    }
};

bool PendingRequest::is_completed() {
    state_->wait(nanoseconds(0));
    return state_->completed;
}

const Completion& PendingRequest::wait(nanoseconds limit) {
    state_->wait(limit);
    if (!state_->completed) {
        throw Exception(fmt::format("{} was not completed within {} ns of virtual time",
                                    state_->what, limit.count()));
    }
    return state_->completion;
}

bool PendingRequest::cancel() {
    if (state_->completed) return false;
    const Json answer = state_->link->take(state_->link->session().request(
        {{"cancel", state_->id},
         {"limit_ns", static_cast<std::uint64_t>(limit_of_a_transfer.count())}}));
    return Status(answer.at("status").get<std::uint32_t>()).is_success();
}

File::File(std::shared_ptr<BoardLink> link, std::string name, std::uint64_t handle)
    : link_(std::move(link)), name_(std::move(name)), handle_(handle) {}

File::File(File&& other) noexcept
    : link_(std::move(other.link_)),
      name_(std::move(other.name_)),
      handle_(std::exchange(other.handle_, 0)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(link_, other.link_);
    std::swap(name_, other.name_);
    std::swap(handle_, other.handle_);
    return *this;
}

File::~File() {
    if (handle_ == 0 || !link_->session().alive() || link_->session().halted()) return;
    try {
        close();
    } catch (const std::exception&) {  // a destructor has nobody to tell; findings keep it
    }
}

PendingRequest File::begin(const char* operation, std::uint32_t code,
                           std::span<const std::uint8_t> input, std::uint32_t output_size) {
    if (handle_ == 0) throw BadInput(fmt::format("the file of {} is closed", name_), "", 0);
    auto state = std::make_shared<PendingRequest::State>();
    state->link = link_;
    state->what = code != 0 ? fmt::format("{} {:#x} to {}", operation, code, name_)
                            : fmt::format("{} to {}", operation, name_);
    const Json answer =
        link_->take(link_->session().request({{"operation", operation},
                                              {"handle", handle_},
                                              {"code", code},
                                              {"input", Bytes(input.begin(), input.end())},
                                              {"output_size", output_size},
                                              {"limit_ns", 0}}));
    state->id = answer.at("request");
    state->take(answer);
    return PendingRequest(std::move(state));
}

PendingRequest File::begin_read(std::uint32_t size) { return begin("read", 0, {}, size); }
PendingRequest File::begin_write(std::span<const std::uint8_t> bytes) {
    return begin("write", 0, bytes, 0);
}
PendingRequest File::begin_ioctl(std::uint32_t code, std::span<const std::uint8_t> input,
                                 std::uint32_t output_size) {
    return begin("ioctl", code, input, output_size);
}

Completion File::read(std::uint32_t size) { return begin_read(size).wait(limit_of_a_transfer); }
Completion File::write(std::span<const std::uint8_t> bytes) {
    return begin_write(bytes).wait(limit_of_a_transfer);
}
Completion File::ioctl(std::uint32_t code, std::span<const std::uint8_t> input,
                       std::uint32_t output_size) {
    return begin_ioctl(code, input, output_size).wait(limit_of_a_transfer);
}

void File::close() {
    PendingRequest closing = begin("close", 0, {}, 0);
    handle_ = 0;
    closing.wait(limit_of_a_transfer);
}

}  // namespace gpioclx
