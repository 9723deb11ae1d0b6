#include "kernel/pnp/device_notification.h"

#include <fmt/core.h>
#include <ext/gx_acpi.h>
#include <ext/gx_export.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

#include "kernel/io/io_call.h"
#include "kernel/io/system_thread.h"
#include "kernel/io/waiters.h"
#include "kernel/ke/irql.h"
#include "kernel/pnp/device_node.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::pnp {
namespace {

struct Registration : machine::SeenByDrivers {
    const DeviceNode* node = nullptr;
    GX_ACPI_NOTIFICATION* handler = nullptr;
    PVOID context = nullptr;
    bool running = false;
    bool ended = false;  // called no more
};

struct Notification {
    const DeviceNode* node = nullptr;
    ULONG code = 0;
};

class Notifications final : public NotificationSink {
  public:
    void notify(const std::string& device, std::uint32_t code) override {
        machine::ArenaScope inside;
        machine::Machine& m = System::current().machine();
        m.emit(machine::EventKind::message, m.name("ACPI"),
               m.name(fmt::format("Notify ({}, {:#x})", device, code)));
        const DeviceNode* node = find_node(device);
        if (node == nullptr) return;
        waiting_.push_back({node, code});
        if (!thread_started_) {
            thread_started_ = true;
            io::create_system_thread("ACPI notifications", &Notifications::thread, this);
        }
        work_.notify_all();
    }

    Registration* add(const DeviceNode& node, GX_ACPI_NOTIFICATION* handler, PVOID context) {
        registrations_.push_back(std::make_unique<Registration>());
        Registration& added = *registrations_.back();
        added.node = &node;
        added.handler = handler;
        added.context = context;
        return &added;
    }

    void remove(Registration& registration) {
        registration.ended = true;
        const machine::NameId waiting_for = System::current().machine().name("ACPI notification");
        returned_.wait_until(waiting_for, [&] { return !registration.running; });
        std::erase_if(registrations_,
                      [&](const auto& other) { return other.get() == &registration; });
    }

  private:
    static void thread(void* self) {
        auto& notifications = *static_cast<Notifications*>(self);
        const machine::NameId waiting_for = System::current().machine().name("ACPI notifications");
        for (;;) {
            notifications.work_.wait_until(waiting_for,
                                           [&] { return !notifications.waiting_.empty(); });
            const Notification next = notifications.waiting_.front();
            notifications.waiting_.pop_front();
            notifications.deliver(next);
        }
    }

    // Handlers come and go while others run, so each step looks again.
    void deliver(const Notification& notification) {
        std::vector<Registration*> called;
        const auto next = [&]() -> Registration* {
            for (const auto& r : registrations_) {
                if (r->node == notification.node && !r->ended &&
                    std::find(called.begin(), called.end(), r.get()) == called.end()) {
                    return r.get();
                }
            }
            return nullptr;
        };
        while (Registration* registration = next()) {
            called.push_back(registration);
            registration->running = true;
            const KIRQL before = ke::raise_irql(DISPATCH_LEVEL, "ACPI notification");
            registration->handler(registration->context, notification.code);
            ke::lower_irql(before, "ACPI notification");
            registration->running = false;
            returned_.notify_all();
        }
        if (!called.empty()) return;
        machine::Machine& m = System::current().machine();
        m.emit(machine::EventKind::message, m.name("ACPI"),
               m.name(fmt::format("Notify ({}, {:#x}): no driver registered for it",
                                  notification.node->path, notification.code)));
    }

    std::vector<std::unique_ptr<Registration>> registrations_;
    std::deque<Notification> waiting_;
    io::Waiters work_;
    io::Waiters returned_;
    bool thread_started_ = false;
};

}  // namespace

NotificationSink& notification_sink() { return part<Notifications>(); }

}  // namespace gpioclx::kernel::pnp

using namespace gpioclx;
using namespace gpioclx::kernel;
using namespace gpioclx::kernel::pnp;

extern "C" {

PVOID GxAcpiRegisterNotification(PDEVICE_OBJECT PhysicalDevice, GX_ACPI_NOTIFICATION* Handler,
                                 PVOID Context) {
    io::IoCall call;
    const DeviceNode* node = node_of(PhysicalDevice);
    if (node == nullptr || Handler == nullptr) return nullptr;
    machine::ArenaScope inside;
    return part<Notifications>().add(*node, Handler, Context);
}
GX_EXPORT_FUNCTION(GxAcpiRegisterNotification);

VOID GxAcpiUnregisterNotification(PVOID Registered) {
    io::IoCall call;
    if (Registered == nullptr) return;
    machine::ArenaScope inside;
    part<Notifications>().remove(*static_cast<Registration*>(Registered));
}
GX_EXPORT_FUNCTION(GxAcpiUnregisterNotification);

}  // extern "C"
