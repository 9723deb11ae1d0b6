// What extensions tell people of their state (wdk/ext/gx_dump.h).
#pragma once

#include <wdm.h>

#include <string>
#include <string_view>

struct _GX_DUMP {
    std::string text;
};

namespace gpioclx::kernel::dbg {

// The dump of this name, "" if nobody registered it. Between two steps of the machine; nothing of the
// machine changes, no time passes. `flags`: GX_DUMP_*.
std::string state_dump(std::string_view name, ULONG flags);

}  // namespace gpioclx::kernel::dbg
