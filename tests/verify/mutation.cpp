#include "mutation.h"

namespace gpioclx::verify_boards {

namespace fs = std::filesystem;
using end_to_end::ToolRun;

ToolRun MutationTest::run(const std::string& board, const std::string& driver,
                          const std::vector<std::string>& others,
                          const std::vector<Change>& changes, const std::string& script,
                          bool second_button) {
    const fs::path copy = scratch_.copy_of_examples("project" + std::to_string(++copies_));
    const fs::path source = copy / "drivers" / driver / (driver + ".c");
    for (const Change& change : changes)
        end_to_end::replace_in_file(source, change.what, change.by);
    const fs::path bench = copy / "boards" / board / (board + ".toml");
    // The other drivers stay where they are, and need not be built again.
    for (const std::string& other : others)
        end_to_end::replace_in_file(bench, "../../drivers/" + other,
                                    GX_EXAMPLES "/drivers/" + other);
    if (changes.empty())
        end_to_end::replace_in_file(bench, "../../drivers/" + driver,
                                    GX_EXAMPLES "/drivers/" + driver);
    if (!script.empty()) set_script(bench, script);
    if (second_button) {
        end_to_end::replace_in_file(copy / "boards" / board / (board + ".asl"),
                                    "        Device (BTN0)\n",
                                    R"(        Device (BTN1)
        {
            Name (_HID, "GXBT0001")
            Name (_UID, One)
            Name (_DEP, Package () { \_SB.LED0 })
            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0, "\\_SB.GPI0", 0, ResourceConsumer) { 4 }
            })
        }

        Device (BTN0)
)");
        end_to_end::write_file(bench, end_to_end::read_file(bench) +
                                          "\n[[part]]\nname = \"second\"\nmodel = \"button\"\n"
                                          "pin = '\\_SB.GPI0:4'\n");
    }
    return end_to_end::run_tool("run '" + bench.string() + "' --verify -q", copy);
}

ToolRun MutationTest::pl061(const std::vector<Change>& changes, const std::string& script) {
    return run("pushbutton", "pl061gpio", {"led", "button"}, changes, script, false);
}

ToolRun MutationTest::two_buttons(const std::vector<Change>& changes) {
    return run("pushbutton", "pl061gpio", {"led", "button"}, changes,
               "press button for 300us\npress second for 300us\nwait 5ms\n", true);
}

ToolRun MutationTest::mcp23017(const std::vector<Change>& changes) {
    return run("expander", "mcp23017", {}, changes, "", false);
}

void MutationTest::set_script(const fs::path& bench, const std::string& script) {
    std::string text = end_to_end::read_file(bench);
    const std::size_t begin = text.find("'''\n") + 4;
    const std::size_t end = text.find("'''", begin);
    end_to_end::write_file(bench, text.replace(begin, end - begin, script));
}

}  // namespace gpioclx::verify_boards
