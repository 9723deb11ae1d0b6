#include "bench/model_registers.h"

namespace gpioclx::bench {

ModelRegisters::ModelRegisters(machine::Machine& machine, hardware::RegisterBlock& model,
                               std::uint64_t base, std::string_view device_path)
    : model_(model), unmapped_(machine.name("unmapped")) {
    physical_base = base;
    length = model.register_bytes();
    device = machine.name(device_path);
    names_.reserve(length / 4);
    for (std::uint64_t offset = 0; offset < length; offset += 4) {
        // Words of fewer than 32 bits may hold several registers; the first one names them.
        std::string_view name = model.register_name(offset);
        names_.push_back(name.empty() ? unmapped_ : machine.name(name));
    }
}

}  // namespace gpioclx::bench
