#include "worker/event_ring.h"

#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "machine/arena.h"

namespace gpioclx::worker {

// All pages of the ring now: else its first turn has a page fault every 64 events.
RingSink::RingSink(SharedLayout& shared) : shared_(shared) {
    window_.written = &shared.written;
    constexpr std::uintptr_t page = 4096;
    const auto start = reinterpret_cast<std::uintptr_t>(shared.ring) & ~(page - 1);
    const auto end = reinterpret_cast<std::uintptr_t>(shared.ring + ring_capacity);
    // An old kernel does not know how; then they come one by one.
    madvise(reinterpret_cast<void*>(start), end - start, MADV_POPULATE_WRITE);
}

void RingSink::record(const machine::Event& event) {
    if (window_.next == window_.end) open_window();
    *window_.next = event;
    window_.publish();
}

// The window reaches as far as the supervisor has read, at most to the end of the ring.
void RingSink::open_window() {
    const std::uint64_t written = shared_.written.load(std::memory_order_relaxed);
    const std::uint64_t place = written % ring_capacity;
    for (;;) {
        const std::uint64_t consumed = shared_.consumed.load(std::memory_order_acquire);
        const std::uint64_t room = consumed + ring_capacity - written;
        if (room != 0) {
            window_.next = &shared_.ring[place];
            window_.end = window_.next + std::min(room, ring_capacity - place);
            return;
        }
        // The supervisor's watchdog must not take waiting for itself for a hang.
        shared_.heartbeat.fetch_add(1, std::memory_order_relaxed);
        const timespec pause{0, 50'000};
        nanosleep(&pause, nullptr);
    }
}

namespace {

std::string_view text_at(const SharedLayout& shared, machine::NameId id) {
    if (id == machine::no_name || id >= shared.name_count.load(std::memory_order_acquire))
        return {};
    const std::uint32_t start = shared.name_offsets[id];
    return {shared.name_text + start, shared.name_offsets[id + 1] - start};
}

}  // namespace

struct SharedNames::Index {
    std::unordered_map<std::string_view, machine::NameId> ids;
};

SharedNames::SharedNames(SharedLayout& shared) : shared_(shared) {
    machine::OutsideArenaScope outside;
    index_ = new Index;
}

SharedNames::~SharedNames() { delete index_; }

machine::NameId SharedNames::intern(std::string_view text) {
    if (text.empty()) return machine::no_name;
    const auto known = index_->ids.find(text);
    if (known != index_->ids.end()) return known->second;
    const std::uint32_t id = shared_.name_count.load(std::memory_order_relaxed);
    const std::uint32_t start = shared_.name_text_used;
    // A run with more different texts than this prints them as "...": nothing else depends on them.
    if (id + 1 >= name_capacity || start + text.size() > name_text_capacity) {
        return text == "..." ? machine::no_name : intern("...");
    }
    machine::OutsideArenaScope outside;
    std::memcpy(shared_.name_text + start, text.data(), text.size());
    shared_.name_text_used = start + static_cast<std::uint32_t>(text.size());
    shared_.name_offsets[id] = start;
    shared_.name_offsets[id + 1] = shared_.name_text_used;
    shared_.name_count.store(id + 1, std::memory_order_release);
    index_->ids.emplace(std::string_view(shared_.name_text + start, text.size()), id);
    return id;
}

std::string_view SharedNames::text(machine::NameId id) const { return text_at(shared_, id); }

std::string_view EventReader::name(machine::NameId id) const { return text_at(shared_, id); }

}  // namespace gpioclx::worker
