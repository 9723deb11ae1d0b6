// Callbacks of controllers' drivers that run now (GxCallbackEnter), for what findings say of them.
#pragma once

#include <wdm.h>

#include <string>

namespace gpioclx::kernel::dbg {

void enter_callback(PDEVICE_OBJECT device, const char* name);
void leave_callback(PDEVICE_OBJECT device, const char* name);

// Of the innermost callback that the caller runs in; null if there is none, or if that is not sure:
// a DPC or an interrupt on top of a callback is no part of it.
PDEVICE_OBJECT calling_device();
// V15: "; CLIENT_MaskInterrupts, in which this happens, runs at DIRQL (V15)"; "" elsewhere.
std::string in_raised_callback();

}  // namespace gpioclx::kernel::dbg
