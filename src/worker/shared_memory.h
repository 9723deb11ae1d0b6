// What supervisor and worker share: events and their names, a heartbeat, and the last words of a
// worker that died.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "diagnostics/result.h"
#include "machine/event.h"

namespace gpioclx::worker {

constexpr std::uint32_t shared_version = 4;
// Events; a power of two. Small enough to stay in the processor's cache, large enough for some
// milliseconds in which the supervisor does not get to run.
constexpr std::size_t ring_capacity = std::size_t{1} << 14;
constexpr std::size_t name_capacity = std::size_t{1} << 18;
constexpr std::size_t name_text_capacity = std::size_t{16} << 20;  // bytes
constexpr std::size_t max_frames = 32;
constexpr std::size_t max_images = 64;

enum class CrashKind : std::uint32_t { none, fault, stack_overflow, hang };
// What the code that faulted tried. `unknown`: a pointer that is no address at all on this
// processor
// (`address` is 0 then), or no access to memory (see the signal).
enum class CrashAccess : std::uint32_t { unknown, read, write, execute };

struct CrashRecord {
    std::atomic<CrashKind> kind;
    std::int32_t signal;
    CrashAccess access;
    std::uint64_t address;  // of the access, for faults
    std::uint64_t frame_count;
    std::uint64_t frames[max_frames];  // program counters, innermost first
    // Where the machine stood. 0 = outside of its processors, else the processor's number + 1.
    std::uint32_t processor_plus_1;
    std::uint32_t level;
    machine::NameId actor;
    std::uint64_t time_ns;
};

// A driver image in the worker: addresses in [base, base + size) belong to it.
struct ImageRecord {
    std::uint64_t base;
    std::uint64_t size;
    char name[64];
    char path[440];
};

// What the worker's service wants known if it dies, in numbers of its own: only it and its session
// know what they mean.
constexpr std::size_t note_capacity = 4096;
struct Notes {
    std::uint64_t header[4];
    std::atomic<std::uint32_t> count;  // more than the capacity: later ones are missing
    struct Note {
        std::uint32_t words[8];
    } notes[note_capacity];
};

struct SharedLayout {
    std::uint32_t version;
    std::atomic<std::uint64_t> heartbeat;
    std::atomic<std::uint64_t> written;   // events ever recorded
    std::atomic<std::uint64_t> consumed;  // events the supervisor is done with
    std::atomic<std::uint32_t> name_count;
    std::uint32_t name_text_used;
    std::atomic<std::uint32_t> image_count;
    CrashRecord crash;
    Notes notes;
    ImageRecord images[max_images];
    std::uint32_t name_offsets[name_capacity + 1];
    machine::Event ring[ring_capacity];
    char name_text[name_text_capacity];
};

// The mapping; either side. Closes nothing but its own mapping.
class SharedMemory {
  public:
    // Supervisor: a new one, with a file descriptor that a worker inherits.
    static Result<SharedMemory> create();
    // Worker: the one behind an inherited descriptor.
    static Result<SharedMemory> attach(int descriptor);

    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;
    ~SharedMemory();

    SharedLayout& layout() { return *layout_; }
    const SharedLayout& layout() const { return *layout_; }
    int descriptor() const { return descriptor_; }

  private:
    SharedMemory(SharedLayout* layout, int descriptor) : layout_(layout), descriptor_(descriptor) {}
    SharedLayout* layout_;
    int descriptor_;
};

}  // namespace gpioclx::worker
