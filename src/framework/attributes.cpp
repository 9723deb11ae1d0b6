#include "framework/attributes.h"

namespace gpioclx::framework {
namespace {

NTSTATUS check_context_type(const WDF_OBJECT_ATTRIBUTES& attributes) {
    PCWDF_OBJECT_CONTEXT_TYPE_INFO type = attributes.ContextTypeInfo;
    if (type == nullptr) {
        return attributes.ContextSizeOverride != 0 ? STATUS_WDF_OBJECT_ATTRIBUTES_INVALID
                                                   : STATUS_SUCCESS;
    }
    if (type->Size != sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO)) return STATUS_INFO_LENGTH_MISMATCH;
    if (type->ContextName != nullptr && type->ContextSize == 0) {
        return STATUS_WDF_OBJECT_ATTRIBUTES_INVALID;
    }
    if (attributes.ContextSizeOverride != 0 && attributes.ContextSizeOverride < type->ContextSize) {
        return STATUS_WDF_OBJECT_ATTRIBUTES_INVALID;
    }
    return STATUS_SUCCESS;
}

}  // namespace

NTSTATUS check_attributes(const WDF_OBJECT_ATTRIBUTES* attributes, ObjectType type) {
    if (attributes == nullptr) return STATUS_SUCCESS;
    const TypeRules& rules = rules_of(type);
    if (attributes->Size != sizeof(WDF_OBJECT_ATTRIBUTES)) return STATUS_INFO_LENGTH_MISMATCH;
    const NTSTATUS status = check_context_type(*attributes);
    if (!NT_SUCCESS(status)) return status;
    if (attributes->ExecutionLevel < WdfExecutionLevelInheritFromParent ||
        attributes->ExecutionLevel > WdfExecutionLevelDispatch ||
        attributes->SynchronizationScope < WdfSynchronizationScopeInheritFromParent ||
        attributes->SynchronizationScope > WdfSynchronizationScopeNone) {
        return STATUS_WDF_OBJECT_ATTRIBUTES_INVALID;
    }
    if (attributes->ParentObject != nullptr && !rules.parent_allowed) {
        return STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED;
    }
    if (attributes->ExecutionLevel != WdfExecutionLevelInheritFromParent &&
        !rules.execution_level_allowed) {
        return STATUS_WDF_EXECUTION_LEVEL_INVALID;
    }
    if (attributes->SynchronizationScope != WdfSynchronizationScopeInheritFromParent &&
        !rules.synchronization_allowed) {
        return STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID;
    }
    return STATUS_SUCCESS;
}

NTSTATUS resolve_parent(const WDF_OBJECT_ATTRIBUTES* attributes, Object* fallback,
                        const char* function, Object** parent) {
    *parent = fallback;
    if (attributes != nullptr && attributes->ParentObject != nullptr) {
        *parent = &object_from(attributes->ParentObject, function);
    }
    if (*parent != nullptr && (*parent)->deleting()) return STATUS_DELETE_PENDING;
    return STATUS_SUCCESS;
}

NTSTATUS require_parent(const WDF_OBJECT_ATTRIBUTES* attributes, const char* function,
                        Object** parent) {
    if (attributes == nullptr || attributes->ParentObject == nullptr)
        return STATUS_WDF_PARENT_NOT_SPECIFIED;
    return resolve_parent(attributes, nullptr, function, parent);
}

}  // namespace gpioclx::framework
