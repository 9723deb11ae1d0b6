#include "worker/shared_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace gpioclx::worker {
namespace {

Result<SharedLayout*> map(int descriptor) {
    void* memory =
        mmap(nullptr, sizeof(SharedLayout), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED) {
        return Error{.message = std::string("cannot map the memory shared with the worker: ") +
                                std::strerror(errno)};
    }
    return static_cast<SharedLayout*>(memory);
}

}  // namespace

Result<SharedMemory> SharedMemory::create() {
    const int descriptor = memfd_create("gpioclx", 0);
    if (descriptor < 0 || ftruncate(descriptor, sizeof(SharedLayout)) != 0) {
        return Error{.message = std::string("cannot create the memory shared with the worker: ") +
                                std::strerror(errno)};
    }
    auto layout = map(descriptor);
    if (!layout) return layout.error();
    // A fresh file is zero-filled; that is every member's initial value but these.
    (*layout)->version = shared_version;
    (*layout)->name_count = 1;  // name 0 is the empty one
    return SharedMemory(*layout, descriptor);
}

Result<SharedMemory> SharedMemory::attach(int descriptor) {
    auto layout = map(descriptor);
    if (!layout) return layout.error();
    if ((*layout)->version != shared_version)
        return Error{.message = "the supervisor is of another version"};
    return SharedMemory(*layout, descriptor);
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : layout_(std::exchange(other.layout_, nullptr)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
    std::swap(layout_, other.layout_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

SharedMemory::~SharedMemory() {
    if (layout_ != nullptr) munmap(layout_, sizeof(SharedLayout));
    if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace gpioclx::worker
