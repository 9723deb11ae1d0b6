#include "umdf/user_slice.h"

#include <sys/mman.h>

namespace gpioclx::umdf {

bool UserSlice::map() const {
    void* wanted = reinterpret_cast<void*>(base_);
    if (mmap(wanted, size, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) != wanted) {
        return false;
    }
    for (unsigned i = 0; i < stack_count; ++i) {
        char* bottom = static_cast<char*>(stack_top(i)) - stack_size;
        if (mprotect(bottom - (stack_stride - stack_size), stack_stride - stack_size, PROT_NONE) !=
            0) {
            return false;
        }
    }
    return true;
}

void UserSlice::unmap() const { munmap(reinterpret_cast<void*>(base_), size); }

bool UserSlice::on_stack(std::uintptr_t address) const {
    const std::uintptr_t offset = address - base_ - channel_size;
    return offset < stack_count * stack_stride &&
           offset % stack_stride >= stack_stride - stack_size;
}

}  // namespace gpioclx::umdf
