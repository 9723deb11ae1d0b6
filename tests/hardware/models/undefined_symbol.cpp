// Uses a function that nobody defines.
#include <gpioclx/model.h>

extern "C" void nobody_defines_this();

namespace {
struct Lacking final : gpioclx::model::Model {
    using Model::Model;
    static GxModelDescription describe() {
        return {"lacks a function", 1, 0, nullptr, 0, nullptr, 0};
    }
    void reset(bool) override { nobody_defines_this(); }
};
}  // namespace

GPIOCLX_MODEL(Lacking)
