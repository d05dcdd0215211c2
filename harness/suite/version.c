/* SPDX-License-Identifier: MIT */
#include "shakedown/shakedown.h"

const char *shakedown_version(void)
{
    return SHAKEDOWN_VERSION;
}
