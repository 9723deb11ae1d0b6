// C++ models in shared objects: the example as its users have it, and models that misbehave.
#include "hardware/shared_model.h"

#include <gtest/gtest.h>

#include <string>

#include "hardware/model_library.h"
#include "hardware/test_bench.h"
#include "machine/arena.h"
#include "machine/checkpoint.h"

namespace gpioclx::hardware {
namespace {

std::string path_of(const std::string& name) { return std::string(GX_MODELS) + "/" + name + ".so"; }

class SharedModelTest : public testing::Test {
  protected:
    void SetUp() override { machine::Arena::instance().reset(); }
    void TearDown() override { device_.release(); }  // the arena goes as a whole

    Result<void> open(const std::string& name, std::vector<ModelProperty> properties = {}) {
        machine::ArenaScope inside;
        auto object = load_model_object(path_of(name), true);
        if (!object) return object.error();
        auto made = SharedModel::create(*object, "chip", properties, around_);
        if (!made) return made.error();
        device_ = std::move(*made);
        return {};
    }
    Error error_of(const std::string& name) {
        auto opened = open(name);
        return opened ? Error{.message = "no error"} : opened.error();
    }
    // What happens in a machine happens inside its arena.
    void write(std::uint64_t offset, std::uint8_t value) {
        machine::ArenaScope inside;
        device_->write(offset, 1, value);
    }
    bool perform(std::string_view action) {
        machine::ArenaScope inside;
        return device_->perform(action, {}).ok();
    }
    void run_until(std::uint64_t ns) {
        machine::ArenaScope inside;
        around_.run_until(ns);
    }
    static void drive(Signal& signal, Drive drive) {
        machine::ArenaScope inside;
        signal.drive(drive);
    }
    void index(std::uint8_t value) { write(0, value); }
    void data(std::uint8_t value) { write(1, value); }
    std::uint64_t data_of(std::uint8_t at) { return index(at), device_->read(1, 1); }
    void put(std::uint8_t at, std::uint8_t value) { index(at), data(value); }
    void open_superio() {
        const auto opened = open("superio", {{"settle_us", "5"}});
        ASSERT_TRUE(opened) << opened.error().text();
        for (unsigned pin = 0; pin < 8; ++pin) {
            wires_.push_back(std::make_unique<Wire>(around_, "net" + std::to_string(pin)));
            ASSERT_TRUE(device_->connect(pin, *wires_[pin]));
        }
        device_->reset(ResetKind::cold);
        index(0x87), index(0x87);
    }

