// The two worlds that this folder joins: the functions that KMDF and UMDF 2 drivers call, as they
// are, and the interfaces of UMDF 1 in namespace um. Both have a WDF_TRI_STATE and a
// WDF_REQUEST_TYPE, some with other values, so whatever comes from a driver of UMDF 1 says so on
// each line.
#pragma once

#include <windows.h>

#include <wdf.h>

#include "ext/gx_observe.h"
#include "parts/hresult.h"

namespace um {
// Everything below that is not UMDF 1's own has been included above.
#include <wudfddi.h>
}  // namespace um
