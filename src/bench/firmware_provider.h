// Firmware as the kernel wants it: its devices and resources, with the overrides of the bench.
#pragma once

#include "bench/bench_file.h"
#include "firmware/firmware.h"
#include "kernel/acpi_provider.h"

namespace gpioclx::bench {

class FirmwareProvider final : public kernel::AcpiProvider {
  public:
    // Reads all devices and resources once. Errors: a resource that does not decode, an override
    // of something that is not there.
    static Result<std::unique_ptr<FirmwareProvider>> create(firmware::Firmware& firmware,
                                                            const BenchFile& bench);

    std::vector<kernel::AcpiDevice> devices() override { return devices_; }
    Result<std::vector<kernel::DeviceResource>> resources(const std::string& path) override;
    bool has_method(const std::string& path, const std::string& name) override;
    Result<kernel::AcpiValue> evaluate(const std::string& path, const std::string& name,
                                       const std::vector<kernel::AcpiValue>& arguments) override;

    const kernel::AcpiDevice* find(std::string_view path) const;
    // What firmware said of each resource, for people, in the order of resources().
    const std::vector<std::string>& descriptions(const std::string& path) const;

  private:
    explicit FirmwareProvider(firmware::Firmware& firmware) : firmware_(firmware) {}
    Result<void> read_devices();
    Result<void> apply(const ResourceOverride& change, const std::string& file);

    firmware::Firmware& firmware_;
    std::vector<kernel::AcpiDevice> devices_;
    std::map<std::string, std::vector<kernel::DeviceResource>> resources_;
    std::map<std::string, std::vector<std::string>> descriptions_;
};

}  // namespace gpioclx::bench
