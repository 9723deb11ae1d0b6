// Between the status words of the kernel and those of COM.
#pragma once

#include "wudfx/worlds.h"

namespace wudfx {

// What a driver is told: success stays success, a status with an equivalent in user mode becomes
// that (HRESULT_FROM_WIN32), others are wrapped (HRESULT_FROM_NT).
HRESULT hresult_from(NTSTATUS status);

// What a driver tells: the inverse for both kinds, and for the results that COM itself has. Another
// failure becomes STATUS_UNSUCCESSFUL, another success STATUS_SUCCESS.
NTSTATUS status_from(HRESULT result);

}  // namespace wudfx
