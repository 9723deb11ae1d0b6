#include "bench/model_registers.h"

namespace gpioclx::bench {

ModelRegisters::ModelRegisters(machine::Machine& machine, hardware::RegisterBlock& model,
                               std::uint64_t base, std::string_view device_path)
    : model_(model), unmapped_(machine.name("unmapped")) {
    physical_base = base;
    length = model.register_bytes();
    device = machine.name(device_path);
    // Small blocks may have registers of a byte; in large ones, the first of a word names it.
    if (length <= 256) bytes_a_name_ = 1;
    names_.reserve(length / bytes_a_name_);
    for (std::uint64_t offset = 0; offset < length; offset += bytes_a_name_) {
        std::string_view name = model.register_name(offset);
        names_.push_back(name.empty() ? unmapped_ : machine.name(name));
    }
}

}  // namespace gpioclx::bench
