// Share access: who may open what is open already.
#include <ntddk.h>
#include <ext/gx_export.h>

#include "kernel/io/io_call.h"

using namespace gpioclx::kernel::io;

namespace {

void set_rights(PFILE_OBJECT file, ACCESS_MASK access, ULONG share) {
    file->ReadAccess = (access & (FILE_READ_DATA | FILE_EXECUTE)) != 0;
    file->WriteAccess = (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    file->DeleteAccess = (access & DELETE) != 0;
    const bool counts = file->ReadAccess || file->WriteAccess || file->DeleteAccess;
    file->SharedRead = counts && (share & FILE_SHARE_READ) != 0;
    file->SharedWrite = counts && (share & FILE_SHARE_WRITE) != 0;
    file->SharedDelete = counts && (share & FILE_SHARE_DELETE) != 0;
}

void count(PFILE_OBJECT file, PSHARE_ACCESS access, ULONG step) {
    if (!file->ReadAccess && !file->WriteAccess && !file->DeleteAccess) return;
    access->OpenCount += step;
    if (file->ReadAccess) access->Readers += step;
    if (file->WriteAccess) access->Writers += step;
    if (file->DeleteAccess) access->Deleters += step;
    if (file->SharedRead) access->SharedRead += step;
    if (file->SharedWrite) access->SharedWrite += step;
    if (file->SharedDelete) access->SharedDelete += step;
}

// Everybody who is there lets the newcomer in, and the newcomer everybody who is there.
bool compatible(const FILE_OBJECT& file, const SHARE_ACCESS& access) {
    if (!file.ReadAccess && !file.WriteAccess && !file.DeleteAccess) return true;
    return !((file.ReadAccess && access.SharedRead < access.OpenCount) ||
             (file.WriteAccess && access.SharedWrite < access.OpenCount) ||
             (file.DeleteAccess && access.SharedDelete < access.OpenCount) ||
             (access.Readers != 0 && !file.SharedRead) ||
             (access.Writers != 0 && !file.SharedWrite) ||
             (access.Deleters != 0 && !file.SharedDelete));
}

}  // namespace

extern "C" {

NTSTATUS IoCheckShareAccess(ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess,
                            PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess, BOOLEAN Update) {
    IoCall call;
    set_rights(FileObject, DesiredAccess, DesiredShareAccess);
    if (!compatible(*FileObject, *ShareAccess)) return STATUS_SHARING_VIOLATION;
    if (Update) count(FileObject, ShareAccess, 1);
    return STATUS_SUCCESS;
}
GX_EXPORT_FUNCTION(IoCheckShareAccess);

VOID IoSetShareAccess(ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess, PFILE_OBJECT FileObject,
                      PSHARE_ACCESS ShareAccess) {
    IoCall call;
    *ShareAccess = {};
    set_rights(FileObject, DesiredAccess, DesiredShareAccess);
    count(FileObject, ShareAccess, 1);
}
GX_EXPORT_FUNCTION(IoSetShareAccess);

VOID IoRemoveShareAccess(PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess) {
    IoCall call;
    count(FileObject, ShareAccess, ~ULONG{0});  // minus one
}
GX_EXPORT_FUNCTION(IoRemoveShareAccess);

}  // extern "C"
