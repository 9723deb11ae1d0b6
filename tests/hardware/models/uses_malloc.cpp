// Keeps state where no checkpoint finds it.
#include <gpioclx/model.h>

#include <cstdlib>

namespace {
struct Hoarder final : gpioclx::model::Model {
    using Model::Model;
    static GxModelDescription describe() { return {"hoards", 1, 0, nullptr, 0, nullptr, 0}; }
    void reset(bool) override { memory = std::malloc(host.now_ns() + 16); }
    void* memory = nullptr;
};
}  // namespace

GPIOCLX_MODEL(Hoarder)
