// As built with a header of another version.
#include <gpioclx/model.h>

extern "C" __attribute__((visibility("default"))) const GxModelTable* gpioclx_model() {
    static GxModelTable table{};
    table.version = gpioclx::model::interface_version + 1;
    return &table;
}
