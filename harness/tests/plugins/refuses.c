/* SPDX-License-Identifier: MIT */
/* Makes no stack, and says why. */
#define PLUGIN_CREATE refuse
#include "plugin.h"

#include <stdio.h>

static struct shakedown_stack *refuse(const struct shakedown_stack_settings *settings, char *reason, size_t capacity)
{
    (void)snprintf(reason, capacity, "it does not like `%s`", settings->options);
    return NULL;
}

PLUGIN;
