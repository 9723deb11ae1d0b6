// A copy of a shipped board whose controller driver has a mistake, and what the verifier says of
// it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "scratch.h"

namespace gpioclx::verify_boards {

struct Change {
    std::string what;  // stands once in the driver's source
    std::string by;
};

class MutationTest : public ::testing::Test {
  protected:
    // "gpioclx run BENCH --verify -q" of the board with the changes in its driver.
    end_to_end::ToolRun pl061(const std::vector<Change>& changes, const std::string& script = "");
    // With a second button on pin 4, pressed together with the first.
    end_to_end::ToolRun two_buttons(const std::vector<Change>& changes);
    end_to_end::ToolRun mcp23017(const std::vector<Change>& changes);

    // Replaces the script of the bench.
    static void set_script(const std::filesystem::path& bench, const std::string& script);

  private:
    end_to_end::ToolRun run(const std::string& board, const std::string& driver,
                            const std::vector<std::string>& others,
                            const std::vector<Change>& changes, const std::string& script,
                            bool second_button);

    end_to_end::ScratchFolder scratch_;
    int copies_ = 0;
};

}  // namespace gpioclx::verify_boards
