// The module that the driver and this framework make up together: how it is entered, and what the
// driver's half exports.
#pragma once

#include "wudfx/reference.h"

namespace wudfx {

// Asks DllGetClassObject for the driver's class and makes one. Failures are findings.
HRESULT make_driver_entry(Reference<um::IDriverEntry>& entry);

}  // namespace wudfx

// The class of the driver (DriverCLSID), in a source that the driver kit writes from the .inx.
extern "C" const CLSID GxDriverClass;
