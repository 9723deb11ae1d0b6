#include "hardware/model_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "hardware/controller.h"
#include "hardware/map_table.h"
#include "hardware/part_models.h"
#include "hardware/register_map_reader.h"
#include "hardware/shared_model.h"

namespace gpioclx::hardware {
namespace {

std::vector<PropertyInfo> properties_of(const RegisterMap& map,
                                        const std::vector<std::string>& variants,
                                        const std::vector<std::string>& switches) {
    std::vector<PropertyInfo> properties;
    if (!variants.empty()) {
        std::string choices = "none";
        for (const std::string& variant : variants) choices += "|" + variant;
        properties.push_back({"variant", choices, "none", "which chip or behaviour"});
    }
    for (const std::string& name : switches) {
        properties.push_back({name, "true|false", "false", "the same as variant=" + name});
    }
    properties.push_back({"power_loss", "reset|garbage|none", "reset",
                          "what registers hold when their power comes back"});
    if (map.interrupt) {
        for (const OutputSpec& output : map.interrupt->outputs) {
            properties.push_back(
                {output.name, "PINS", to_string(output.pins), "pins on this interrupt output"});
        }
    }
    return properties;
}

}  // namespace

Result<ModelLibrary> ModelLibrary::open(const std::string& maps_directory) {
    std::error_code error;
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(maps_directory, error)) {
        if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
    }
    if (error) {
        return Error{.message = "register maps cannot be read: " + error.message(),
                     .file = maps_directory};
    }
    // The order of a directory differs between machines.
    std::sort(files.begin(), files.end());
    ModelLibrary library;
    for (const std::string& file : files) {
        if (auto added = library.add_map(file); !added) return added.error();
    }
    for (ModelInfo& part : part_models()) library.models_.push_back(std::move(part));
    return library;
}

Result<void> ModelLibrary::add_map(const std::string& file) {
    auto map = read_register_map(file);
    if (!map) return map.error();
    if (find(map->name)) {
        return Error{.message = fmt::format("there is a model '{}' already", map->name),
                     .file = file};
    }
    MapFile plain{.model = map->name, .file = file, .variants = map->variants};
    std::vector<std::pair<std::string, RegisterMap>> chips;
    for (const std::string& name : map->variants) {
        auto variant = read_register_map(file, name);
        if (!variant) return variant.error();
        const bool same_bus = !variant->bus || variant->bus->kind == map->bus->kind;
        if (variant->pins == map->pins && variant->size == map->size && same_bus) {
            plain.switches.push_back(name);
        } else {
            chips.emplace_back(name, std::move(*variant));
        }
    }
    models_.push_back({.name = map->name,
                       .title = map->title,
                       .source = map->source,
                       .controller = true,
                       .serial = map->bus.has_value(),
                       .properties = properties_of(*map, plain.variants, plain.switches)});
    maps_.push_back(std::move(plain));
    for (const auto& [name, variant] : chips) {
        models_.push_back({.name = name,
                           .title = variant.title,
                           .source = variant.source,
                           .controller = true,
                           .serial = variant.bus.has_value(),
                           .properties = properties_of(variant, {}, {})});
        maps_.push_back({.model = name, .file = file, .variant = name});
    }
    return {};
}

const ModelInfo* ModelLibrary::find(std::string_view model) const {
    for (const ModelInfo& info : models_) {
        if (info.name == model) return &info;
    }
    return nullptr;
}

Error ModelLibrary::unknown_model(std::string_view model) const {
    std::vector<std::string> names;
    for (const ModelInfo& info : models_) names.push_back(info.name);
    const std::string_view near = nearest_name(model, names);
    return {.message = fmt::format("there is no hardware model '{}'", model),
            .hint = near.empty() ? fmt::format("models: {}", fmt::join(names, ", "))
                                 : fmt::format("did you mean '{}'?", near)};
}

Result<std::unique_ptr<Device>> ModelLibrary::create(std::string_view model,
                                                     std::string device_name,
                                                     std::span<const ModelProperty> properties,
                                                     Surroundings& surroundings) const {
    if (model.ends_with(".so")) {
        const bool first = std::find(objects_.begin(), objects_.end(), model) == objects_.end();
        auto object = load_model_object(std::string(model), first);
        if (!object) return object.error();
        if (first) objects_.emplace_back(model);
        if (first && announce_) announce_(object->path, object->base, object->size);
        auto device =
            SharedModel::create(*object, std::move(device_name), properties, surroundings);
        if (!device) return device.error();
        return std::unique_ptr<Device>(std::move(*device));
    }
    if (model.ends_with(".toml")) {
        ModelLibrary own;
        if (auto added = own.add_map(std::string(model)); !added) return added.error();
        return own.create_controller(own.maps_.front(), own.models_.front(), std::move(device_name),
                                     properties, surroundings);
    }
    const ModelInfo* info = find(model);
    if (!info) return unknown_model(model);
    for (const MapFile& map : maps_) {
        if (map.model == model) {
            return create_controller(map, *info, std::move(device_name), properties, surroundings);
        }
    }
    return create_part(*info, std::move(device_name), properties, surroundings);
}

Result<std::unique_ptr<Device>> ModelLibrary::create_controller(
    const MapFile& map_file, const ModelInfo& info, std::string device_name,
    std::span<const ModelProperty> properties, Surroundings& surroundings) const {
    PropertyReader reader(device_name, info.name, properties, info.properties);
    std::string variant = map_file.variant;
    if (!map_file.variants.empty()) {
        const std::size_t chosen = reader.choice("variant");
        if (chosen > 0) variant = map_file.variants[chosen - 1];
    }
    for (const std::string& name : map_file.switches) {
        if (reader.boolean(name)) {
            if (!variant.empty() && variant != name) {
                reader.wrong(name, fmt::format("variant {} is chosen already", variant));
            }
            variant = name;
        }
    }
    const auto loss = static_cast<PowerLoss>(reader.choice("power_loss"));
    if (auto good = reader.check(); !good) return good.error();
    auto map = read_register_map(map_file.file, variant);
    if (!map) return map.error();
    if (map->interrupt) {
        for (OutputSpec& output : map->interrupt->outputs) {
            if (!reader.given(output.name)) continue;
            auto pins = parse_pin_list(reader.text(output.name), map->pins);
            if (pins) {
                output.pins = std::move(*pins);
            } else {
                reader.wrong(output.name, pins.error().message, pins.error().hint);
            }
        }
    }
    if (auto good = reader.check(); !good) return good.error();
    auto controller = Controller::create(std::move(device_name), std::move(*map), surroundings);
    if (!controller) return controller.error();
    (*controller)->set_power_loss(loss);
    return std::unique_ptr<Device>(std::move(*controller));
}

std::string ModelLibrary::help() const {
    std::string text;
    for (const ModelInfo& info : models_) {
        text += fmt::format("{:<12} {}{}\n", info.name, info.title,
                            info.source.empty() ? "" : fmt::format(" ({})", info.source));
    }
    return text;
}

Result<std::string> ModelLibrary::help(std::string_view model) const {
    const ModelInfo* info = find(model);
    if (!info) return unknown_model(model);
    std::string text = fmt::format("{}: {}\n", info->name, info->title);
    if (info->properties.empty()) text += "  no properties\n";
    for (const PropertyInfo& property : info->properties) {
        text += fmt::format("  {}={}  {} (default {})\n", property.name, property.choices,
                            property.meaning,
                            property.default_value.empty() ? "empty" : property.default_value);
    }
    return text;
}

}  // namespace gpioclx::hardware
