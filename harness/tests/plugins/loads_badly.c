/* SPDX-License-Identifier: MIT */
/* Does what PLUGIN_DEED names while it is loaded. */
#include "plugin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void misbehave_at_once(void)
{
    const char *deed = getenv("PLUGIN_DEED"); // NOLINT(concurrency-mt-unsafe)
    if (deed == NULL)
        return;
    if (strcmp(deed, "crash") == 0)
        *(volatile char *)0x40 = 1; // NOLINT(performance-no-int-to-ptr)
    if (strcmp(deed, "exit") == 0)
        exit(0); // NOLINT(concurrency-mt-unsafe)
    if (strcmp(deed, "quit") == 0)
        _exit(0);
    for (volatile unsigned i = 0; strcmp(deed, "loop") == 0; i++)
        continue;
}

PLUGIN;
