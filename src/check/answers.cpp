#include "check/answers.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "bench/status_text.h"
#include "check/script_text.h"

namespace gpioclx::check {
namespace {

using Json = nlohmann::json;

constexpr std::uint32_t status_not_supported = 0xC00000BB;
constexpr std::uint64_t limit_ns = 10'000'000'000;
constexpr std::uint32_t status_pending = 0x00000103;

// Requests to one device of the running board.
class Asker {
  public:
    Asker(bench::Session& session, const CheckedBoard& board) : session_(session), board_(board) {}

    Result<void> open(const std::string& device) {
        auto answer =
            session_.request({{"operation", "open"}, {"name", device}, {"limit_ns", limit_ns}});
        if (!answer) return answer.error();
        if (!answer->at("finished").get<bool>() || failed(answer->at("status")))
            return Error{.message = fmt::format("{} does not open", device)};
        handle_ = answer->at("handle");
        return {};
    }
    Result<void> close() {
        auto answer =
            session_.request({{"operation", "close"}, {"handle", handle_}, {"limit_ns", limit_ns}});
        if (!answer) return answer.error();
        return {};
    }

    Result<std::uint32_t> request(PinUserCode code, const std::vector<std::uint32_t>& words) {
        std::vector<std::uint8_t> input;
        for (std::uint32_t word : words) {
            for (int i = 0; i < 4; ++i) input.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
        }
        auto answer = session_.request({{"operation", "ioctl"},
                                        {"handle", handle_},
                                        {"code", static_cast<std::uint32_t>(code)},
                                        {"input", input},
                                        {"output_size", 0},
                                        {"limit_ns", limit_ns}});
        if (!answer) return answer.error();
        if (!answer->at("finished").get<bool>()) return status_pending;
        return answer->at("status").get<std::uint32_t>();
    }

    // Does something and takes it back; the status of the first.
    Result<std::uint32_t> attempt(PinUserCode begin, PinUserCode end,
                                  const std::vector<std::uint32_t>& words) {
        auto status = request(begin, words);
        if (!status || failed(*status) || *status == status_pending) return status;
        if (auto ended = request(end, {words.front()}); !ended) return ended;
        return status;
    }

    Result<std::uint32_t> connect(const Trigger& trigger, unsigned pin) {
        std::uint32_t flags = trigger.level ? std::uint32_t{connect_level} : 0;
        if (trigger.high) flags |= connect_active_high;
        return attempt(PinUserCode::connect, PinUserCode::disconnect,
                       {static_cast<std::uint32_t>(board_.index_of(pin)), flags, 0,
                        board_.source_pin(pin, 0)});
    }
    Result<std::uint32_t> open_pin(unsigned pin, std::uint32_t access) {
        return attempt(PinUserCode::open, PinUserCode::close,
                       {static_cast<std::uint32_t>(board_.index_of(pin)), access});
    }

  private:
    bench::Session& session_;
    const CheckedBoard& board_;
    std::uint64_t handle_ = 0;
};

bool is_in(const std::map<unsigned, std::uint32_t>& statuses, unsigned pin) {
    const auto found = statuses.find(pin);
    return found != statuses.end() && !failed(found->second) && found->second != status_pending;
}

// "pins 0-7, 9"
std::string pin_list(const std::vector<unsigned>& pins) {
    std::string text;
    for (std::size_t i = 0; i < pins.size();) {
        std::size_t last = i;
        while (last + 1 < pins.size() && pins[last + 1] == pins[last] + 1) ++last;
        text += fmt::format("{}{}", text.empty() ? "" : ", ", pins[i]);
        if (last > i) text += fmt::format("-{}", pins[last]);
        i = last + 1;
    }
    return fmt::format("pin{} {}", pins.size() == 1 ? "" : "s", text);
}

}  // namespace

bool refused(std::uint32_t status) { return status == status_not_supported; }
bool failed(std::uint32_t status) { return (status & 0x80000000u) != 0; }

bool Answers::accepts(std::size_t trigger, unsigned pin) const {
    const auto found = interrupt.find(trigger);
    return found != interrupt.end() && is_in(found->second, pin);
}
bool Answers::reads(unsigned pin) const { return is_in(input, pin); }
bool Answers::writes(unsigned pin) const { return is_in(output, pin); }

void Answers::take_back(const std::string& failure, bool everywhere) {
    const auto at = failure.find(" (pin ");
    if (at == std::string::npos) return;
    unsigned pin = 0;
    std::from_chars(failure.data() + at + 6, failure.data() + failure.size(), pin);
    const std::string what = failure.substr(0, at);
    const auto mark = [&](std::map<unsigned, std::uint32_t>& statuses) {
        statuses[pin] = status_not_supported;
        if (!everywhere) return;
        for (auto& [unused, status] : statuses) status = status_not_supported;
    };
    if (what.starts_with("an input")) mark(input);
    if (what.starts_with("an output")) mark(output);
    bool behind = false;  // the scenario has ended before it came to the other triggers
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        const bool this_one = what.starts_with(fmt::format("an interrupt on {}", triggers[t].name));
        if (this_one || behind) mark(interrupt[t]);
        behind = behind || (this_one && everywhere);
    }
}

Result<Answers> ask(bench::Session& session, const CheckedBoard& board) {
    Answers answers;
    Asker asker(session, board);
    if (auto opened = asker.open(io_device); !opened) return opened.error();
    for (unsigned pin : board.pins) {
        auto input = asker.open_pin(pin, generic_read);
        if (!input) return input.error();
        auto output = asker.open_pin(pin, generic_write);
        if (!output) return output.error();
        answers.input[pin] = *input;
        answers.output[pin] = *output;
    }
    if (auto closed = asker.close(); !closed) return closed.error();
    for (std::size_t t = 0; t < triggers.size(); ++t) {
        if (auto opened = asker.open(triggers[t].device); !opened) return opened.error();
        for (unsigned pin : board.pins) {
            auto status = asker.connect(triggers[t], pin);
            if (!status) return status.error();
            answers.interrupt[t][pin] = *status;
        }
        if (auto closed = asker.close(); !closed) return closed.error();
    }
    return answers;
}

std::string describe(const Answers& answers, const CheckedBoard& board) {
    std::string accepted, refusals;
    const auto add = [&](const char* name, const std::map<unsigned, std::uint32_t>& statuses) {
        std::vector<unsigned> good;
        for (unsigned pin : board.pins) {
            if (is_in(statuses, pin)) good.push_back(pin);
        }
        std::string& text = good.empty() ? refusals : accepted;
        text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
        if (!good.empty() && good.size() < board.pins.size())
            text += fmt::format(" ({})", pin_list(good));
    };
    add("input", answers.input);
    add("output", answers.output);
    for (const auto& [trigger, statuses] : answers.interrupt) add(triggers[trigger].name, statuses);
    if (refusals.empty()) return accepted;
    return fmt::format("{}; refused: {}", accepted, refusals);
}

}  // namespace gpioclx::check
