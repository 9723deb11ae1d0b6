#include "kernel/pnp/user_program.h"

#include "kernel/io/device_object.h"
#include "kernel/io/file_object.h"
#include "kernel/io/file_request.h"
#include "kernel/io/system_thread.h"
#include "kernel/io/text.h"
#include "kernel/pnp/device_node.h"
#include "kernel/system.h"
#include "machine/arena.h"

namespace gpioclx::kernel::pnp {
namespace {

using Request = Kernel::UserRequest;

constexpr std::uint32_t max_threads = 64;

// A device path opens whatever stands on top of the device.
std::u16string object_name_of(const std::string& name) {
    const DeviceNode* node = find_node(name);
    if (node != nullptr && node->physical_device != nullptr)
        return io::record_of(node->physical_device).name;
    return io::widen(name);
}

NTSTATUS open(Request& request) {
    UserPrograms& programs = part<UserPrograms>();
    io::OpenRequest open_request;
    open_request.access = FILE_GENERIC_READ | FILE_GENERIC_WRITE;
    open_request.share_access = FILE_SHARE_READ | FILE_SHARE_WRITE;
    open_request.options = FILE_SYNCHRONOUS_IO_NONALERT;
    open_request.mode = UserMode;
    io::OpenResult result;
    const NTSTATUS status = io::open_file(object_name_of(request.name), open_request, result);
    if (!NT_SUCCESS(status)) return status;
    request.handle = ++programs.last_handle;
    programs.files[request.handle] = result.file;
    request.information = result.information;
    return status;
}

NTSTATUS close(Request& request, PFILE_OBJECT file) {
    part<UserPrograms>().files.erase(request.handle);
    io::clean_up_file(file);
    ObDereferenceObject(file);
    return STATUS_SUCCESS;
}

NTSTATUS transfer(Request& request, PFILE_OBJECT file) {
    io::FileRequest transfer;
    transfer.major = request.operation == Request::Operation::read    ? IRP_MJ_READ
                     : request.operation == Request::Operation::write ? IRP_MJ_WRITE
                                                                      : IRP_MJ_DEVICE_CONTROL;
    transfer.code = request.code;
    transfer.mode = UserMode;
    transfer.input = request.input.empty() ? nullptr : request.input.data();
    transfer.input_length = static_cast<ULONG>(request.input.size());
    request.output.assign(request.output_size, 0);
    transfer.output = request.output.empty() ? nullptr : request.output.data();
    transfer.output_length = request.output_size;
    auto& all_held = part<UserPrograms>().held;
    HeldRequest& held = all_held[&request];
    transfer.cancellable = &held.cancellable;
    IO_STATUS_BLOCK status_block{};
    KEVENT done;
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    const NTSTATUS sent = io::send(file, transfer, &done, &status_block);
    if (sent != STATUS_INSUFFICIENT_RESOURCES || status_block.Status == STATUS_PENDING) {
        request.pending = true;
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, nullptr);
        request.pending = false;
    } else {
        status_block.Status = sent;
    }
    held.left = true;
    if (!held.cancellable.busy) all_held.erase(&request);
    request.information = status_block.Information;
    request.output.resize(std::min<std::size_t>(request.output.size(), status_block.Information));
    return status_block.Status;
}

// A program cancels a request of its own, as CancelIoEx does.
NTSTATUS cancel(const Request& request) {
    auto& all_held = part<UserPrograms>().held;
    const auto found = all_held.find(request.victim);
    if (found == all_held.end() || found->second.cancellable.irp == nullptr)
        return STATUS_NOT_FOUND;
    io::cancel(found->second.cancellable);
    if (found->second.left) all_held.erase(found);
    return STATUS_SUCCESS;
}

NTSTATUS carry_out(Request& request) {
    if (request.operation == Request::Operation::open) return open(request);
    if (request.operation == Request::Operation::cancel) return cancel(request);
    auto& files = part<UserPrograms>().files;
    const auto file = files.find(request.handle);
    if (file == files.end()) return STATUS_INVALID_HANDLE;
    if (request.operation == Request::Operation::close) return close(request, file->second);
    return transfer(request, file->second);
}

void user_thread(void*) {
    UserPrograms& programs = part<UserPrograms>();
    const machine::NameId waiting_for = machine::Machine::current().name("user program");
    for (;;) {
        ++programs.idle_threads;
        programs.work.wait_until(waiting_for, [&] { return !programs.queue.empty(); });
        --programs.idle_threads;
        Request& request = *programs.queue.front();
        programs.queue.pop_front();
        request.status = static_cast<std::uint32_t>(carry_out(request));
        request.finished = true;
    }
}

}  // namespace

void submit_user_request(Request& request) {
    machine::ArenaScope inside;
    UserPrograms& programs = part<UserPrograms>();
    request.finished = false;
    programs.queue.push_back(&request);
    if (programs.idle_threads < programs.queue.size() && programs.threads < max_threads) {
        ++programs.threads;
        io::create_system_thread("user program", user_thread, nullptr);
    }
    programs.work.notify_all();
}

}  // namespace gpioclx::kernel::pnp
