// Requests of user programs to drivers, for the C++ API: begun by one message, waited for by this
// or a later one, so that a test can move wires while a driver holds a request.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>

#include "bench/board.h"

namespace gpioclx::bench {

class UserRequests {
  public:
    explicit UserRequests(Board& board) : board_(board) {}

    // {"operation": "open" | "close" | "read" | "write" | "ioctl", "name" (open), "handle"
    // (others),
    //  "code" (ioctl), "input": bytes, "output_size", "limit_ns"}: begins one; or
    // {"request": id, "limit_ns"}: goes on waiting for it; or
    // {"cancel": id, "limit_ns"}: asks for its end, answered with the "status" of asking. All run
    // the board until the request is completed, at most for `limit_ns` of virtual time.
    // Answer: {"request": id, "finished"} and, if it is: "status", "information", "output",
    // "handle". A finished request is forgotten.
    Result<nlohmann::json> handle(const nlohmann::json& message);

  private:
    using Request = kernel::Kernel::UserRequest;
    Result<Request*> begin(const nlohmann::json& message);
    Result<nlohmann::json> cancel(const nlohmann::json& message);

    Board& board_;
    std::uint64_t last_id_ = 0;
    // In the arena: the machine may still hold what is not finished.
    std::map<std::uint64_t, Request*> requests_;
};

}  // namespace gpioclx::bench
