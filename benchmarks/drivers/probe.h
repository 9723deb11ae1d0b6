//
// What the benchmark program exports to its drivers, and only to them: the two ends of a measured
// stretch. Time is the host's; the machine does not notice.
//

#pragma once

#ifdef __cplusplus
extern "C" {
#endif

VOID
GxProbeStart(
    VOID
    );

VOID
GxProbeStop(
    VOID
    );

//
// Tells a test, if there is one, what happened.
//

VOID
GxProbeMark(
    ULONG Value
    );

#ifdef __cplusplus
}
#endif