    TestSurroundings around_;
    std::vector<std::unique_ptr<Wire>> wires_;
    std::unique_ptr<SharedModel> device_;
};

TEST_F(SharedModelTest, the_example_describes_itself) {
    ASSERT_TRUE(open("superio"));
    EXPECT_EQ(device_->pin_count(), 8u);
    EXPECT_EQ(device_->register_bytes(), 3u);
    EXPECT_EQ(device_->register_name(1), "DATA");
    EXPECT_EQ(device_->register_name(9), "");
    EXPECT_EQ(device_->output_count(), 1u);
    EXPECT_EQ(device_->output_name(0), "IRQ");
    EXPECT_NE(device_->as_registers(), nullptr);
}

TEST_F(SharedModelTest, its_outputs_reach_the_wire_after_their_time) {
    open_superio();
    put(0x10, 0x03);
    put(0x11, 0x01);
    EXPECT_EQ(device_->read(2, 1), 1u);
    EXPECT_EQ(wires_[0]->level(), Level::low);
    run_until(5000);
    EXPECT_EQ(device_->read(2, 1), 0u);
    EXPECT_EQ(wires_[0]->level(), Level::high);
    EXPECT_EQ(wires_[1]->level(), Level::low);
    EXPECT_TRUE(wires_[2]->floating());
}

TEST_F(SharedModelTest, an_edge_on_its_wire_asserts_its_interrupt_until_it_is_cleared) {
    open_superio();
    put(0x13, 0x04);
    Signal button("button", SignalOptions{}, around_);
    ASSERT_TRUE(button.connect(0, *wires_[2]));
    drive(button, Drive::high);
    EXPECT_EQ(around_.outputs, (std::vector<std::pair<unsigned, bool>>{{0, true}}));
    EXPECT_EQ(data_of(0x14), 0x04u);
    put(0x14, 0x04);
    EXPECT_EQ(around_.outputs.back(), (std::pair<unsigned, bool>{0, false}));
}

TEST_F(SharedModelTest, what_it_reports_carries_its_name_and_register) {
    open_superio();
    write(2, 1);
    ASSERT_EQ(around_.reports.size(), 1u);
    EXPECT_EQ(around_.reports[0].kind, HardwareEvent::Kind::write_to_read_only);
    EXPECT_NE(around_.reports[0].text.find("chip: write to a read-only register, STATUS"),
              std::string::npos);
}

TEST_F(SharedModelTest, a_checkpoint_covers_its_objects_and_the_data_of_the_shared_object) {
    ASSERT_TRUE(open("misbehaving"));
    Wire wire(around_, "net");
    ASSERT_TRUE(device_->connect(0, wire));
    ASSERT_TRUE(perform("count"));
    EXPECT_EQ(wire.level(), Level::high);
    const machine::Checkpoint checkpoint = machine::Checkpoint::take();
    ASSERT_TRUE(perform("count"));
    EXPECT_EQ(wire.level(), Level::low);
    checkpoint.restore();
    ASSERT_TRUE(perform("count"));
    EXPECT_EQ(wire.level(), Level::low) << "the count was 1 again";

    TearDown();
    open_superio();
    put(0x10, 0xFF);
    const machine::Checkpoint opened = machine::Checkpoint::take();
    put(0x10, 0x00);
    opened.restore();
    EXPECT_EQ(data_of(0x10), 0xFFu);
}

TEST_F(SharedModelTest, its_memory_is_the_machines) {
    const std::size_t before = machine::Arena::instance().heap_used();
    ASSERT_TRUE(open("superio"));
    EXPECT_GT(machine::Arena::instance().heap_used(), before);
}

TEST_F(SharedModelTest, a_property_that_it_does_not_have_is_refused) {
    auto opened = open("superio", {{"settle_ms", "5"}});
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().text().find("settle_ms"), std::string::npos);
    EXPECT_NE(opened.error().hint.find("settle_us"), std::string::npos);
}

TEST_F(SharedModelTest, what_is_no_model_is_said_to_be_none) {
    EXPECT_NE(error_of("missing").message.find("cannot be read"), std::string::npos);
    EXPECT_NE(error_of("no_entry").message.find("does not define 'gpioclx_model'"),
              std::string::npos);
    const Error text = [] {
        auto loaded = load_model_object(std::string(GX_HARDWARE_MAPS) + "/pl061.toml", true);
        return loaded ? Error{} : loaded.error();
    }();
    EXPECT_NE(text.message.find("no shared object"), std::string::npos);
}

TEST_F(SharedModelTest, a_symbol_that_nobody_defines_is_named_at_once) {
    EXPECT_NE(error_of("undefined_symbol").message.find("nobody_defines_this"), std::string::npos);
}

TEST_F(SharedModelTest, another_version_of_the_interface_is_refused_with_both_numbers) {
    const Error error = error_of("wrong_version");
    EXPECT_NE(error.message.find("version 2"), std::string::npos);
    EXPECT_NE(error.message.find("version 1"), std::string::npos);
}

TEST_F(SharedModelTest, imports_that_no_machine_can_allow_are_refused_by_name) {
    const Error chance = error_of("uses_chance");
    EXPECT_NE(chance.message.find("'rand'"), std::string::npos);
    EXPECT_NE(chance.hint.find("host.choose"), std::string::npos);
    const Error memory = error_of("uses_malloc");
    EXPECT_NE(memory.message.find("'malloc'"), std::string::npos);
}

TEST_F(SharedModelTest, an_exception_of_the_constructor_is_an_error_of_the_bench) {
    auto opened = open("misbehaving", {{"throw", "yes"}});
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("told to throw"), std::string::npos);
}

TEST_F(SharedModelTest, a_model_that_throws_is_told_and_not_entered_again) {
    ASSERT_TRUE(open("misbehaving"));
    (void)device_->perform("throw", {});
    ASSERT_EQ(around_.failures.size(), 1u);
    EXPECT_EQ(around_.failures[0], "chip: told to throw");
    (void)device_->perform("throw", {});
    EXPECT_EQ(around_.failures.size(), 1u);
}

TEST_F(SharedModelTest, a_pin_that_it_does_not_have_is_told) {
    ASSERT_TRUE(open("misbehaving"));
    (void)device_->perform("wrong_pin", {});
    ASSERT_EQ(around_.failures.size(), 1u);
    EXPECT_EQ(around_.failures[0], "chip: it drives pin 7; it has 2");
}

TEST_F(SharedModelTest, an_unknown_action_is_an_error) {
    ASSERT_TRUE(open("misbehaving"));
    EXPECT_FALSE(device_->perform("dance", {}));
}

}  // namespace
}  // namespace gpioclx::hardware
