#include "machine/checkpoint.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "machine/arena.h"
#include "machine/sanitizer.h"

namespace gpioclx::machine {
namespace {

constexpr std::uintptr_t page_size = 4096;

}  // namespace

// Which pages of a checkpoint were ever written since it was taken. Protecting a page again after
// each execution would cost more than copying it: a page that was written once stays writable and
// is copied from then on, so that after a few executions there are no more faults.
class Checkpoint::Watch {
  public:
    explicit Watch(const std::vector<Range>& ranges) {
        for (const Range& range : ranges) {
            const std::uintptr_t end = range.start + range.bytes.size();
            const std::uintptr_t first = (range.start + page_size - 1) & ~(page_size - 1);
            const std::uintptr_t last = end & ~(page_size - 1);
            if (first >= last) {
                edges_.push_back({range.start, range.bytes.data(), range.bytes.size()});
                continue;
            }
            const auto edge = [&](std::uintptr_t from, std::uintptr_t to) {
                if (from != to)
                    edges_.push_back({from, range.bytes.data() + (from - range.start), to - from});
            };
            edge(range.start, first);
            edge(last, end);
            spans_.push_back({first, last, range.bytes.data() + (first - range.start),
                              std::vector<std::uint8_t>((last - first) / page_size)});
        }
        std::sort(spans_.begin(), spans_.end(),
                  [](const Span& a, const Span& b) { return a.start < b.start; });
        list_copies();
    }
    ~Watch() { close(); }

    void open() {
        if (active == this) return;
        if (active != nullptr) active->close();
        active = this;
        protect(PROT_READ);
    }
    // From a watch of another kind of executions, with all put back that those wrote: only the
    // pages change that the one kind writes and the other does not.
    void take_over(Watch& other) {
        other.restore();
        active = this;
        for (std::size_t i = 0; i < spans_.size(); ++i) {
            const Span& span = spans_[i];
            const std::vector<std::uint8_t>& before = other.spans_[i].written;
            for (std::size_t at = 0; at < span.written.size();) {
                const std::size_t begin = at;
                const bool now_written = span.written[at] != 0, was_written = before[at] != 0;
                while (at < span.written.size() && (span.written[at] != 0) == now_written &&
                       (before[at] != 0) == was_written)
                    ++at;
                if (now_written == was_written) continue;
                change(span.start + begin * page_size, span.start + at * page_size,
                       now_written ? PROT_READ | PROT_WRITE : PROT_READ);
            }
        }
    }
    void close() {
        if (active != this) return;
        protect(PROT_READ | PROT_WRITE);
        active = nullptr;
    }
    bool is_open() const { return active == this; }

    bool note(std::uintptr_t address) {
        for (Span& span : spans_) {
            if (address < span.start || address >= span.end) continue;
            std::uint8_t& written = span.written[(address - span.start) / page_size];
            if (written != 0) return false;  // it is writable: somebody else's fault
            written = 1;
            changed_ = true;
            void* page = reinterpret_cast<void*>(address & ~(page_size - 1));
            return mprotect(page, page_size, PROT_READ | PROT_WRITE) == 0;
        }
        return false;
    }

    void restore() {
        if (changed_) list_copies();
        for (const Copy& copy : copies_)
            std::memcpy(reinterpret_cast<void*>(copy.to), copy.from, copy.size);
    }
    std::size_t bytes() const {
        std::size_t sum = 0;
        for (const Copy& copy : copies_) sum += copy.size;
        return sum;
    }

    static inline Watch* active = nullptr;

  private:
    struct Copy {
        std::uintptr_t to;
        const std::byte* from;
        std::size_t size;
    };
    struct Span {  // whole pages of one range
        std::uintptr_t start, end;
        const std::byte* saved;
        std::vector<std::uint8_t> written;
    };

