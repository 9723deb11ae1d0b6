#include "hardware/part_models.h"

#include <algorithm>
#include <utility>

#include "hardware/button.h"
#include "hardware/led.h"
#include "hardware/pull_resistor.h"
#include "hardware/signal.h"

namespace gpioclx::hardware {
namespace {

ButtonOptions read_button(PropertyReader& reader) {
    ButtonOptions options;
    options.active_low = reader.choice("active") == 0;
    const std::size_t pull = reader.choice("pull");
    options.pull =
        pull == 0 ? (options.active_low ? Pull::up : Pull::down) : static_cast<Pull>(pull - 1);
    options.bounce_ns = reader.times_ns("bounce");
    if (!std::is_sorted(options.bounce_ns.begin(), options.bounce_ns.end())) {
        reader.wrong("bounce", "the times must ascend", "they count from the first touch");
    }
    if (options.bounce_ns.size() % 2 != 0) {
        reader.wrong("bounce", "an odd number of toggles would leave a pressed button open",
                     "give an even number of times");
    }
    return options;
}

}  // namespace

std::vector<ModelInfo> part_models() {
    return {
        {.name = "button",
         .title = "push button to ground or supply",
         .properties = {{"active", "low|high", "low", "level of the wire while pressed"},
                        {"pull", "auto|none|up|down", "auto",
                         "its own resistor; auto: away from the pressed level"},
                        {"bounce", "TIME,TIME,..", "",
                         "when the contact toggles after the first touch (even count)"}}},
        {.name = "led",
         .title = "light-emitting diode, observes a wire",
         .properties = {{"active", "low|high", "high", "level that lights it"}}},
        {.name = "signal",
         .title = "drives a wire as another chip would",
         .properties = {{"initial", "off|low|high", "off", "before the first action"},
                        {"open_drain", "true|false", "false", "high is released, not driven"}}},
        {.name = "pull",
         .title = "pull resistor",
         .properties = {{"to", "up|down", "up", "supply or ground"},
                        {"strength", "weak|normal|strong", "normal",
                         "pulls inside of chips are weak"}}},
        {.name = "wire",
         .title = "a net with a name, drives nothing",
         .properties = {{"pull", "none|up|down", "none", "resistor on the net"}}},
    };
}

Result<std::unique_ptr<Device>> create_part(const ModelInfo& info, std::string device_name,
                                            std::span<const ModelProperty> properties,
                                            Surroundings& surroundings) {
    PropertyReader reader(device_name, info.name, properties, info.properties);
    std::unique_ptr<Device> device;
    if (info.name == "button") {
        ButtonOptions options = read_button(reader);
        if (reader.check()) {
            device = std::make_unique<Button>(device_name, std::move(options), surroundings);
        }
    } else if (info.name == "led") {
        device = std::make_unique<Led>(device_name, reader.choice("active") == 0, surroundings);
    } else if (info.name == "signal") {
        const SignalOptions options{.initial = static_cast<Drive>(reader.choice("initial")),
                                    .open_drain = reader.boolean("open_drain")};
        device = std::make_unique<Signal>(device_name, options, surroundings);
    } else if (info.name == "pull") {
        const Pull pull = reader.choice("to") == 0 ? Pull::up : Pull::down;
        device = std::make_unique<PullResistor>(device_name, info.name, pull,
                                                static_cast<Strength>(reader.choice("strength")));
    } else {
        device = std::make_unique<PullResistor>(
            device_name, info.name, static_cast<Pull>(reader.choice("pull")), Strength::normal);
    }
    if (auto good = reader.check(); !good) return good.error();
    return device;
}

}  // namespace gpioclx::hardware
