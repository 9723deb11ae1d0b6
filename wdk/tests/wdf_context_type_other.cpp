// A second C++ source of the driver of wdf_context_type_test.cpp, and another driver that happens to
// use the same name for a context of its own.
#include "wdf_context_type.h"

PCWDF_OBJECT_CONTEXT_TYPE_INFO shared_type_as_seen_from_the_other_source()
{
    return WDF_GET_CONTEXT_TYPE_INFO(SHARED_CONTEXT)->UniqueType;
}

namespace {
struct LocalContext {
    char bytes[3];
};
WDF_DECLARE_CONTEXT_TYPE(LocalContext)
}  // namespace

PCWDF_OBJECT_CONTEXT_TYPE_INFO local_type_of_the_other_source()
{
    return WDF_GET_CONTEXT_TYPE_INFO(LocalContext)->UniqueType;
}
