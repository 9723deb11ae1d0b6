// Asks the system for chance, which no seed would repeat.
#include <gpioclx/model.h>

#include <cstdlib>

namespace {
struct Gambler final : gpioclx::model::Model {
    using Model::Model;
    static GxModelDescription describe() { return {"gambles", 1, 0, nullptr, 0, nullptr, 0}; }
    void reset(bool) override {
        host.drive(0, rand() % 2 != 0 ? gpioclx::model::Drive::high : gpioclx::model::Drive::low);
    }
};
}  // namespace

GPIOCLX_MODEL(Gambler)
