/* SPDX-License-Identifier: MIT */
#include "base/compiler.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void invariant_broken(const char *condition, const char *file, int line)
{
    /* The process is about to abort: there is no caller left to hand an error to. */
    (void)fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, condition);
    abort();
}
