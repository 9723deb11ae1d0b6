#include "framework/user_view.h"

#include <cstring>

#include "framework/driver.h"
#include "framework/object.h"
#include "kernel/um/user_process.h"

namespace gpioclx::framework {

kernel::um::UserProcess* process_of(const Driver* driver) {
    return driver != nullptr ? driver->process() : nullptr;
}

kernel::um::UserProcess* process_of(Object& object) {
    return object.type() == ObjectType::driver ? static_cast<Driver&>(object).process()
                                               : process_of(object.driver());
}

void* UserView::show(kernel::um::UserProcess* process, void* bytes, std::size_t size) {
    drop();
    block_ = bytes;
    if (process == nullptr) return block_;
    machine::ArenaScope inside;
    block_ = process->allocate(size);
    if (block_ != nullptr) process_ = process;
    return block_;
}

void* UserView::show_copy(kernel::um::UserProcess* process, const void* bytes, std::size_t size) {
    void* block = show(process, const_cast<void*>(bytes), size);
    if (separate()) std::memcpy(block, bytes, size);
    return block;
}

void UserView::drop() {
    if (process_ != nullptr) {
        machine::ArenaScope inside;
        process_->free(block_);
    }
    process_ = nullptr;
    block_ = nullptr;
}

}  // namespace gpioclx::framework
