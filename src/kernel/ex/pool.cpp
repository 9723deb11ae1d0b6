#include "kernel/ex/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <new>

#include "kernel/dbg/finding.h"
#include "kernel/ke/address_table.h"
#include "kernel/ke/bug_check.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dpc.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"
#include "kernel/vf/fault_point.h"
#include "machine/witness.h"

namespace gpioclx::kernel::ex {
namespace {

using machine::Arena;
using machine::ChoiceKind;
using machine::EventKind;
using machine::Machine;
using machine::NameId;

constexpr ULONG live_magic = 0x6C6F6F50;
constexpr ULONG freed_magic = 0x65657246;
constexpr UCHAR fill_fresh = 0xA5;
constexpr UCHAR fill_freed = 0xDD;
constexpr UCHAR fill_guard = 0xBD;
constexpr std::size_t aside_count = 64;
constexpr std::size_t aside_limit = 4096;  // larger blocks are recycled at once

struct alignas(16) Header {
    ULONG magic = live_magic;
    ULONG tag = 0;
    NameId tag_name = machine::no_name;
    std::size_t size = 0;
    std::uint64_t number = 0;
    Header* next = nullptr;
    Header* previous = nullptr;
    const void* caller = nullptr;
    void* memory = nullptr;  // as the arena gave it

