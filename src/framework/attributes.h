// WDF_OBJECT_ATTRIBUTES as drivers pass them: checks with the documented statuses, and what to
// make of parent, execution level and synchronization scope.
#pragma once

#include <wdf.h>

#include "framework/object.h"

namespace gpioclx::framework {

// Checks everything that does not depend on the function: sizes, context type, ranges, and whether
// the type allows a parent, an execution level, a scope. Null attributes are fine.
NTSTATUS check_attributes(const WDF_OBJECT_ATTRIBUTES* attributes, ObjectType type);

// The parent that the driver names, else `fallback`. STATUS_DELETE_PENDING if it is going away.
NTSTATUS resolve_parent(const WDF_OBJECT_ATTRIBUTES* attributes, Object* fallback,
                        const char* function, Object** parent);

// As resolve_parent, for objects that need a parent named: STATUS_WDF_PARENT_NOT_SPECIFIED.
NTSTATUS require_parent(const WDF_OBJECT_ATTRIBUTES* attributes, const char* function,
                        Object** parent);

}  // namespace gpioclx::framework
