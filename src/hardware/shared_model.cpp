#include "hardware/shared_model.h"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

namespace gpioclx::hardware {
namespace {

// A model that answers each change of its pins with another one, for ever.
constexpr unsigned changes_max = 10'000;

HardwareEvent::Kind kind_of(std::uint32_t report) {
    using Kind = HardwareEvent::Kind;
    switch (static_cast<model::Report>(report)) {
        case model::Report::write_to_read_only: return Kind::write_to_read_only;
        case model::Report::read_of_write_only: return Kind::read_of_write_only;
        case model::Report::reserved_bits_set: return Kind::reserved_bits_set;
        case model::Report::reserved_value: return Kind::reserved_value;
        case model::Report::unmapped_read: return Kind::unmapped_read;
        case model::Report::unmapped_write: return Kind::unmapped_write;
        case model::Report::access_width: return Kind::access_width;
        case model::Report::misaligned_access: return Kind::misaligned_access;
    }
    return Kind::reserved_value;
}

constexpr unsigned pins_max = 4096;
constexpr std::uint64_t registers_max = 16 << 20;
constexpr unsigned outputs_max = 256;

// What a model says of itself comes from outside.
Result<void> check(const SharedObject& object) {
    const GxModelDescription& it = object.table->description;
    std::string wrong;
    if (it.pins > pins_max) wrong = fmt::format("{} pins; at most {}", it.pins, pins_max);
    if (it.register_bytes > registers_max)
        wrong = fmt::format("{} bytes of registers; at most {}", it.register_bytes, registers_max);
    if (it.output_count > outputs_max)
        wrong = fmt::format("{} outputs; at most {}", it.output_count, outputs_max);
    if (it.output_count != 0 && it.outputs == nullptr) wrong = "outputs without names";
    if (it.property_count != 0 && it.properties == nullptr) wrong = "properties without names";
    if (wrong.empty()) return {};
    return Error{.message = "the model describes itself wrongly: " + wrong, .file = object.path};
}

std::int32_t level_of(const Wire& wire) {
    return wire.floating() ? static_cast<std::int32_t>(model::Level::floating)
           : wire.high()   ? 1
                           : 0;
}

}  // namespace

// Runs a call into the model and then what the call brought about.
template <typename Call>
auto SharedModel::enter(Call call) {
    using Value = decltype(call());
    if (broken_) {
        if constexpr (std::is_void_v<Value>) {
            return;
        } else {
            return Value{};
        }
    }
    const bool outermost = !std::exchange(inside_, true);
    if constexpr (std::is_void_v<Value>) {
        call();
        if (outermost) leave();
    } else {
        const Value value = call();
        if (outermost) leave();
        return value;
    }
}

const GxModelHost& SharedModel::functions() {
    static constexpr GxModelHost host = {
        .version = model::interface_version,
        .size = sizeof(GxModelHost),
        .now_ns = [](void* h) { return of(h).surroundings_->now_ns(); },
        .drive =
            [](void* h, std::uint32_t pin, std::int32_t level) {
                if (!of(h).pin_exists(pin, "drives")) return;
                of(h).terminals_[pin].drive(level < 0 ? Drive::off : drive_of(level != 0));
            },
        .pull =
            [](void* h, std::uint32_t pin, std::int32_t direction) {
                if (!of(h).pin_exists(pin, "pulls")) return;
                of(h).terminals_[pin].pull(direction > 0   ? Pull::up
                                           : direction < 0 ? Pull::down
                                                           : Pull::none);
            },
        .level = [](void* h, std::uint32_t pin) -> std::int32_t {
            if (!of(h).pin_exists(pin, "reads")) return 2;
            return level_of(*of(h).terminals_[pin].wire());
        },
        .interrupt =
            [](void* h, std::uint32_t output, std::int32_t active) {
                SharedModel& self = of(h);
                if (output < self.outputs_.size()) {
                    self.outputs_[output].wanted = active != 0;
                } else {
                    self.fail(fmt::format("it asserts output {}; it has {}", output,
                                          self.outputs_.size()));
                }
            },
        .call_at =
            [](void* h, std::uint64_t time_ns, std::uint64_t tag) {
                SharedModel& self = of(h);
                self.surroundings_->at(time_ns, [&self, tag] {
                    self.enter([&] { self.table_->time_reached(self.model_, tag); });
                });
            },
        .choose = [](void* h, const char* name, std::uint64_t alternatives) -> std::uint64_t {
            SharedModel& self = of(h);
            if (alternatives < 2) return 0;
            return self.surroundings_->choose(fmt::format("{}/{}", self.name(), name),
                                              alternatives);
        },
        .report =
            [](void* h, std::uint32_t kind, std::uint64_t offset, std::uint64_t value,
               const char* text) {
                SharedModel& self = of(h);
                self.surroundings_->report({.kind = kind_of(kind),
                                            .source = self.name(),
                                            .register_name = self.register_name(offset),
                                            .offset = offset,
                                            .value = value,
                                            .detail = text != nullptr ? text : ""});
            },
        .property = [](void* h, const char* name) -> const char* {
            for (const auto& [known, value] : of(h).properties_) {
                if (known == name) return value.c_str();
            }
            of(h).fail(
                fmt::format("it asks for a property '{}', which it does not describe", name));
            return "";
        },
        .failed = [](void* h, const char* what) { of(h).fail(what); },
    };
    return host;
}

SharedModel::SharedModel(const SharedObject& object, std::string name, Surroundings& surroundings)
    : Device(std::move(name), object.path),
      table_(object.table),
      surroundings_(&surroundings),
      terminals_(object.table->description.pins),
      levels_(object.table->description.pins, -1),
      outputs_(object.table->description.output_count) {}

Result<std::unique_ptr<SharedModel>> SharedModel::create(const SharedObject& object,
                                                         std::string device_name,
                                                         std::span<const ModelProperty> properties,
                                                         Surroundings& surroundings) {
    if (auto good = check(object); !good) return good.error();
    std::unique_ptr<SharedModel> device(
        new SharedModel(object, std::move(device_name), surroundings));
    if (auto taken = device->take_properties(properties); !taken) return taken.error();
    // Its constructor may look at properties; wires come later.
    device->inside_ = true;
    device->model_ = object.table->create(&functions(), device.get());
    device->inside_ = false;
    if (device->failure_ || device->model_ == nullptr) {
        return Error{.message = fmt::format("{}: the model could not be made: {}", device->name(),
                                            device->failure_.value_or("it returned nothing")),
                     .file = object.path};
    }
    return device;
}

Result<void> SharedModel::take_properties(std::span<const ModelProperty> properties) {
    const GxModelDescription& description = table_->description;
    std::vector<PropertyInfo> known;
    for (std::uint32_t i = 0; i < description.property_count; ++i) {
        const GxModelProperty& property = description.properties[i];
        known.push_back({property.name, "", property.default_value, property.meaning});
    }
    const PropertyReader reader(name(), model(), properties, known);
    if (auto good = reader.check(); !good) return good;
    for (const PropertyInfo& info : known)
        properties_.emplace_back(info.name, std::string(reader.text(info.name)));
    return {};
}

void SharedModel::leave() {
    unsigned count = 0;
    for (std::size_t i = 0; i < changes_.size() && !broken_; ++i) {
        const PinChange change = changes_[i];
        if (levels_[change.pin] == change.level) continue;
        levels_[change.pin] = change.level;
        table_->pin_changed(model_, change.pin, change.level);
        if (++count == changes_max) {
            surroundings_->report({.kind = HardwareEvent::Kind::oscillation,
                                   .source = name(),
                                   .detail = "the model answers each change with another one"});
            break;
        }
    }
    changes_.clear();
    inside_ = false;
    for (unsigned i = 0; i < outputs_.size(); ++i) {
        Output& output = outputs_[i];
        if (output.wanted == output.told) continue;
        output.told = output.wanted;
        if (output.terminal.connected()) output.terminal.drive(drive_of(output.told));
        surroundings_->interrupt_output(*this, i, output.told);
    }
}

void SharedModel::fail(std::string_view what) {
    if (model_ == nullptr) {
        failure_ = what;
        return;
    }
    broken_ = true;
    surroundings_->model_failed(*this, what);
}

bool SharedModel::pin_exists(std::uint32_t pin, const char* operation) {
    if (pin >= terminals_.size()) {
        fail(fmt::format("it {} pin {}; it has {}", operation, pin, terminals_.size()));
        return false;
    }
    return terminals_[pin].connected();  // an open pin: nobody sees or answers it
}

Result<void> SharedModel::connect(unsigned pin, Wire& wire) {
    if (auto possible = check_connect(pin, pin < terminals_.size() && terminals_[pin].connected());
        !possible) {
        return possible;
    }
    terminals_[pin] = wire.attach(this, pin, fmt::format("{}.{}", name(), pin));
    levels_[pin] = level_of(wire);
    return {};
}

void SharedModel::reset(ResetKind kind) {
    for (std::size_t pin = 0; pin < terminals_.size(); ++pin) {
        if (terminals_[pin].connected()) levels_[pin] = level_of(*terminals_[pin].wire());
    }
    enter([&] { table_->reset(model_, kind == ResetKind::cold ? 1 : 0); });
}

void SharedModel::wire_level(std::uint32_t pin, bool high, bool floating) {
    const std::int32_t level = floating ? 2 : high ? 1 : 0;
    changes_.push_back({pin, level});
    if (!inside_) enter([] {});
}

Result<void> SharedModel::perform(std::string_view action,
                                  std::span<const std::string_view> arguments) {
    const std::string named(action);
    const std::vector<std::string> words(arguments.begin(), arguments.end());
    std::vector<const char*> pointers;
    for (const std::string& word : words) pointers.push_back(word.c_str());
    const std::int32_t known = enter([&] {
        return table_->perform(model_, named.c_str(), pointers.data(),
                               static_cast<std::uint32_t>(pointers.size()));
    });
    // One that failed in it has been told already.
    return known != 0 || broken_ ? Result<void>() : no_such_action(action);
}

RegisterBlock* SharedModel::as_registers() { return register_bytes() != 0 ? this : nullptr; }

std::uint64_t SharedModel::read(std::uint64_t offset, unsigned bytes) {
    return enter([&] { return table_->read(model_, offset, bytes); });
}

void SharedModel::write(std::uint64_t offset, unsigned bytes, std::uint64_t value) {
    enter([&] { table_->write(model_, offset, bytes, value); });
}

std::string_view SharedModel::register_name(std::uint64_t offset) const {
    const char* text = table_->register_name(model_, offset);
    return text != nullptr ? text : "";
}

// Active high, as the processor's interrupt controller has it.
void SharedModel::connect_output(unsigned index, Wire& wire) {
    Output& output = outputs_[index];
    output.terminal = wire.attach(nullptr, 0, fmt::format("{}.{}", name(), output_name(index)));
    output.terminal.drive(drive_of(output.told));
}

std::string_view SharedModel::output_name(unsigned index) const {
    return table_->description.outputs[index];
}

}  // namespace gpioclx::hardware
