#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "trace/event_text.h"
#include "trace/timeline.h"
#include "trace/vcd.h"
#include "trace/waveform.h"

namespace gpioclx::trace {
namespace {

using machine::Event;
using machine::EventKind;

class ListNames final : public Names {
  public:
    machine::NameId add(std::string text) {
        texts_.push_back(std::move(text));
        return static_cast<machine::NameId>(texts_.size() - 1);
    }
    std::string_view name(machine::NameId id) const override { return texts_.at(id); }

  private:
    std::vector<std::string> texts_{""};
};

class WritersTest : public ::testing::Test {
  protected:
    WritersTest() : file(std::tmpfile()) {}
    ~WritersTest() override { std::fclose(file); }

    Event wire(std::uint64_t time_ns, machine::NameId subject, std::uint64_t level) {
        Event event{};
        event.time_ns = time_ns;
        event.sequence = ++sequence;
        event.kind = EventKind::wire_changed;
        event.processor = machine::no_processor;
        event.subject = subject;
        event.a = level;
        return event;
    }
    std::string written() {
        std::rewind(file);
        std::string text;
        for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
        return text;
    }

    ListNames names;
    std::FILE* file;
    std::uint64_t sequence = 0;
};

TEST_F(WritersTest, a_vcd_has_declarations_initial_values_and_changes_in_time) {
    const auto button = names.add("button"), led = names.add("led 1");
    Vcd vcd(file, "board");
    vcd.declare("button", '1');
    vcd.declare("led 1", 'z');
    vcd.write(wire(1500, button, 0), names);
    vcd.write(wire(1500, led, 1), names);
    vcd.write(wire(2000, button, 2), names);
    vcd.finish();
    EXPECT_EQ(written(),
              "$version gpioclx $end\n$timescale 1 ns $end\n$scope module board $end\n"
              "$var wire 1 ! button $end\n$var wire 1 \" led_1 $end\n$upscope "
              "$end\n$enddefinitions $end\n"
              "#0\n$dumpvars\n1!\nz\"\n$end\n#1500\n0!\n1\"\n#2000\nz!\n");
}

TEST_F(WritersTest, event_text_names_every_field) {
    Event event = wire(7, names.add("w"), 1);
    event.actor = names.add("button");
    event.b = 0x10;
    EventText(file).write(event, names);
    EXPECT_EQ(written(), "1 7 p- l0 wire_changed by=\"button\" subject=\"w\" 1 10 0\n");
}

TEST_F(WritersTest, the_short_timeline_leaves_registers_out) {
    Timeline timeline(file, TimelineDetail::short_, false);
    Event event = wire(1500, names.add("button"), 0);
    timeline.write(event, names);
    event.kind = EventKind::register_write;
    timeline.write(event, names);
    const std::string text = written();
    EXPECT_NE(text.find("wire button goes low"), std::string::npos);
    EXPECT_EQ(text.find("write button"), std::string::npos);
}

TEST_F(WritersTest, F184_the_full_timeline_tells_parameters_and_locks_of_callbacks) {
    Event event{};
    event.kind = EventKind::callback_enter;
    event.level = 3;
    event.subject = names.add("CLIENT_MaskInterrupts");
    event.detail = names.add("\\_SB.GPI0");
    event.a = 1;
    event.b = 0x20;
    event.c = 1;
    Timeline(file, TimelineDetail::full, false).write(event, names);
    const std::string text = written();
    EXPECT_NE(
        text.find("CLIENT_MaskInterrupts of \\_SB.GPI0, bank 1, pin or mask 0x20, interrupt lock"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("DIRQL 3"), std::string::npos) << text;
}

TEST_F(WritersTest, a_waveform_shows_levels_and_edges) {
    Waveform waveform;
    const auto button = names.add("button");
    waveform.declare("button", '1');
    waveform.declare("quiet", '0');
    waveform.write(wire(4000, button, 0), names);
    waveform.write(wire(8000, button, 1), names);
    const std::string picture = waveform.draw(0, 10'000, 10, true);
    EXPECT_NE(picture.find("button ‾‾‾‾\\___/‾"), std::string::npos) << picture;
    EXPECT_EQ(picture.find("quiet"), std::string::npos);
}

}  // namespace
}  // namespace gpioclx::trace
