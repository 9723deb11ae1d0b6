#include "trace/perfetto.h"

#include <bit>
#include <map>

#include "trace/event_list_fixture.h"

namespace gpioclx::trace {
namespace {

using machine::EventKind;

// What a reader makes of the bytes: fields of a message by number, in order.
struct Field {
    std::uint64_t number = 0;
    std::string bytes = {};
};
using Message = std::multimap<unsigned, Field>;

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    Message read() {
        Message message;
        while (!bytes_.empty()) {
            const std::uint64_t key = varint();
            Field field;
            switch (key & 7) {
                case 0: field.number = varint(); break;
                case 1: field.number = fixed(8); break;
                case 2: field.bytes = take(varint()); break;
                default: ADD_FAILURE() << "wire type " << (key & 7); return message;
            }
            message.emplace(static_cast<unsigned>(key >> 3), field);
        }
        return message;
    }

  private:
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int shift = 0; !bytes_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1)[0]);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) break;
        }
        return value;
    }
    std::uint64_t fixed(std::size_t size) {
        std::uint64_t value = 0;
        const std::string bytes = take(size);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
        return value;
    }
    std::string take(std::size_t size) {
        const std::string taken(bytes_.substr(0, size));
        bytes_.remove_prefix(std::min(size, bytes_.size()));
        return taken;
    }
    std::string_view bytes_;
};

Message read(std::string_view bytes) { return Reader(bytes).read(); }
std::string text(const Message& message, unsigned field) {
    const auto found = message.find(field);
    return found == message.end() ? std::string() : found->second.bytes;
}
std::uint64_t number(const Message& message, unsigned field) {
    const auto found = message.find(field);
    return found == message.end() ? 0 : found->second.number;
}

class PerfettoTest : public EventList {
  protected:
    void write(const Where& where, EventKind kind, const std::string& subject, std::uint64_t a = 0,
               const std::string& detail = "") {
        perfetto.write(event(where, kind, subject, a, detail), *this);
    }

    // "100 processor 0: begin EvtIoRead", one line a packet with an event.
    std::string story(const std::string& of_track = "") {
        perfetto.finish();
        std::map<std::uint64_t, std::string> tracks;
        std::string lines;
        const Message trace = read(written());
        for (const auto& [field, packet_bytes] : trace) {
            EXPECT_EQ(field, 1u);
            const Message packet = read(packet_bytes.bytes);
            EXPECT_EQ(number(packet, 10), 1u);
            if (packet.count(60) > 0) {
                const Message track = read(text(packet, 60));
                tracks[number(track, 1)] = text(track, 2);
                continue;
            }
            const Message event = read(text(packet, 11));
            const std::string track = tracks.at(number(event, 11));
            if (!of_track.empty() && track != of_track) continue;
            const char* types[] = {"?", "begin", "end", "instant", "count"};
            std::string line =
                std::to_string(number(packet, 8)) + " " + track + ": " + types[number(event, 9)];
            if (event.count(23) > 0) line += " " + text(event, 23);
            if (event.count(44) > 0) {
                const double value = std::bit_cast<double>(number(event, 44));
                line += " " + std::to_string(value).substr(0, 3);
            }
            if (event.count(47) > 0) line += " flow " + std::to_string(number(event, 47));
            lines += line + "\n";
        }
        return lines;
    }

    Perfetto perfetto{file};
    const Where thread{0, 0, "worker 1"};
};

TEST_F(PerfettoTest, routines_nest_on_the_track_of_their_processor) {
    write(thread, EventKind::thread_switch, "worker 1");
    write(thread, EventKind::callback_enter, "EvtIoRead", 0, "\\_SB.LED0");
    write({0, 3, "GSI 39"}, EventKind::interrupt_enter, "GSI 39", 39);
    write({0, 3, "GSI 39"}, EventKind::interrupt_exit, "GSI 39", 1);
    write(thread, EventKind::callback_exit, "EvtIoRead", 0, "\\_SB.LED0");
    EXPECT_EQ(story("processor 0"),
              "100 processor 0: begin worker 1\n"
              "200 processor 0: begin EvtIoRead\n"
              "300 processor 0: begin GSI 39\n"
              "400 processor 0: end\n"
              "500 processor 0: end\n"
              "500 processor 0: end\n");
}