    UCHAR* body() { return reinterpret_cast<UCHAR*>(this + 1); }
    UCHAR* guard() { return body() + size; }
};

struct Pool {
    Header* first = nullptr;  // in order of allocation
    Header* last = nullptr;
    std::uint64_t numbers = 0;
    std::array<Header*, aside_count> aside{};
    std::size_t aside_next = 0;
    ke::AddressTable<NameId> tag_names;
    NameId allocate = Machine::current().name("allocate");  // the operation of a fault choice
};

NameId tag_name(ULONG tag) {
    auto& names = part<Pool>().tag_names;
    const auto* key = reinterpret_cast<const void*>(std::uintptr_t{tag} * 8 + 8);
    if (const NameId* known = names.find(key)) return *known;
    return names.insert(key, Machine::current().name(tag_text(tag)));
}

// Compared with itself one byte further on: memcmp is many times quicker than a loop over bytes.
bool all_bytes(const UCHAR* bytes, std::size_t size, UCHAR value) {
    return size == 0 || (bytes[0] == value && std::memcmp(bytes, bytes + 1, size - 1) == 0);
}

std::string describe(const Header& header) {
    const std::string caller = dbg::function_name(header.caller);
    const std::string kind = header.tag == heap_tag
                                 ? "the heap block"
                                 : fmt::format("the pool block '{}'", tag_text(header.tag));
    return fmt::format("{} #{} of {} bytes{}{}", kind, header.number, header.size,
                       caller.empty() ? "" : ", allocated in ", caller);
}

std::string was_freed(const void* block) {
    return fmt::format("{} was freed", describe(static_cast<const Header*>(block)[-1]));
}

void check_guard(Header& header, const char* when) {
    static_assert(guard_size == 16);
    constexpr std::uint64_t intact = 0x0101010101010101u * fill_guard;
    std::uint64_t words[2];
    std::memcpy(words, header.guard(), guard_size);
    if (words[0] == intact && words[1] == intact) [[likely]]
        return;
    std::memset(header.guard(), fill_guard, guard_size);  // first: a finding looks at all guards
    dbg::report_finding(
        dbg::id::pool_overrun,
        fmt::format("something wrote behind the end of {} (seen {})", describe(header), when));
}

void check_aside(Header& header) {
    if (all_bytes(header.body(), header.size, fill_freed)) [[likely]]
        return;
    const UCHAR* body = header.body();
    const UCHAR* bad =
        std::find_if(body, body + header.size, [](UCHAR b) { return b != fill_freed; });
    dbg::report_finding(dbg::id::pool_use_after_free,
                        fmt::format("something wrote to {} at offset {:#x} after it was freed",
                                    describe(header), bad - body));
}

void set_aside(Header& header) {
    Pool& pool = part<Pool>();
    Header*& slot = pool.aside[pool.aside_next++ % aside_count];
    if (slot != nullptr) {
        check_aside(*slot);
        Arena::instance().free(slot->memory);
    }
    slot = &header;
}

void link(Pool& pool, Header& header) {
    header.number = ++pool.numbers;
    header.previous = pool.last;
    (pool.last != nullptr ? pool.last->next : pool.first) = &header;
    pool.last = &header;
}

void unlink(Pool& pool, Header& header) {
    (header.previous != nullptr ? header.previous->next : pool.first) = header.next;
    (header.next != nullptr ? header.next->previous : pool.last) = header.previous;
}

// Blocks of a page and more start at a page, as on Windows.
Header& place(std::size_t size) {
    Arena& arena = Arena::instance();
    if (size < PAGE_SIZE) {
        void* memory = arena.allocate(sizeof(Header) + size + guard_size);
        Header* header = new (memory) Header;
        header->memory = memory;
        return *header;
    }
    void* memory = arena.allocate(sizeof(Header) + PAGE_SIZE + size + guard_size);
    const auto body = (reinterpret_cast<std::uintptr_t>(memory) + sizeof(Header) + PAGE_SIZE - 1) &
                      ~std::uintptr_t{PAGE_SIZE - 1};
    Header* header = new (reinterpret_cast<void*>(body - sizeof(Header))) Header;
    header->memory = memory;
    return *header;
}

Header& checked_header(void* block, const char* function) {
    const bool possible =
        Arena::contains(block) && reinterpret_cast<std::uintptr_t>(block) % 16 == 0;
    Header* header = static_cast<Header*>(block) - 1;
    if (possible && header->magic == live_magic) [[likely]]
        return *header;
    const bool freed = possible && header->magic == freed_magic;
    ke::bug_check(ke::bug_code::bad_pool_caller, freed ? 0x7 : 0x46,
                  reinterpret_cast<ULONG_PTR>(block), 0, 0,
                  freed ? fmt::format("{}: {} is already free", function, describe(*header))
                        : fmt::format("{} was given an address that is no pool block", function),
                  dbg::id::pool_bad_free);
}

}  // namespace

std::string tag_text(ULONG tag) {
    std::string text;
    for (int i = 0; i < 4; ++i) {
        const char c =
            static_cast<char>(tag >> (8 * i) & 0x7F);  // bit 31 once meant a protected block
        if (c != 0) text += c >= ' ' && c < 0x7F ? c : '.';
    }
    return text.empty() ? "None" : text;
}

void* allocate_pool(const PoolRequest& request) {
    machine::ArenaScope inside;
    Machine& machine = Machine::current();
    const NameId tag = tag_name(request.tag);
    if (request.may_fail && machine.on_processor()) {
        const NameId actor = machine.processor().actor;
        if (vf::asks_about_faults()) {
            if (vf::fault("allocation", tag) != 0) return nullptr;
        } else if (machine.choose({ChoiceKind::fault, actor, part<Pool>().allocate, tag}, 2) != 0)
            return nullptr;
    }
    Header& header = place(request.size);
    header.tag = request.tag;
    header.tag_name = tag;
    header.size = request.size;
    header.caller = request.caller;
    link(part<Pool>(), header);
    if (machine::Witness* witness = machine.witness())
        witness->memory_renewed(header.body(), request.size);
    std::memset(header.body(), request.zeroed ? 0 : fill_fresh, request.size);
    std::memset(header.guard(), fill_guard, guard_size);
    machine.emit(EventKind::allocation, tag, machine::no_name, request.size, header.number);
    return header.body();
}

void free_pool(void* block, ULONG tag, const char* function) {
    Header& header = checked_header(block, function);
    if (tag != 0 && (tag ^ header.tag) << 1 != 0) {
        dbg::report_finding(dbg::id::pool_wrong_tag,
                            fmt::format("{}: {} is freed with the tag '{}'", function,
                                        describe(header), tag_text(tag)));
    }
    check_guard(header, "when it was freed");
    ke::forget_names_in(block, header.size);
    ke::cancel_active_in(block, header.size, &was_freed);
    Machine::current().emit(EventKind::release, header.tag_name, machine::no_name, header.size,
                            header.number);
    unlink(part<Pool>(), header);
    header.magic = freed_magic;
    std::memset(header.body(), fill_freed, header.size);
    if (header.size <= aside_limit)
        set_aside(header);
    else
        Arena::instance().free(header.memory);
}

std::string pool_tag_text(const void* address) {
    if (!Arena::contains(address)) return {};
    // Newest first: whoever asks has mostly just allocated it.
    for (Header* header = part<Pool>().last; header != nullptr; header = header->previous) {
        const auto offset = reinterpret_cast<std::uintptr_t>(address) -
                            reinterpret_cast<std::uintptr_t>(header->body());
        if (offset < header->size) return tag_text(header->tag);
    }
    return {};
}

PoolBlock pool_block_at(const void* address) {
    // Newest first: whoever asks has mostly just allocated it.
    for (Header* header = part<Pool>().last; header != nullptr; header = header->previous) {
        const auto offset = reinterpret_cast<std::uintptr_t>(address) -
                            reinterpret_cast<std::uintptr_t>(header->body());
        if (offset < header->size)
            return {tag_text(header->tag), header->size, header->number, header->caller,
                    header->body()};
    }
    return {};
}

std::vector<PoolBlock> live_blocks() {
    std::vector<PoolBlock> blocks;
    for (Header* h = part<Pool>().first; h != nullptr; h = h->next) {
        blocks.push_back({tag_text(h->tag), h->size, h->number, h->caller, h->body()});
    }
    return blocks;
}

void report_leaks_of(const ldr::Image& image) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> by_tag;  // blocks, bytes
    for (const Header* h = part<Pool>().first; h != nullptr; h = h->next) {
        if (!image.contains(h->caller)) continue;
        auto& [count, bytes] = by_tag[tag_text(h->tag)];
        ++count;
        bytes += h->size;
    }
    for (const auto& [tag, sum] : by_tag) {
        const bool heap = tag == tag_text(heap_tag) && image.user_mode() != nullptr;
        const std::string tagged = heap ? "" : fmt::format(" with the tag '{}'", tag);
        dbg::report_finding(
            dbg::id::pool_leak,
            fmt::format("the driver '{}' was unloaded and did not free {} {} block{}{} ({} bytes)",
                        image.name(), sum.first, heap ? "heap" : "pool", sum.first == 1 ? "" : "s",
                        tagged, sum.second));
    }
}

void check_pool() {
    Pool& pool = part<Pool>();
    for (Header* header = pool.first; header != nullptr; header = header->next) {
        check_guard(*header, "while it is allocated");
    }
    for (Header* header : pool.aside) {
        if (header != nullptr) check_aside(*header);
    }
}

}  // namespace gpioclx::kernel::ex
