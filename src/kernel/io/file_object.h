// Files: an open path from a requester to a device stack.
#pragma once

#include <wdm.h>

#include <string_view>

#include "kernel/ob/object.h"

namespace gpioclx::kernel::io {

// What POBJECT_TYPE *IoFileObjectType points to.
extern const ob::Type file_object_type;

struct OpenRequest {
    ACCESS_MASK access = 0;
    ULONG share_access = 0;
    ULONG attributes = 0;
    ULONG disposition = FILE_OPEN;
    ULONG options = 0;
    PFILE_OBJECT related = nullptr;
    KPROCESSOR_MODE mode = KernelMode;  // of the requestor
};

struct OpenResult {
    PFILE_OBJECT file = nullptr;  // with one reference
    ULONG_PTR information = 0;    // FILE_OPENED ...
};

// PASSIVE_LEVEL. Sends IRP_MJ_CREATE to the top of the named device's stack; follows
// STATUS_REPARSE.
NTSTATUS open_file(std::u16string_view name, const OpenRequest& request, OpenResult& result);

// The last user of the file's handle is gone: IRP_MJ_CLEANUP, once. IRP_MJ_CLOSE follows with the
// last reference.
void clean_up_file(PFILE_OBJECT file);

}  // namespace gpioclx::kernel::io