TEST_F(PerfettoTest, the_irql_of_each_processor_is_a_counter) {
    write(thread, EventKind::thread_switch, "worker 1");
    write({0, 3, "GSI 39"}, EventKind::interrupt_enter, "GSI 39", 39);
    write({1, 2, "worker 2"}, EventKind::mark, "elsewhere");
    write({0, 3, "GSI 39"}, EventKind::interrupt_exit, "GSI 39", 1);
    write(thread, EventKind::mark, "again");
    EXPECT_EQ(story("IRQL of processor 0"),
              "100 IRQL of processor 0: count 0.0\n200 IRQL of processor 0: count 3.0\n"
              "500 IRQL of processor 0: count 0.0\n");
}

TEST_F(PerfettoTest, a_callback_goes_with_its_thread_to_another_processor) {
    write(thread, EventKind::thread_switch, "worker 1");
    write(thread, EventKind::callback_enter, "EvtIoRead", 0, "\\_SB.LED0");
    write({0, 0, "idle"}, EventKind::thread_switch, "");
    write({1, 0, "worker 1"}, EventKind::thread_switch, "worker 1");
    write({1, 0, "worker 1"}, EventKind::callback_exit, "EvtIoRead", 0, "\\_SB.LED0");
    EXPECT_EQ(story("processor 1"),
              "400 processor 1: begin worker 1\n400 processor 1: begin EvtIoRead\n"
              "500 processor 1: end\n500 processor 1: end\n");
}

TEST_F(PerfettoTest, locks_have_tracks_on_which_they_need_not_nest) {
    write(thread, EventKind::lock_acquired, "a", 1);
    write(thread, EventKind::lock_acquired, "b", 2);
    write(thread, EventKind::lock_released, "a", 1);
    write({1, 2, "worker 2"}, EventKind::lock_contended, "b", 2);
    write(thread, EventKind::lock_released, "b", 2);
    write(thread, EventKind::lock_released, "b", 2);  // once too often: nothing to end
    EXPECT_EQ(story("a"), "100 a: begin worker 1\n300 a: end\n");
    EXPECT_EQ(story("b"), "200 b: begin worker 1\n400 b: instant worker 2 waits\n500 b: end\n");
}

TEST_F(PerfettoTest, wires_are_counters_and_a_floating_one_lies_between) {
    perfetto.declare("led", 'z');
    perfetto.declare("button", '1');
    write({-1, 0, "button"}, EventKind::wire_changed, "button", 0);
    EXPECT_EQ(story("led"), "0 led: count 0.5\n");
    EXPECT_EQ(story("button"), "0 button: count 1.0\n100 button: count 0.0\n");
}

TEST_F(PerfettoTest, an_edge_and_its_interrupt_carry_one_flow) {
    const Where outside{-1, 0, "button"};
    write(outside, EventKind::wire_changed, "button", 0);
    time_ns -= 100;
    write(outside, EventKind::line_asserted, "GSI 39");
    write({0, 3, "GSI 39"}, EventKind::interrupt_enter, "GSI 39", 39);
    const std::string all = story();
    EXPECT_NE(all.find("100 outside and edges: instant wire button goes low flow 1\n"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find("200 processor 0: begin GSI 39 flow 1\n"), std::string::npos) << all;
}

TEST_F(PerfettoTest, findings_have_a_track) {
    write(thread, EventKind::finding, "lock-001", 0, "a lock is acquired twice");
    EXPECT_EQ(story("findings"), "100 findings: instant lock-001\n");
}

}  // namespace
}  // namespace gpioclx::trace
