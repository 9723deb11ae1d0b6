// Both drivers as images: built by the driver kit, loaded by the kernel, doing their work.
#include "driverkit/driver_image.h"

#include <filesystem>

#include "kernel/ldr/image.h"
#include "test_driver_fixture.h"

namespace gpioclx::kernel {
namespace {

namespace fs = std::filesystem;
using pnp_test::FunctionDriver;

class DriverImageTest : public PnpTest {
  protected:
    static constexpr const char* source = GX_PNP_SOURCE_FOLDER;

    std::string build(const std::string& name) {
        driverkit::BuildOptions options;
        options.wdk = fs::path(source) / "../../wdk";
        options.extensions = true;
        options.cache = GX_PNP_IMAGE_CACHE;
        options.exports = [](std::string_view symbol) {
            return ldr::find_export(symbol) != nullptr;
        };
        const auto image = driverkit::build(fs::path(source) / name, options);
        if (!image.ok()) ADD_FAILURE() << image.error().text();
        if (!image.ok()) return {};
        EXPECT_TRUE(image->warnings.empty()) << image->warnings[0];
        EXPECT_EQ(image->service, name);
        return image->image.string();
    }
};

TEST_F(DriverImageTest, the_bus_driver_and_the_hub_work_as_images) {
    const std::string bus_image = build("acpi_bus");
    const std::string hub_image = build("resource_hub");
    firmware.add("\\_SB.GPIO", "TEST0001");
    firmware.add("\\_SB.LED0", "TEST0001").needs = {"\\_SB.GPIO"};
    firmware.assigned["\\_SB.LED0"] = {
        GpioIoResource{.controller = "\\_SB.GPIO", .pins = {10}, .vendor_data = {}}};
    install("all", "TEST0001", FunctionDriver::entry);
    bus.image = bus_image;
    bus.entry = nullptr;
    hub.image = hub_image;
    hub.entry = nullptr;
    boot();
    EXPECT_EQ(device("\\_SB.LED0").state, "started") << device("\\_SB.LED0").message;
    EXPECT_EQ(open("\\Device\\RESOURCE_HUB\\0000000000000001").status, 0u);
    EXPECT_EQ(FunctionDriver::opened_names, std::vector<std::string>{"\\0000000000000001"});
    shut_down();
    EXPECT_TRUE(findings().empty()) << findings()[0];
}

}  // namespace
}  // namespace gpioclx::kernel
