#include "bench/user_requests.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "machine/arena.h"

namespace gpioclx::bench {
namespace {

using Json = nlohmann::json;
using Request = kernel::Kernel::UserRequest;
using Operation = Request::Operation;

constexpr std::pair<std::string_view, Operation> operations[] = {{"open", Operation::open},
                                                                 {"close", Operation::close},
                                                                 {"read", Operation::read},
                                                                 {"write", Operation::write},
                                                                 {"ioctl", Operation::ioctl}};

}  // namespace

Result<Request*> UserRequests::begin(const Json& message) {
    const std::string name = message.at("operation");
    for (const auto& [text, operation] : operations) {
        if (name != text) continue;
        board_.mark(fmt::format(
            "{} {}", name,
            message.value("name", std::to_string(message.value("handle", std::uint64_t{0})))));
        machine::ArenaScope inside;
        auto* request = new Request;
        request->operation = operation;
        request->name = message.value("name", "");
        request->handle = message.value("handle", std::uint64_t{0});
        request->code = message.value("code", 0u);
        request->input = message.value("input", std::vector<std::uint8_t>());
        request->output_size = message.value("output_size", 0u);
        board_.kernel().submit(*request);
        return request;
    }
    return Error{.message = fmt::format("'{}' is no operation", name)};
}

Result<Json> UserRequests::handle(const Json& message) {
    if (message.contains("cancel")) return cancel(message);
    std::uint64_t id = message.value("request", std::uint64_t{0});
    if (id == 0) {
        auto begun = begin(message);
        if (!begun) return begun.error();
        requests_.emplace(id = ++last_id_, *begun);
    }
    const auto found = requests_.find(id);
    if (found == requests_.end())
        return Error{.message = fmt::format("there is no request {}", id)};
    Request* request = found->second;
    {
        machine::ArenaScope inside;
        board_.run_until([&] { return request->finished; },
                         message.value("limit_ns", std::uint64_t{0}));
    }
    if (!request->finished) return Json{{"request", id}, {"finished", false}};
    requests_.erase(found);
    return Json{{"request", id},
                {"finished", true},
                {"status", request->status},
                {"information", request->information},
                {"output", request->output},
                {"handle", request->handle}};
}

Result<Json> UserRequests::cancel(const Json& message) {
    const std::uint64_t id = message.at("cancel");
    const auto found = requests_.find(id);
    if (found == requests_.end())
        return Error{.message = fmt::format("there is no request {}", id)};
    board_.mark(fmt::format("cancel request {}", id));
    machine::ArenaScope inside;
    auto* request = new Request;
    request->operation = Operation::cancel;
    request->victim = found->second;
    board_.kernel().submit(*request);
    board_.run_until([&] { return request->finished; },
                     message.value("limit_ns", std::uint64_t{0}));
    return Json{{"status", request->status}};
}

}  // namespace gpioclx::bench
