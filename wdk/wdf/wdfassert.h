/*
 * Run-time and compile-time checks.
 */
#pragma once

#include "wdfdriver.h"

/* Checked while DriverFlags has WdfVerifyOn, in free builds too. */
#define WDFVERIFY(exp)                                                        \
    do {                                                                      \
        if ((WdfDriverGlobals->DriverFlags & WdfVerifyOn) != 0 && !(exp)) {   \
            RtlAssert((PVOID) #exp, (PVOID)__FILE__, __LINE__, NULL);         \
        }                                                                     \
    } while (0)

#define VERIFY_IS_IRQL_PASSIVE_LEVEL() WDFVERIFY(KeGetCurrentIrql() == PASSIVE_LEVEL)
#define IS_AT_PASSIVE() WDFVERIFY(KeGetCurrentIrql() == PASSIVE_LEVEL)

/* Does not compile if the constant c is false: two cases would have the same value. */
#define WDFCASSERT(c) \
    do {              \
        switch (0) {  \
        case (c):     \
        case 0:;      \
        }             \
    } while (0)
