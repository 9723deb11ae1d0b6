// A model that does what it is told to: crash, throw, loop, misuse its host.
#include <gpioclx/model.h>

#include <stdexcept>
#include <string_view>

namespace {

int written = 0;  // the shared object's own data

class Misbehaving final : public gpioclx::model::Model {
  public:
    static GxModelDescription describe() {
        static const GxModelProperty properties[] = {{"throw", "no", "in the constructor"}};
        return {"misbehaves on request", 2, 0, nullptr, 0, properties, 1};
    }
    explicit Misbehaving(const gpioclx::model::Host& given) : Model(given) {
        if (std::string_view(host.property("throw")) == "yes")
            throw std::runtime_error("the constructor was told to throw");
        if (std::string_view(host.property("throw")) == "crash")
            *static_cast<volatile int*>(nullptr) = 1;
    }
    void reset(bool) override {}

    bool perform(const char* action, const char* const*, unsigned) override {
        const std::string_view what = action;
        if (what == "crash") {
            *static_cast<volatile int*>(nullptr) = 1;
        } else if (what == "throw") {
            throw std::runtime_error("told to throw");
        } else if (what == "hang") {
            for (volatile int forever = 1; forever != 0;) {
            }
        } else if (what == "wrong_pin") {
            host.drive(7, gpioclx::model::Drive::high);
        } else if (what == "count") {
            ++written;
            host.drive(0,
                       written % 2 != 0 ? gpioclx::model::Drive::high : gpioclx::model::Drive::low);
        } else {
            return false;
        }
        return true;
    }

    // Each change of pin 0 makes the opposite change.
    void pin_changed(unsigned pin, gpioclx::model::Level level) override {
        if (pin == 1) return;
        if (level == gpioclx::model::Level::floating) host.drive(1, gpioclx::model::Drive::off);
    }
};

}  // namespace

GPIOCLX_MODEL(Misbehaving)
