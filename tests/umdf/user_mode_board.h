// The board of examples/boards/usermode, as it is shipped or with one thing changed.
#pragma once

#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

#include <filesystem>
#include <string>

#include "scratch.h"

namespace gpioclx::umdf_tests {

using namespace end_to_end;
using namespace std::chrono_literals;

class UserModeBoard : public testing::Test {
  protected:
    static std::filesystem::path shipped() {
        return std::filesystem::path(GX_EXAMPLES) / "boards/usermode/usermode.toml";
    }
    // A copy whose file ("drivers/umbutton/umbutton.inx") says something else.
    std::filesystem::path changed(const std::string& file, const std::string& what,
                                  const std::string& by) {
        if (copy_.empty()) copy_ = scratch_.copy_of_examples("project");
        replace_in_file(copy_ / file, what, by);
        return copy_ / "boards/usermode/usermode.toml";
    }
    static std::string text_of(const std::vector<Finding>& findings) {
        std::string text;
        for (const Finding& finding : findings) text += finding.id + ": " + finding.sentence + "\n";
        return text;
    }

  private:
    ScratchFolder scratch_;
    std::filesystem::path copy_;
};

constexpr std::string_view user_device = "\\_SB.UBT0";
constexpr std::uint32_t get_presses = 0x00222004;  // IOCTL_UMBUTTON_GET_PRESSES
constexpr std::uint32_t wait_press = 0x00222008;   // IOCTL_UMBUTTON_WAIT_PRESS

}  // namespace gpioclx::umdf_tests
