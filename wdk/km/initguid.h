/* From here on DEFINE_GUID and DEFINE_DEVPROPKEY define their constants instead of declaring them.
 */
#ifndef INITGUID
#define INITGUID
#endif
#include "guiddef.h"
#include "devpropdef.h"
