/* Error codes of user mode, and the results that are made of them. */
#pragma once

#include "parts/hresult.h"
#include "parts/um_errors.h"
