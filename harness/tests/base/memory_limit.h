/* SPDX-License-Identifier: MIT */
/* Lets tests see memory run out: under a sanitizer, too, a request that no machine can meet gets NULL. */
#ifndef MEMORY_LIMIT_H
#define MEMORY_LIMIT_H

#include <stddef.h>
#include <stdint.h>

/* More than any machine has, and less than what is refused for its number alone. */
#define MEMORY_THAT_NOBODY_HAS (SIZE_MAX / 4)

const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

#endif
