/* SPDX-License-Identifier: MIT */
/* What the compiler is told beyond C17: results that must be used, printf formats, broken invariants. */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#include <stddef.h>

/* The caller must look at the result: it is the only sign of failure. */
#define MUST_USE __attribute__((warn_unused_result))
/* printf-like; FORMAT and FIRST are 1-based argument positions. */
#define PRINTF_LIKE(FORMAT, FIRST) __attribute__((format(printf, FORMAT, FIRST)))
#define COLD                       __attribute__((cold, noinline))
#define ALWAYS_INLINE              static inline __attribute__((always_inline))
#define LIKELY(condition)          __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition)        __builtin_expect(!!(condition), 0)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Says where an invariant of our own was broken and aborts, in release builds too. Never used on hostile input. */
_Noreturn COLD void invariant_broken(const char *condition, const char *file, int line);

#define INVARIANT(condition) (LIKELY(condition) ? (void)0 : invariant_broken(#condition, __FILE__, __LINE__))

#endif
