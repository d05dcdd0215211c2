/* SPDX-License-Identifier: MIT */
/* Is put back as it was, so that nobody may destroy it. */
#define PLUGIN_DESTROY plain_crash
#define PLUGIN_RESTART SHAKEDOWN_RESTART_COPY
#include "plugin.h"

static void plain_crash(struct shakedown_stack *stack)
{
    (void)stack;
    *(volatile char *)0x40 = 1; // NOLINT(performance-no-int-to-ptr)
}

PLUGIN;
