// The object types of the I/O manager, as ObReferenceObjectByHandle wants them.
#include <wdm.h>
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/driver_object.h"
#include "kernel/io/file_object.h"

namespace {

// Types are constant; only the declarations of Windows have no const.
POBJECT_TYPE file_type = const_cast<POBJECT_TYPE>(&gpioclx::kernel::io::file_object_type);
POBJECT_TYPE device_type = const_cast<POBJECT_TYPE>(&gpioclx::kernel::io::device_object_type);
POBJECT_TYPE driver_type = const_cast<POBJECT_TYPE>(&gpioclx::kernel::io::driver_object_type);

}  // namespace

extern "C" {
POBJECT_TYPE* IoFileObjectType = &file_type;
POBJECT_TYPE* IoDeviceObjectType = &device_type;
POBJECT_TYPE* IoDriverObjectType = &driver_type;
}
GX_EXPORT_FUNCTION(IoFileObjectType);
GX_EXPORT_FUNCTION(IoDeviceObjectType);
GX_EXPORT_FUNCTION(IoDriverObjectType);
