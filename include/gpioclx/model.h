// A hardware model of your own, for what a register map cannot say: a C++ class in a shared object
// that a bench file names (model = "path/my_model.so"). docs/models.md tells how; examples/models/
// has one with its CMakeLists.txt.
//
// Between gpioclx and a model is plain C: a model may be built by another compiler or with another
// standard library. This header needs C++17 and nothing else.
//
// A model runs inside the deterministic machine, in the one thread of it. So it asks `host` for
// time and chance, never the system; its objects come from `new`; and its writable data (of the
// shared object too) are part of the machine: a checkpoint saves them and puts them back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>

extern "C" {

// Grows only at the end; `size` tells how much of it there is.
struct GxModelHost {
    std::uint32_t version;
    std::uint32_t size;
    std::uint64_t (*now_ns)(void* host);
    void (*drive)(void* host, std::uint32_t pin, std::int32_t level);
    void (*pull)(void* host, std::uint32_t pin, std::int32_t direction);
    std::int32_t (*level)(void* host, std::uint32_t pin);
    void (*interrupt)(void* host, std::uint32_t output, std::int32_t active);
    void (*call_at)(void* host, std::uint64_t time_ns, std::uint64_t tag);
    std::uint64_t (*choose)(void* host, const char* name, std::uint64_t alternatives);
    void (*report)(void* host, std::uint32_t kind, std::uint64_t offset, std::uint64_t value,
                   const char* text);
    const char* (*property)(void* host, const char* name);
    void (*failed)(void* host, const char* what);
};

struct GxModelProperty {
    const char* name;
    const char* default_value;
    const char* meaning;
};

struct GxModelDescription {
    const char* title;
    std::uint32_t pins;
    std::uint64_t register_bytes;  // 0: a part without registers
    const char* const* outputs;    // interrupt outputs by name
    std::uint32_t output_count;
    const GxModelProperty* properties;
    std::uint32_t property_count;
};

struct GxModelTable {
    std::uint32_t version;  // stays the first member in all versions
    std::uint32_t size;
    GxModelDescription description;
    void* (*create)(const GxModelHost* functions, void* host);
    void (*reset)(void* model, std::int32_t cold);
    std::uint64_t (*read)(void* model, std::uint64_t offset, std::uint32_t bytes);
    void (*write)(void* model, std::uint64_t offset, std::uint32_t bytes, std::uint64_t value);
    void (*pin_changed)(void* model, std::uint32_t pin, std::int32_t level);
    void (*time_reached)(void* model, std::uint64_t tag);
    const char* (*register_name)(void* model, std::uint64_t offset);
    std::int32_t (*perform)(void* model, const char* action, const char* const* arguments,
                            std::uint32_t count);
};

}  // extern "C"

namespace gpioclx::model {

constexpr std::uint32_t interface_version = 1;

enum class Level : std::int32_t { low = 0, high = 1, floating = 2 };
enum class Drive : std::int32_t { off = -1, low = 0, high = 1 };
enum class Pull : std::int32_t { down = -1, none = 0, up = 1 };

// What a driver did that the data sheet forbids: shown in the timeline with the driver's line, and
// countable by a bench (expect report write_to_read_only 0).
enum class Report : std::uint32_t {
    write_to_read_only,
    read_of_write_only,
    reserved_bits_set,
    reserved_value,
    unmapped_read,
    unmapped_write,
    access_width,
    misaligned_access,
};

template <typename Class>
struct Table;

// What a model can ask of the board. Copy it freely.
class Host {
  public:
    Host(const GxModelHost* functions, void* host) : functions_(functions), host_(host) {}

    std::uint64_t now_ns() const { return functions_->now_ns(host_); }
    // The model's own driver and resistor of a pin.
    void drive(unsigned pin, Drive level) {
        functions_->drive(host_, pin, static_cast<std::int32_t>(level));
    }
    void pull(unsigned pin, Pull direction) {
        functions_->pull(host_, pin, static_cast<std::int32_t>(direction));
    }
    // The level of the wire at a pin, with what everybody drives and pulls.
    Level level(unsigned pin) const { return static_cast<Level>(functions_->level(host_, pin)); }
    // An interrupt output, by its place in the description. Takes effect when the model returns.
    void interrupt(unsigned output, bool active) {
        functions_->interrupt(host_, output, active ? 1 : 0);
    }
    // Calls Model::time_reached(tag) at that virtual time. Cannot be taken back: give tags a
    // meaning that survives being late.
    void call_at(std::uint64_t time_ns, std::uint64_t tag) {
        functions_->call_at(host_, time_ns, tag);
    }
    // 0 .. alternatives-1 where the data sheet leaves something open; 0 is what its reader expects.
    std::uint64_t choose(const char* name, std::uint64_t alternatives) {
        return functions_->choose(host_, name, alternatives);
    }
    void report(Report kind, std::uint64_t offset, std::uint64_t value, const char* text = "") {
        functions_->report(host_, static_cast<std::uint32_t>(kind), offset, value, text);
    }
    // As the bench file gives it (with = { name = "value" }), else the description's default.
    const char* property(const char* name) const { return functions_->property(host_, name); }
    void failed(const char* what) const { functions_->failed(host_, what); }

