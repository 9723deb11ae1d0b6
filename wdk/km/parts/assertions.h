/* Assertions. With DBG they report to gx_assert.h; without, they vanish (NT_VERIFY keeps its
 * expression). */
#pragma once

#include "../gx_assert.h"

#ifndef DBG
#define DBG 0
#endif

#define GX_ASSERT_(expression, text) \
    ((void)((!(expression)) ? (GxAssertFailed(text, __FILE__, (ULONG)__LINE__), 0) : 1))

#if DBG
#define NT_ASSERT(expression) GX_ASSERT_(expression, #expression)
#define NT_ASSERTMSG(message, expression) GX_ASSERT_(expression, message)
#define NT_ASSERTMSGW(message, expression) GX_ASSERT_(expression, #expression)
#define NT_VERIFY(expression) \
    ((!(expression)) ? (GxAssertFailed(#expression, __FILE__, (ULONG)__LINE__), FALSE) : TRUE)
#define NT_VERIFYMSG(message, expression) NT_VERIFY(expression)
#define PAGED_CODE() GxPagedCode(__FUNCTION__, __FILE__, (ULONG)__LINE__)
#define ASSERT(expression) GX_ASSERT_(expression, #expression)
#define ASSERTMSG(message, expression) GX_ASSERT_(expression, #expression)
#define RTL_SOFT_ASSERT(expression) GX_ASSERT_(expression, #expression)
#define RTL_SOFT_ASSERTMSG(message, expression) GX_ASSERT_(expression, #expression)
#else
#define NT_ASSERT(expression) ((void)0)
#define NT_ASSERTMSG(message, expression) ((void)0)
#define NT_ASSERTMSGW(message, expression) ((void)0)
#define NT_VERIFY(expression) ((expression) ? TRUE : FALSE)
#define NT_VERIFYMSG(message, expression) ((expression) ? TRUE : FALSE)
#define PAGED_CODE() ((void)0)
#define ASSERT(expression) ((void)0)
#define ASSERTMSG(message, expression) ((void)0)
#define RTL_SOFT_ASSERT(expression) ((void)0)
#define RTL_SOFT_ASSERTMSG(message, expression) ((void)0)
#endif
#define NT_ASSERT_ASSUME(expression) NT_ASSERT(expression)
#define NT_ASSERTMSG_ASSUME(message, expression) NT_ASSERTMSG(message, expression)
#define NT_ASSERT_NOASSUME(expression) NT_ASSERT(expression)
#define RTL_VERIFY(expression) NT_VERIFY(expression)
#define PAGED_CODE_LOCKED() ((void)0)
#define NT_ANALYSIS_ASSUME(expression) ((void)0)
#define NT_FRE_ASSERT(expression) GX_ASSERT_(expression, #expression)

/* Nothing of a process is at a raised IRQL. */
#ifdef UMDF_VERSION_MAJOR
#undef PAGED_CODE
#define PAGED_CODE() ((void)0)
#endif
/*
 * ASSERT is a name that other code defines too; the kernel build keeps it free.
 */
#ifdef GPIOCLX_KERNEL_BUILD
#undef ASSERT
#undef ASSERTMSG
#endif
