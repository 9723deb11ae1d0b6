// Runs unmodified Windows GPIO drivers on a simulated board, from C++. Begin with board.h;
// gtest.h has assertions for GoogleTest and is not included here.
#pragma once

#include <gpioclx/board.h>
#include <gpioclx/device.h>
#include <gpioclx/event.h>
#include <gpioclx/exception.h>
#include <gpioclx/file.h>
#include <gpioclx/finding.h>
#include <gpioclx/irql.h>
#include <gpioclx/part.h>
#include <gpioclx/pin.h>
#include <gpioclx/status.h>
#include <gpioclx/wire.h>
