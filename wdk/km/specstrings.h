/* Annotations under the name that older sources include. */
#pragma once
#include "sal.h"
