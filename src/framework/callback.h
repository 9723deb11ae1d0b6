// Calling into the driver: an event before and after each callback of consequence, and a check that
// it returns at the IRQL at which it was called.
#pragma once

#include <wdf.h>

#include <cstdint>

#include "machine/name_table.h"

namespace gpioclx::framework {

class Device;
class Driver;

// Names of callbacks as they stand in events and findings.
enum class Callback : std::uint8_t {
    driver_device_add,
    driver_unload,
    prepare_hardware,
    release_hardware,
    d0_entry,
    d0_entry_post_interrupts_enabled,
    d0_exit,
    d0_exit_pre_interrupts_disabled,
    self_managed_io_init,
    self_managed_io_restart,
    self_managed_io_suspend,
    self_managed_io_flush,
    self_managed_io_cleanup,
    surprise_removal,
    query_remove,
    query_stop,
    usage_notification,
    relations_query,
    interrupt_enable,
    interrupt_disable,
    interrupt_isr,
    interrupt_dpc,
    interrupt_work_item,
    io_default,
    io_read,
    io_write,
    io_device_control,
    io_internal_device_control,
    io_stop,
    io_resume,
    io_canceled_on_queue,
    io_in_caller_context,
    file_create,
    file_cleanup,
    file_close,
    request_cancel,
    request_completion,
    timer,
    dpc,
    work_item,
    query_interface,
    pre_prepare_hardware,
    post_prepare_hardware,
    pre_release_hardware,
    post_release_hardware,
    pre_d0_entry,
    post_d0_entry,
    pre_d0_exit,
    post_d0_exit,
    arm_wake_from_s0,
    disarm_wake_from_s0,
    wake_from_s0_triggered,
    arm_wake_from_sx,
    disarm_wake_from_sx,
    wake_from_sx_triggered,
    child_list_create_device,
    child_list_scan,
    queue_state,
    target_query_remove,
    target_remove_canceled,
    target_remove_complete,
    irp_preprocess,
    resources_query,
    filter_requirements,
    callback_count
};
const char* callback_text(Callback callback);
machine::NameId callback_name(Callback callback);

// From construction to destruction the driver runs. `owner` names the device or driver.
class CallbackScope {
  public:
    CallbackScope(Callback callback, Device& device);
    CallbackScope(Callback callback, Driver& driver);
    ~CallbackScope();
    CallbackScope(const CallbackScope&) = delete;
    CallbackScope& operator=(const CallbackScope&) = delete;

    // The status that the callback returned, for the event. Passes it on.
    NTSTATUS returned(NTSTATUS status) {
        status_ = status;
        return status;
    }

    // Makes a callback that may fail, unless this execution lets it fail at once.
    template <typename Make>
    NTSTATUS call(Make make) {
        return returned(fails() ? failure : make());
    }

  private:
    static const NTSTATUS failure;
    bool fails() const;

    Callback callback_;
    machine::NameId owner_;
    const Driver* driver_;
    Device* device_;
    NTSTATUS status_ = STATUS_SUCCESS;
    KIRQL irql_;
    unsigned user_locks_ = 0;  // of user mode, held before
};

}  // namespace gpioclx::framework
