// Requests on open files, as ZwReadFile and its kin and user programs send them.
#pragma once

#include <wdm.h>

#include "kernel/io/irp.h"

namespace gpioclx::kernel::io {

struct FileRequest {
    UCHAR major = IRP_MJ_READ;  // read, write or device control
    ULONG code = 0;
    PVOID input = nullptr;  // written data for IRP_MJ_WRITE
    ULONG input_length = 0;
    PVOID output = nullptr;
    ULONG output_length = 0;
    LARGE_INTEGER offset{};
    KPROCESSOR_MODE mode = KernelMode;  // of the requestor
    Cancellable* cancellable = nullptr;
};

// PASSIVE_LEVEL. Sends the request and waits for its end.
NTSTATUS send_and_wait(PFILE_OBJECT file, const FileRequest& request,
                       PIO_STATUS_BLOCK status_block);

// As send_and_wait, but returns STATUS_PENDING while the request is under way; `event` (or the
// file's own) is set at its end. The status block and the buffers must live until then.
NTSTATUS send(PFILE_OBJECT file, const FileRequest& request, PKEVENT event,
              PIO_STATUS_BLOCK status_block);

}  // namespace gpioclx::kernel::io
