// The object types of the I/O manager, for ObReferenceObjectByHandle.
#include <wdm.h>
#include <ext/gx_export.h>

#include "kernel/io/device_object.h"
#include "kernel/io/driver_object.h"
#include "kernel/io/file_object.h"

namespace {

POBJECT_TYPE file_type_pointer = const_cast<POBJECT_TYPE>(&gpioclx::kernel::io::file_object_type);

}  // namespace

extern "C" {

POBJECT_TYPE* IoFileObjectType = &file_type_pointer;
GX_EXPORT_FUNCTION(IoFileObjectType);

}  // extern "C"
