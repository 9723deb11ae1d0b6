// The process of a driver in user mode is gone: nobody will complete, release or close any more
// what the driver had. Done for it here, before its devices are removed.
#include "framework/device.h"
#include "framework/driver.h"
#include "framework/interrupt.h"
#include "framework/io_target.h"
#include "framework/queue.h"
#include "framework/request.h"
#include "framework/wait_lock.h"
#include "kernel/ldr/image.h"
#include "kernel/um/user_process.h"

namespace gpioclx::framework {
namespace {

template <typename Act>
void for_each_below(Object& object, const Act& act) {
    for (Object* child = object.first_child(); child != nullptr;) {
        Object* next = child->next_sibling();
        child->reference();
        if (next != nullptr) next->reference();
        act(*child);
        for_each_below(*child, act);
        child->release();
        if (next != nullptr) next->release();
        child = next;
    }
}

}  // namespace

bool Driver::lost() const {
    return image_ != nullptr && image_->process() != nullptr && image_->process()->lost();
}

kernel::um::UserProcess* Driver::process() const {
    return image_ != nullptr ? image_->process() : nullptr;
}

void Driver::watch_process() {
    kernel::um::UserProcess* process = this->process();
    if (process == nullptr) return;
    process->on_loss([](void* driver) { static_cast<Driver*>(driver)->abandon_requests(); },
                     [](void* driver) { static_cast<Driver*>(driver)->release_locks_of_caller(); },
                     this);
}

void Driver::abandon_requests() {
    for_each_below(*this, [](Object& object) {
        if (object.type() == ObjectType::io_target) static_cast<IoTarget&>(object).abandon();
        if (object.type() == ObjectType::queue) static_cast<Queue&>(object).abandon();
    });
}

void Driver::release_locks_of_caller() {
    for_each_below(*this, [](Object& object) {
        if (object.type() == ObjectType::wait_lock)
            static_cast<WaitLock&>(object).release_for_lost_driver();
        if (object.type() == ObjectType::interrupt)
            static_cast<Interrupt&>(object).release_for_lost_driver();
    });
}

}  // namespace gpioclx::framework
