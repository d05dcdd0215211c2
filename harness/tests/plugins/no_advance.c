/* SPDX-License-Identifier: MIT */
/* Lacks a function that there must be. */
#include <stddef.h>
#define PLUGIN_ADVANCE NULL
#include "plugin.h"

PLUGIN;