    // Calls visit(start, end) for each run of pages of the span that are (not) written.
    template <typename Visit>
    static void runs(const Span& span, bool written, Visit visit) {
        for (std::size_t at = 0; at < span.written.size();) {
            if ((span.written[at] != 0) != written) {
                ++at;
                continue;
            }
            const std::size_t begin = at;
            while (at < span.written.size() && (span.written[at] != 0) == written) ++at;
            visit(span.start + begin * page_size, span.start + at * page_size);
        }
    }
    void protect(int protection) {
        for (const Span& span : spans_) {
            runs(span, false,
                 [&](std::uintptr_t start, std::uintptr_t end) { change(start, end, protection); });
        }
    }
    static void change(std::uintptr_t start, std::uintptr_t end, int protection) {
        if (mprotect(reinterpret_cast<void*>(start), end - start, protection) != 0) std::abort();
    }
    void list_copies() {
        changed_ = false;
        copies_ = edges_;
        for (const Span& span : spans_) {
            runs(span, true, [&](std::uintptr_t start, std::uintptr_t end) {
                copies_.push_back({start, span.saved + (start - span.start), end - start});
            });
        }
    }

    std::vector<Copy> edges_;  // parts of pages, which somebody else may share
    std::vector<Span> spans_;
    std::vector<Copy> copies_;
    bool changed_ = false;
};

Checkpoint::Checkpoint() = default;
Checkpoint::Checkpoint(Checkpoint&&) noexcept = default;
Checkpoint::~Checkpoint() = default;

Checkpoint Checkpoint::take() {
    OutsideArenaScope outside;
    Checkpoint result;
    const auto save = [&result](const void* start, std::size_t size) {
        Range range{reinterpret_cast<std::uintptr_t>(start), std::vector<std::byte>(size)};
        copy_bytes(range.bytes.data(), start, size);
        result.ranges_.push_back(std::move(range));
    };
    const Arena::State& state = *Arena::instance().state_;
    save(&state, state.heap.end - Arena::base);
    save(reinterpret_cast<const void*>(Arena::own_heap_base),
         state.own_heap.end - Arena::own_heap_base);
    for (std::uint32_t i = 0; i < state.stack_count; ++i) {
        if (state.stack_contexts[i] == nullptr) continue;
        const char* top = static_cast<const char*>(Arena::stack_top(i));
        const char* live = static_cast<const char*>(*state.stack_contexts[i]);
        save(live, static_cast<std::size_t>(top - live));
    }
    for (std::uint32_t i = 0; i < state.region_count; ++i) {
        save(state.regions[i].start, state.regions[i].size);
    }
    return result;
}

void Checkpoint::restore() const {
    if (Watch* watch = open_watch()) return watch->restore();
    if (Watch::active != nullptr) Watch::active->close();
    for (const Range& range : ranges_) {
        copy_bytes(reinterpret_cast<void*>(range.start), range.bytes.data(), range.bytes.size());
    }
    // Frames that were left in the meantime had poisoned gaps where live data stands now.
    const Arena::State& state = *Arena::instance().state_;
    for (std::uint32_t i = 0; i < state.stack_count; ++i) {
        unpoison(static_cast<char*>(Arena::stack_top(i)) - Arena::stack_size, Arena::stack_size);
    }
}

Checkpoint::Watch* Checkpoint::open_watch() const {
    for (const auto& watch : watches_) {
        if (watch != nullptr && watch->is_open()) return watch.get();
    }
    return nullptr;
}

void Checkpoint::watch(unsigned kind) {
    OutsideArenaScope outside;
    if (kind >= watches_.size()) watches_.resize(kind + 1);
    Watch* const open = open_watch();
    if (watches_[kind] != nullptr && open != nullptr)
        return open == watches_[kind].get() ? open->restore() : watches_[kind]->take_over(*open);
    unwatch();
    restore();
#ifndef GX_WITH_ASAN
    if (watches_[kind] == nullptr) watches_[kind] = std::make_unique<Watch>(ranges_);
    watches_[kind]->open();
#endif
}

void Checkpoint::unwatch() {
    if (Watch* watch = open_watch()) watch->close();
}

bool Checkpoint::note_write(std::uintptr_t address) {
    return Watch::active != nullptr && Watch::active->note(address);
}

std::size_t Checkpoint::size() const {
    std::size_t sum = 0;
    for (const Range& range : ranges_) sum += range.bytes.size();
    return sum;
}

std::size_t Checkpoint::restored_bytes() const {
    const Watch* watch = open_watch();
    return watch != nullptr ? watch->bytes() : size();
}

}  // namespace gpioclx::machine
