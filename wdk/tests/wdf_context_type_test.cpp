// Context types: what makes two declarations the same type, and what keeps them apart.
#include "wdf_context_type.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

PCWDF_OBJECT_CONTEXT_TYPE_INFO shared_type_as_seen_from_the_other_source();
PCWDF_OBJECT_CONTEXT_TYPE_INFO local_type_of_the_other_source();

namespace {

// Stands in for the framework: records what it is asked for, and answers with one context.
struct Asked {
    WDFOBJECT handle = nullptr;
    PCWDF_OBJECT_CONTEXT_TYPE_INFO type = nullptr;
    SHARED_CONTEXT answer{};
    WDF_OBJECT_ATTRIBUTES allocated{};
    WDF_CUSTOM_TYPE_CONTEXT custom{};
};
Asked asked;

struct LocalContext {
    char bytes[40];
};
WDF_DECLARE_CONTEXT_TYPE(LocalContext)

// One structure under two names, as a driver does that hangs it on two kinds of object.
typedef LocalContext DPC_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DPC_CONTEXT, context_of_dpc)
typedef LocalContext TIMER_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(TIMER_CONTEXT, context_of_timer);

WDF_DECLARE_CUSTOM_TYPE(MARKED_OBJECT)

WDFDEVICE some_device()
{
    return reinterpret_cast<WDFDEVICE>(&asked);
}

}  // namespace

namespace driver_a {
struct Context {
    int a;
};
WDF_DECLARE_CONTEXT_TYPE(Context)
}  // namespace driver_a

namespace driver_b {
struct Context {
    int b[2];
};
WDF_DECLARE_CONTEXT_TYPE(Context)
}  // namespace driver_b

extern "C" PVOID WdfObjectGetTypedContextWorker(
    WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo)
{
    asked.handle = Handle;
    asked.type = TypeInfo;
    return &asked.answer;
}

extern "C" NTSTATUS WdfObjectAllocateContext(
    WDFOBJECT, PWDF_OBJECT_ATTRIBUTES ContextAttributes, PVOID* Context)
{
    asked.allocated = *ContextAttributes;
    *Context = &asked.custom;
    return STATUS_SUCCESS;
}

TEST(ContextType, says_name_and_size_of_the_structure)
{
    const WDF_OBJECT_CONTEXT_TYPE_INFO* type = WDF_GET_CONTEXT_TYPE_INFO(SHARED_CONTEXT);
    EXPECT_EQ(sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO), type->Size);
    EXPECT_STREQ("SHARED_CONTEXT", type->ContextName);
    EXPECT_EQ(sizeof(SHARED_CONTEXT), type->ContextSize);
    EXPECT_EQ(type, type->UniqueType);
}

TEST(ContextType, is_one_for_all_sources_of_a_driver)
{
    const auto* here = WDF_GET_CONTEXT_TYPE_INFO(SHARED_CONTEXT)->UniqueType;
    EXPECT_EQ(here, shared_type_as_seen_from_the_other_source());
    EXPECT_EQ(here, SharedTypeAsSeenFromC());
    EXPECT_EQ(WDF_GET_CONTEXT_TYPE_INFO(WRAPPED_CONTEXT)->UniqueType, WrappedTypeAsSeenFromC());
    EXPECT_NE(here, WrappedTypeAsSeenFromC());
}

TEST(ContextType, differs_between_namespaces_and_between_anonymous_namespaces)
{
    EXPECT_NE(static_cast<const void*>(&driver_a::_WDF_Context_TYPE_INFO),
              static_cast<const void*>(&driver_b::_WDF_Context_TYPE_INFO));
    EXPECT_NE(WDF_GET_CONTEXT_TYPE_INFO(LocalContext)->UniqueType, local_type_of_the_other_source());
    EXPECT_EQ(sizeof(LocalContext), WDF_GET_CONTEXT_TYPE_INFO(LocalContext)->ContextSize);
    EXPECT_EQ(3u, local_type_of_the_other_source()->ContextSize);
}

TEST(ContextType, differs_for_two_names_of_one_structure)
{
    context_of_dpc(some_device());
    const auto* dpc = asked.type;
    context_of_timer(some_device());
    EXPECT_NE(dpc, asked.type);
    EXPECT_STREQ("TIMER_CONTEXT", asked.type->ContextName);
}

TEST(ContextType, accessor_asks_the_framework_for_its_own_type)
{
    EXPECT_EQ(&asked.answer, GetSharedContext(some_device()));
    EXPECT_EQ(some_device(), asked.handle);
    EXPECT_EQ(WDF_GET_CONTEXT_TYPE_INFO(SHARED_CONTEXT), asked.type);
    EXPECT_EQ(&asked.answer, SharedContextAsSeenFromC(some_device()));
    EXPECT_EQ(WDF_GET_CONTEXT_TYPE_INFO(SHARED_CONTEXT), asked.type);
    EXPECT_EQ(&asked.answer, WdfObjectGetTypedContext(some_device(), SHARED_CONTEXT));
}

TEST(ContextType, attributes_carry_the_type)
{
    WDF_OBJECT_ATTRIBUTES attributes;
    std::memset(&attributes, 0xFF, sizeof(attributes));
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, SHARED_CONTEXT);
    EXPECT_EQ(sizeof(attributes), attributes.Size);
    EXPECT_EQ(WDF_GET_CONTEXT_TYPE_INFO(SHARED_CONTEXT), attributes.ContextTypeInfo);
    EXPECT_EQ(WdfExecutionLevelInheritFromParent, attributes.ExecutionLevel);
    EXPECT_EQ(WdfSynchronizationScopeInheritFromParent, attributes.SynchronizationScope);
    EXPECT_EQ(nullptr, attributes.ParentObject);
    EXPECT_EQ(nullptr, attributes.EvtCleanupCallback);
}

TEST(CustomType, is_a_context_with_the_drivers_number)
{
    ASSERT_EQ(STATUS_SUCCESS,
              WdfObjectAddCustomTypeWithData(some_device(), MARKED_OBJECT, 42, NULL, NULL));
    EXPECT_STREQ("WdfCustomType_MARKED_OBJECT", asked.allocated.ContextTypeInfo->ContextName);
    EXPECT_EQ(42u, asked.custom.Data);
    EXPECT_TRUE(WdfObjectIsCustomType(some_device(), MARKED_OBJECT));
}
