// The models there are, by name: controllers from register-map files, and parts around them.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/result.h"
#include "hardware/device.h"
#include "hardware/model_property.h"
#include "hardware/surroundings.h"

namespace gpioclx::hardware {

struct ModelInfo {
    std::string name;
    std::string title;
    std::string source = {};  // document; empty for parts
    bool controller = false;
    bool serial = false;  // behind a serial bus
    std::vector<PropertyInfo> properties = {};
};

class ModelLibrary {
  public:
    // Told of each shared object before code of it runs, for symbols.
    using Announce =
        std::function<void(const std::string& path, std::uintptr_t base, std::size_t size)>;
    void announce_with(Announce announce) { announce_ = std::move(announce); }

    // Reads all *.toml of the folder, so that a mistake in any of them shows at once. The variants
    // of a map are also models of their own name, except those that only change behaviour
    // (same pins and size), which are properties: bcm2711; simgpio with sample=true.
    static Result<ModelLibrary> open(const std::string& maps_directory);

    const std::vector<ModelInfo>& models() const { return models_; }
    const ModelInfo* find(std::string_view model) const;

    // `model` is a name of models(), or the path of a file of the user's: a register map (*.toml)
    // or a shared object with a C++ model (*.so).
    Result<std::unique_ptr<Device>> create(std::string_view model, std::string device_name,
                                           std::span<const ModelProperty> properties,
                                           Surroundings& surroundings) const;

    std::string help() const;                                // one line a model
    Result<std::string> help(std::string_view model) const;  // its properties

  private:
    struct MapFile {
        std::string model;
        std::string file;
        std::string variant = {};                // fixed by the model's name; or empty
        std::vector<std::string> variants = {};  // selectable by `variant`
        std::vector<std::string> switches = {};  // variants that are switches too
    };

    Result<void> add_map(const std::string& file);
    Error unknown_model(std::string_view model) const;
    Result<std::unique_ptr<Device>> create_controller(const MapFile& map, const ModelInfo& info,
                                                      std::string device_name,
                                                      std::span<const ModelProperty> properties,
                                                      Surroundings& surroundings) const;

    std::vector<ModelInfo> models_;
    std::vector<MapFile> maps_;
    Announce announce_;
    mutable std::vector<std::string> objects_;  // shared objects in use
};

}  // namespace gpioclx::hardware
