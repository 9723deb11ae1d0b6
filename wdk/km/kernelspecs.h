/* Annotations for drivers; all of them stand in sal.h. */
#pragma once
#include "sal.h"
