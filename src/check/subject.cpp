#include "check/subject.h"

#include <fmt/format.h>

#include <algorithm>

#include "driverkit/inf_file.h"
#include "driverkit/project.h"
#include "hardware/controller.h"
#include "hardware/model_library.h"

namespace gpioclx::check {
namespace {

namespace fs = std::filesystem;

// A C++ model says nothing before it is loaded into a worker: enough room for any, one interrupt.
constexpr std::uint64_t unknown_window = 0x1000;

// A model that is only looked at.
class NoSurroundings final : public hardware::Surroundings {
  public:
    std::uint64_t now_ns() override { return 0; }
    void interrupt_output(hardware::Device&, unsigned, bool) override {}
    void at(std::uint64_t, std::function<void()>) override {}
};

// "VEN_ABCD&DEV_1234" -> "ABCD1234"; what else cannot be a _HID is left out.
std::string acpi_id(std::string id) {
    const auto device = id.find("&DEV_");
    if (id.starts_with("VEN_") && device != std::string::npos)
        id = id.substr(4, device - 4) + id.substr(device + 5, 4);
    const bool plain = std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
    return plain && (id.size() == 7 || id.size() == 8) ? id : "";
}

Result<ModelFacts> read_model(const Subject& subject, const fs::path& maps) {
    auto library = hardware::ModelLibrary::open(maps.string());
    if (!library) return library.error();
    ModelFacts facts{.bus = ModelFacts::Bus::memory, .window = unknown_window, .outputs = {}};
    if (subject.model.ends_with(".so")) return facts;
    std::vector<hardware::ModelProperty> properties;
    for (const auto& [name, value] : subject.properties) properties.push_back({name, value});
    NoSurroundings surroundings;
    auto device = library->create(subject.model, "model", properties, surroundings);
    if (!device) return device.error();
    const hardware::Controller* controller = (*device)->as_controller();
    if (controller == nullptr) {
        return Error{.message = fmt::format("'{}' is no GPIO controller", subject.model),
                     .hint =
                         "the name of a register map, or the path of one (.toml) or of a C++ "
                         "model (.so)"};
    }
    const hardware::RegisterMap& map = controller->map();
    facts.window = map.size;
    if (map.bus) {
        facts.bus = map.bus->kind == hardware::BusSpec::Kind::spi ? ModelFacts::Bus::spi
                                                                  : ModelFacts::Bus::i2c;
    }
    if (!map.interrupt) return facts;
    for (const hardware::OutputSpec& output : map.interrupt->outputs) {
        facts.outputs.push_back({output.name,
                                 !output.active_high,
                                 output.open_drain,
                                 {output.pins.begin(), output.pins.end()}});
    }
    facts.forgets_pulses = map.interrupt->compare == hardware::InterruptSpec::Compare::last_read;
    return facts;
}

}  // namespace

Result<Subject> read_subject(const fs::path& folder, const std::string& project,
                             const std::string& model,
                             const std::vector<std::pair<std::string, std::string>>& properties,
                             const bench::Installation& installation) {
    if (!fs::exists(folder))
        return Error{.message = "the driver's folder does not exist", .file = folder.string()};
    driverkit::BuildOptions options;
    options.project = project;
    options.wdk = installation.wdk;
    auto read = driverkit::read_project(folder, options);
    if (!read) return read.error();
    Subject subject{.folder = fs::absolute(folder).lexically_normal(),
                    .project = project,
                    .name = read->name,
                    .project_file = read->file,
                    .hardware_ids = {},
                    .model = model,
                    .properties = properties,
                    .facts = {}};
    if (model.ends_with(".so") || model.ends_with(".toml")) {
        if (!fs::exists(model)) return Error{.message = "the model does not exist", .file = model};
        subject.model = fs::absolute(model).lexically_normal().string();
    }
    for (const fs::path& inf : read->infs) {
        auto file = driverkit::read_inf(inf);
        if (!file) return file.error();
        for (const std::string& id : file->hardware_ids()) {
            if (std::string acpi = acpi_id(id); !acpi.empty())
                subject.hardware_ids.push_back(std::move(acpi));
        }
    }
    if (subject.hardware_ids.empty()) {
        return Error{.message = "the driver's .inx names no ACPI device that it serves",
                     .file = read->file.string(),
                     .hint = "a hardware id like ACPI\\TEST0001"};
    }
    if (model.empty()) return subject;  // of a bench that has one
    auto facts = read_model(subject, installation.maps);
    if (!facts) return facts.error();
    subject.facts = std::move(*facts);
    return subject;
}

}  // namespace gpioclx::check
