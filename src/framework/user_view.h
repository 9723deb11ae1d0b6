// Memory of the framework that a driver reads or writes. A driver that is hosted in a process of
// its own does not see the machine's pool: it gets a block of its process instead.
#pragma once

#include <cstddef>

namespace gpioclx::kernel::um {
class UserProcess;
}

namespace gpioclx::framework {

class Driver;
class Object;

// Null: the driver sees the machine's memory.
kernel::um::UserProcess* process_of(const Driver* driver);
// Of the driver that the object belongs to, or is.
kernel::um::UserProcess* process_of(Object& object);

// A block that the driver sees, beside `bytes` of the machine's; `bytes` itself without a process.
class UserView {
  public:
    UserView() = default;
    ~UserView() { drop(); }
    UserView(const UserView&) = delete;
    UserView& operator=(const UserView&) = delete;

    // Nullptr: the process has no room left. What was there before is dropped.
    void* show(kernel::um::UserProcess* process, void* bytes, std::size_t size);
    // The same, with the bytes' contents.
    void* show_copy(kernel::um::UserProcess* process, const void* bytes, std::size_t size);
    void* get() const { return block_; }
    bool separate() const { return process_ != nullptr; }
    void drop();

  private:
    kernel::um::UserProcess* process_ = nullptr;
    void* block_ = nullptr;
};

}  // namespace gpioclx::framework
