/*
 * UMDF 1.11: the interfaces between the framework and a driver.
 *
 * Methods stand here only if the framework has them: a driver that calls another one is told so by
 * its compiler. Identifiers of the interfaces and the order of their methods are our own, because
 * neither is published; drivers are compiled against these headers, so nobody notices.
 */
#pragma once

#include "objbase.h"
#include "wudf/object.h"
#include "wudf/callbacks.h"
#include "wudf/request.h"
#include "wudf/device.h"
