// The stimulus language: what a script does to a board. docs/user-guide.md lists the statements.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench_file.h"
#include "bench/board.h"

namespace gpioclx::bench {

// What became of one statement.
struct StepOutcome {
    bool failed = false;       // an expectation was not met, or a request that must succeed failed
    std::string message = {};  // why
    bool unfinished = false;   // failed because a request is not completed and never will be
    bool timed_out = false;    // failed because the system was busy for longer than anything takes
    std::string finding = {};  // the id that the script has for it ("purpose")
};

class ScriptRunner {
  public:
    explicit ScriptRunner(Board& board) : board_(board) {}

    // Errors: a statement that is not understood, or names something that does not exist (bad
    // input).
    Result<StepOutcome> run(const ScriptLine& line) { return run(prepare(line)); }

    // The same in two steps, for lines that are run many times. What is prepared may outlive the
    // runner, not the board.
    using Words = std::vector<std::string>;
    struct Prepared {
        const ScriptLine* line;
        Words words;
        machine::NameId mark;
    };
    Prepared prepare(const ScriptLine& line) const;
    Result<StepOutcome> run(const Prepared& prepared);

  private:
    Result<StepOutcome> wait(const Words& words);
    Result<StepOutcome> press(const Words& words);
    Result<StepOutcome> perform(const Words& words);
    Result<StepOutcome> set(const Words& words);
    Result<StepOutcome> pulse(const Words& words);
    Result<StepOutcome> open(const Words& words);
    Result<StepOutcome> close(const Words& words);
    Result<StepOutcome> transfer(const Words& words);
    Result<StepOutcome> finish(const Words& words);
    Result<StepOutcome> cancel(const Words& words);
    Result<StepOutcome> remove(const Words& words);
    Result<StepOutcome> kill_host(const Words& words);
    Result<StepOutcome> sleep(const Words& words);
    Result<StepOutcome> wake(const Words& words);
    Result<StepOutcome> deep_idle(const Words& words);
    Result<StepOutcome> power(const Words& words);
    Result<StepOutcome> expect_system(const Words& words);
    Result<StepOutcome> expect_pending(const Words& words);
    Result<StepOutcome> expect_calls(const Words& words);
    Result<StepOutcome> set_purpose(const Words& words);
    StepOutcome with_purpose(const std::string& statement, StepOutcome outcome) const;
    Result<StepOutcome> expect(const Words& words);
    Result<StepOutcome> expect_request(const Words& words);
    Result<StepOutcome> expect_device(const Words& words);
    Result<StepOutcome> expect_report(const Words& words);
    Result<hardware::Device*> part(const std::string& name);
    Result<hardware::Wire*> wire(const std::string& name);
    Error no_handle(const std::string& name) const;
    Result<StepOutcome> submit(kernel::Kernel::UserRequest& request);
    Result<StepOutcome> begin(kernel::Kernel::UserRequest& request, const std::string& name);
    Result<StepOutcome> wait_for(kernel::Kernel::UserRequest& request);
    Result<kernel::Kernel::UserRequest*> begun(const std::string& name) const;

    // What the next expectation is about, and the finding that it is when it is not met.
    struct Purpose {
        std::string finding;   // "" = none in particular
        std::string too_many;  // where a count is too high; "" = the same
        std::string text;
    };

    Board& board_;
    Purpose purpose_;
    std::map<std::string, std::uint64_t> handles_;
    // Begun by "... as NAME" and not yet waited for. In the arena: the machine may still hold them.
    std::map<std::string, kernel::Kernel::UserRequest*> begun_;
    std::uint32_t last_status_ = 0;
    std::uint64_t last_information_ = 0;
    std::vector<std::uint8_t> last_output_;
};

// "01 ff" or "01ff" -> bytes.
Result<std::vector<std::uint8_t>> parse_bytes(std::string_view text);

}  // namespace gpioclx::bench
