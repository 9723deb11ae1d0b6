// What a board and all handles of it share: the session, its events, and how errors become
// exceptions.
#pragma once

#include <gpioclx/board.h>

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "bench/session.h"

namespace gpioclx {

class BoardLink final : public bench::EventObserver {
  public:
    BoardLink(const std::filesystem::path& bench, BoardOptions options);

    bench::Session& session() { return *session_; }
    void observe(const machine::Event& event, const worker::Supervisor& names) override;

    // The value, or the exception that fits: WorkerDied if the worker is gone, else BadInput.
    template <typename T>
    T take(Result<T> result) {
        if (!result) fail(result.error());
        return std::move(*result);
    }
    void take(const Result<void>& result) {
        if (!result) fail(result.error());
    }

    nlohmann::json show(const char* what);
    // False: an expectation was not met (last_message says why).
    bool step(const bench::ScriptLine& line);
    bool step(std::string_view text);

    const std::vector<Finding>& findings();

    Events events;
    std::size_t taken = 0;  // events that take_new_events has given out
    std::string last_message;
    BoardOptions options;

  private:
    [[noreturn]] void fail(const Error& error);

    std::unique_ptr<bench::Session> session_;
    std::vector<Finding> findings_;
};

// A word of the script language; throws BadInput if it cannot be one.
std::string script_word(std::string_view word);
Finding finding_of(const bench::Finding& finding);
bench::Finding bench_finding_of(const Finding& finding);
Pin pin_of(const nlohmann::json& row);
Device device_of(const nlohmann::json& row);
Level level_of(std::string_view text);

}  // namespace gpioclx
