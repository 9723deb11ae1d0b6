#include "kernel/ex/work_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ext/gx_export.h"
#include "kernel/dbg/finding.h"
#include "kernel/ke/cost.h"
#include "kernel/ke/dispatcher.h"
#include "kernel/ke/irql.h"
#include "kernel/ke/object_name.h"
#include "kernel/ke/order.h"
#include "kernel/ke/processor_state.h"
#include "kernel/ke/thread.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"

namespace gpioclx::kernel::ex {
namespace {

using machine::Machine;

constexpr std::size_t first_workers = 3;
constexpr std::size_t most_workers = 16;
constexpr int worker_priority = 12;

struct Queued {
    PWORK_QUEUE_ITEM item = nullptr;
    int rank = 0;  // lower goes first
};

struct WorkQueue {
    WorkQueue() {
        ke::initialize_header(available.Header, ke::DispatcherType::semaphore, 0);
        available.Limit = MAXLONG;
        ke::name_object(&available, "work");
    }
    std::vector<Queued> items;  // by rank, then in order of queueing
    KSEMAPHORE available{};     // counts items
    std::size_t workers = 0;
    std::size_t idle = 0;  // workers that wait for work
};

int rank_of(WORK_QUEUE_TYPE type) {
    return type == HyperCriticalWorkQueue ? 0 : type == CriticalWorkQueue ? 1 : 2;
}

void run_item(PWORK_QUEUE_ITEM item) {
    const PWORKER_THREAD_ROUTINE routine = item->WorkerRoutine;
    const std::string code = dbg::code_name(reinterpret_cast<const void*>(routine));
    const machine::NameId name =
        Machine::current().name(code.empty() ? "work item" : "work item " + code);
    item->List.Flink = nullptr;
    machine::Witness* const witness = Machine::current().witness();
    if (witness != nullptr) {
        witness->routine_begins(machine::Routine::work_item, name);
        witness->acquire(item);
    }
    {
        ke::RoutineScope scope(PASSIVE_LEVEL, "work item", name, false);
        routine(item->Parameter);  // may free the item
    }
    if (witness != nullptr) witness->routine_ends(machine::Routine::work_item);
}

void worker_main(PVOID) {
    WorkQueue& queue = part<WorkQueue>();
    for (;;) {
        ++queue.idle;
        ke::wait(queue.available.Header, machine::forever_ns, "worker thread");
        --queue.idle;
        if (queue.items.empty()) continue;  // its item was dropped
        PWORK_QUEUE_ITEM item = queue.items.front().item;
        queue.items.erase(queue.items.begin());
        run_item(item);
    }
}

void add_worker(WorkQueue& queue);

// A worker is about to wait. If it is in an item and nobody is left for the others, help comes.
void worker_blocks(_KTHREAD*) {
    WorkQueue& queue = part<WorkQueue>();
    if (queue.idle == 0 && !queue.items.empty() && queue.workers < most_workers) add_worker(queue);
}

void add_worker(WorkQueue& queue) {
    ++queue.workers;
    PKTHREAD thread = ke::create_thread(fmt::format("worker {}", queue.workers), &worker_main,
                                        nullptr, worker_priority);
    thread->Blocks = &worker_blocks;
}

bool all_workers_wait() {
    std::size_t running = 0;
    Machine& machine = Machine::current();
    for (const machine::Thread* t = machine.first_thread(); t != nullptr; t = t->next_all) {
        const auto* thread = static_cast<const _KTHREAD*>(t->owner);
        if (thread == nullptr || thread->Blocks != &worker_blocks) continue;
        running +=
            t->state == machine::ThreadState::ready || t->state == machine::ThreadState::running;
    }
    return running == 0;
}

template <typename Test, typename What>
void drop(Test test, What what, std::string_view id) {
    std::vector<Queued>& items = part<WorkQueue>().items;
    const auto gone =
        std::remove_if(items.begin(), items.end(), [&](const Queued& q) { return test(*q.item); });
    if (gone == items.end()) return;
    dbg::report_finding(id, what() + " while a work item is queued");
    items.erase(gone, items.end());
}

}  // namespace

void queue_work(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type) {
    machine::ArenaScope inside;
    WorkQueue& queue = part<WorkQueue>();
    while (queue.workers < first_workers) add_worker(queue);
    const auto same = [item](const Queued& q) { return q.item == item; };
    if (std::any_of(queue.items.begin(), queue.items.end(), same)) {
        dbg::report_finding(dbg::id::object_misuse,
                            "a work item was queued again before its routine ran");
        return;
    }
    ke::note_order_before(item);
    const int rank = rank_of(type);
    const auto place = std::upper_bound(queue.items.begin(), queue.items.end(), rank,
                                        [](int r, const Queued& q) { return r < q.rank; });
    queue.items.insert(place, {item, rank});
    if (queue.idle == 0 && queue.workers < most_workers && all_workers_wait()) add_worker(queue);
    ++queue.available.Header.SignalState;
    ke::wake_waiters(queue.available.Header);
}

void cancel_work_in(const void* start, std::size_t size, std::string (*what)(const void* start)) {
    if (part<WorkQueue>().items.empty()) return;
    const auto first = reinterpret_cast<std::uintptr_t>(start);
    drop(
        [&](const WORK_QUEUE_ITEM& item) {
            return reinterpret_cast<std::uintptr_t>(&item) - first < size;
        },
        [&] { return what(start); }, dbg::id::pool_active_object);
}

void cancel_work_of(const ldr::Image& image) {
    drop(
        [&](const WORK_QUEUE_ITEM& item) {
            return image.contains(&item) ||
                   image.contains(reinterpret_cast<const void*>(item.WorkerRoutine));
        },
        [&] { return fmt::format("the driver '{}' was unloaded", image.name()); },
        dbg::id::image_in_use);
}

}  // namespace gpioclx::kernel::ex

VOID ExQueueWorkItem(PWORK_QUEUE_ITEM WorkItem, WORK_QUEUE_TYPE QueueType) {
    gpioclx::kernel::ke::charge();
    gpioclx::kernel::ex::queue_work(WorkItem, QueueType);
}
GX_EXPORT_FUNCTION(ExQueueWorkItem);
