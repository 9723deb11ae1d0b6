// Who decides when a device leaves and enters D0 while it is started: idle settings, references of
// the driver (WdfDeviceStopIdle) and of requests, and the system's sleep.
#pragma once

#include <wdf.h>

namespace gpioclx::framework {

class Device;

struct PowerPolicy {
    static PowerPolicy* create(Device& device);
    static void destroy(PowerPolicy* policy);

    // ---- from the PnP sequence, with the lock held ----
    void started();
    void stopping();

    // ---- references; <= DISPATCH_LEVEL ----
    NTSTATUS stop_idle(bool wait);
    void resume_idle(const char* file, int line);
    void reference_for_io();
    void release_for_io();

    NTSTATUS assign_idle(const WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS& settings);
    NTSTATUS assign_wake(const WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS& settings);
    bool wakes_from_s0() const { return has_idle && idle.IdleCaps == IdleCanWakeFromS0; }
    // Whether interrupts that can wake the device stay as they are in the low-power state.
    bool keeps_wake_interrupts() const { return system_asleep ? armed_for_sx : wakes_from_s0(); }
    // A wake-capable interrupt came in a low-power state: D0 first (W16). PASSIVE_LEVEL.
    NTSTATUS wake_for_interrupt();
    void wake_triggered();
    void system_power(SYSTEM_POWER_STATE state);

    Device* device = nullptr;
    bool running = false;  // between started and stopping
    bool has_idle = false;
    bool idle_enabled = false;
    bool armed = false;         // EvtDeviceArmWakeFromS0 succeeded
    bool armed_for_sx = false;  // EvtDeviceArmWakeFromSx succeeded
    bool system_asleep = false;
    WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle{};
    bool has_wake = false;
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS wake{};
    LONG driver_references = 0;
    LONG io_references = 0;
    bool timer_set = false;
    bool timer_expired = false;
    bool work_queued = false;
    NTSTATUS power_up_status = 0;
    KTIMER timer{};
    KDPC timer_dpc{};
    WORK_QUEUE_ITEM work{};
    KEVENT in_d0{};    // notification: D0, or an attempt to get there has failed
    KEVENT no_work{};  // notification: the worker neither runs nor is queued
    KEVENT lock{};     // synchronization: one transition at a time
    PKTHREAD lock_owner = nullptr;

  private:
    bool busy() const { return driver_references + io_references > 0; }
    void consider();
    void arm_timer();
    void queue_work();
    void transition();
    void go_down();
    void go_up();
    void arm_for_sleep();
    void disarm_after_sleep();
    bool set_bus_wake(bool armed_now);
    static void timer_entry(PKDPC dpc, PVOID context, PVOID, PVOID);
    static void NTAPI work_entry(PVOID context);
};

// One power or PnP transition of a device at a time.
class PowerLock {
  public:
    explicit PowerLock(PowerPolicy& policy);
    ~PowerLock();
    PowerLock(const PowerLock&) = delete;
    PowerLock& operator=(const PowerLock&) = delete;

  private:
    PowerPolicy& policy_;
};

}  // namespace gpioclx::framework