  private:
    const GxModelHost* functions_;
    void* host_;
};

// Derive from it, with a constructor that takes a Host and a static function `describe`.
class Model {
  public:
    explicit Model(const Host& given) : host(given) {}
    virtual ~Model() = default;

    // Power on (cold), or a reset of the block. Called once before anything else.
    virtual void reset(bool cold) = 0;

    // Registers. `bytes` is 1, 2, 4 or 8. All effects must have happened when a call returns.
    virtual std::uint64_t read(std::uint64_t offset, unsigned bytes) {
        (void)bytes;
        host.report(Report::unmapped_read, offset, 0);
        return 0;
    }
    virtual void write(std::uint64_t offset, unsigned bytes, std::uint64_t value) {
        (void)bytes;
        host.report(Report::unmapped_write, offset, value);
    }
    // For the timeline; "" where no register is.
    virtual const char* register_name(std::uint64_t offset) const {
        (void)offset;
        return "";
    }

    // The wire at a pin has another level. Changes that the model itself brings about come after it
    // has returned.
    virtual void pin_changed(unsigned pin, Level level) { (void)pin, (void)level; }
    virtual void time_reached(std::uint64_t tag) { (void)tag; }
    // A script's `do NAME ACTION WORD...`; false if there is no such action.
    virtual bool perform(const char* action, const char* const* arguments, unsigned count) {
        (void)action, (void)arguments, (void)count;
        return false;
    }

  protected:
    Host host;

  private:
    template <typename>
    friend struct Table;
};

// The table of a class; used by GPIOCLX_MODEL. Nothing is thrown across the border.
template <typename Class>
struct Table {
    static Model* of(void* model) { return static_cast<Model*>(model); }

    template <typename Body>
    static auto guarded(void* model, Body body) -> decltype(body()) {
        try {
            return body();
        } catch (const std::exception& error) {
            of(model)->host.failed(error.what());
        } catch (...) {
            of(model)->host.failed("an exception of unknown type");
        }
        return decltype(body())();
    }
    static void* create(const GxModelHost* functions, void* host) {
        const Host given(functions, host);
        try {
            return static_cast<Model*>(new Class(given));
        } catch (const std::exception& error) {
            given.failed(error.what());
        } catch (...) {
            given.failed("an exception of unknown type");
        }
        return nullptr;
    }
    static void reset(void* model, std::int32_t cold) {
        guarded(model, [&] { of(model)->reset(cold != 0); });
    }
    static std::uint64_t read(void* model, std::uint64_t offset, std::uint32_t bytes) {
        return guarded(model, [&] { return of(model)->read(offset, bytes); });
    }
    static void write(void* model, std::uint64_t offset, std::uint32_t bytes, std::uint64_t value) {
        guarded(model, [&] { of(model)->write(offset, bytes, value); });
    }
    static void pin_changed(void* model, std::uint32_t pin, std::int32_t level) {
        guarded(model, [&] { of(model)->pin_changed(pin, static_cast<Level>(level)); });
    }
    static void time_reached(void* model, std::uint64_t tag) {
        guarded(model, [&] { of(model)->time_reached(tag); });
    }
    static const char* register_name(void* model, std::uint64_t offset) {
        return guarded(model, [&] { return of(model)->register_name(offset); });
    }
    static std::int32_t perform(void* model, const char* action, const char* const* arguments,
                                std::uint32_t count) {
        return guarded(model, [&]() -> std::int32_t {
            return of(model)->perform(action, arguments, count) ? 1 : 0;
        });
    }
    static const GxModelTable* get() {
        static const GxModelTable table = {interface_version,
                                           sizeof(GxModelTable),
                                           Class::describe(),
                                           &create,
                                           &reset,
                                           &read,
                                           &write,
                                           &pin_changed,
                                           &time_reached,
                                           &register_name,
                                           &perform};
        return &table;
    }
};

}  // namespace gpioclx::model

// Once in a shared object, outside of any namespace: makes CLASS its model.
#define GPIOCLX_MODEL(CLASS)                                                                \
    extern "C" __attribute__((visibility("default"))) const GxModelTable* gpioclx_model() { \
        return ::gpioclx::model::Table<CLASS>::get();                                       \
    }
