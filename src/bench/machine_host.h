// ACPICA on the machine: its threads are the machine's threads, its time the machine's time.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "firmware/host.h"
#include "kernel/register_range.h"
#include "machine/machine.h"

namespace gpioclx::bench {

class MachineHost final : public firmware::Host {
  public:
    explicit MachineHost(machine::Machine& machine);

    void* allocate(std::size_t bytes) override;
    void free(void* memory) override;
    std::uint64_t now_100ns() override;
    void sleep_ms(std::uint64_t milliseconds) override;
    void stall_us(std::uint32_t microseconds) override;
    std::uint64_t current_thread() override;
    bool block(firmware::Channel channel, std::uint32_t timeout_ms) override;
    void unblock(firmware::Channel channel) override;
    void execute(firmware::Work work) override;
    void wait_executed() override;
    std::optional<std::uint64_t> read_memory(std::uint64_t address, unsigned width) override;
    bool write_memory(std::uint64_t address, unsigned width, std::uint64_t value) override;
    std::optional<std::uint32_t> read_port(std::uint64_t port, unsigned width) override;
    bool write_port(std::uint64_t port, unsigned width, std::uint32_t value) override;
    void log(firmware::LogLevel level, std::string_view line) override;

    // Registers that AML reaches through SystemMemory as drivers do.
    void add_registers(kernel::RegisterRange& range) { registers_.push_back(&range); }

    // Warnings and errors since the start, one text a line.
    const std::vector<std::string>& complaints() const { return complaints_; }

  private:
    bool on_thread() const {
        return machine_.on_processor() && machine_.running_thread() != nullptr;
    }
    kernel::RegisterRange* registers_at(std::uint64_t address, unsigned width) const;
    void note_missing(const char* space, std::uint64_t address);
    static void worker_entry(void* host);
    void work_forever();

    machine::Machine& machine_;
    machine::NameId waiting_;
    machine::NameId speaker_;
    std::map<firmware::Channel, std::vector<machine::Thread*>> waiters_;
    std::deque<firmware::Work> work_;
    machine::Thread* worker_ = nullptr;
    bool working_ = false;
    std::vector<kernel::RegisterRange*> registers_;
    // What AML wrote where nothing stands, by address and by port; the rest reads as zero.
    std::map<std::uint64_t, std::uint8_t> memory_;
    std::map<std::uint64_t, std::uint8_t> ports_;
    std::set<std::uint64_t> missing_;  // pages that were told of
    std::vector<std::string> complaints_;
};

}  // namespace gpioclx::bench
