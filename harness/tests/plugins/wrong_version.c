/* SPDX-License-Identifier: MIT */
/* Built for an ABI that is not there yet. */
#define PLUGIN_ABI 99
#include "plugin.h"

PLUGIN;
