// WDFINTERRUPT (rules W10-W20, W32-W35): a service routine at DIRQL or, with PassiveHandling, at
// PASSIVE_LEVEL, with a DPC or a work item behind it.
//
// The lock under which ISR, Enable, Disable and Synchronize run is the kernel's interrupt lock (or
// the driver's WDFSPINLOCK) for DIRQL, a wait lock for passive interrupts.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class CallbackLock;
class SpinLock;
class WaitLock;

class Interrupt final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::interrupt;
    Interrupt(Device& device, const WDF_INTERRUPT_CONFIG& config);
    ~Interrupt() override;

    Device* device() override { return &device_; }
    Interrupt* next_of_device() const { return next_; }
    WDFINTERRUPT interrupt_handle() { return static_cast<WDFINTERRUPT>(handle()); }
    // False: memory was short for the lock of a passive interrupt.
    bool is_whole() const { return !passive() || wait_ != nullptr; }
    bool passive() const { return config_.PassiveHandling != FALSE; }
    bool from_prepare() const { return from_prepare_; }
    bool has_resource() const { return has_resource_; }
    bool connected() const { return interrupt_ != nullptr; }
    PKINTERRUPT wdm() const { return interrupt_; }
    bool can_wake() const { return config_.CanWakeDevice != FALSE; }

    // ---- pnp and power (PASSIVE_LEVEL) ----
    void assign(const CM_PARTIAL_RESOURCE_DESCRIPTOR& raw,
                const CM_PARTIAL_RESOURCE_DESCRIPTOR& translated);
    void revoke() { has_resource_ = false; }
    bool matches(const CM_PARTIAL_RESOURCE_DESCRIPTOR* translated) const {
        return config_.InterruptTranslated == translated;
    }
    // Connects (or reports active what stayed connected) and calls EvtInterruptEnable.
    NTSTATUS power_up();
    // Calls EvtInterruptDisable and disconnects, or reports inactive on the way to a low-power
    // state.
    NTSTATUS power_down(bool final);

    // ---- the driver's calls ---------------------------------------------------------------------
    NTSTATUS enable();
    NTSTATUS disable();
    void acquire(const char* function);
    void release(const char* function);
    bool try_acquire();
    bool synchronize(PFN_WDF_INTERRUPT_SYNCHRONIZE callback, WDFCONTEXT context);
    bool queue_dpc();
    bool queue_work_item();
    void get_info(WDF_INTERRUPT_INFO& info) const;
    void report_active(bool active);
    void set_policy(WDF_INTERRUPT_POLICY policy, WDF_INTERRUPT_PRIORITY priority,
                    const GROUP_AFFINITY& target);
    CallbackLock* serialization();

  protected:
    void stop() override;

  private:
    bool shares_vector() const;
    NTSTATUS connect();
    void disconnect();
    void flush();
    WaitLock* wait_lock();
    NTSTATUS call_enable(bool enabling);
    void run_dpc();
    void run_work_item();
    bool queue_work();
    static BOOLEAN service(PKINTERRUPT interrupt, PVOID context);
    static BOOLEAN call_under_lock(PVOID context);
    static void dpc_entry(PKDPC dpc, PVOID context, PVOID, PVOID);
    static void work_dpc_entry(PKDPC dpc, PVOID context, PVOID, PVOID);
    static void NTAPI work_entry(PVOID context);

    Device& device_;
    WDF_INTERRUPT_CONFIG config_;
    SpinLock* spin_ = nullptr;
    WaitLock* wait_ = nullptr;  // the driver's or our own
    Interrupt* next_ = nullptr;
    PKINTERRUPT interrupt_ = nullptr;
    KSPIN_LOCK own_spin_ = 0;
    bool from_prepare_;
    bool has_resource_ = false;
    bool enabled_ = false;  // EvtInterruptEnable succeeded, Disable was not called since
    bool active_ = true;
    bool work_queued_ = false;
    KIRQL old_irql_ = PASSIVE_LEVEL;
    CM_PARTIAL_RESOURCE_DESCRIPTOR raw_{};
    CM_PARTIAL_RESOURCE_DESCRIPTOR translated_{};
    WDF_INTERRUPT_POLICY policy_ = WdfIrqPolicyMachineDefault;
    WDF_INTERRUPT_PRIORITY priority_ = WdfIrqPriorityUndefined;
    GROUP_AFFINITY target_{};
    KDPC dpc_{};
    KDPC work_dpc_{};
    WORK_QUEUE_ITEM work_item_{};
    KEVENT work_done_{};
};

// Gives the i-th interrupt resource to the i-th interrupt object made in AddDevice (W19).
void assign_interrupts(Device& device);

}  // namespace gpioclx::framework
