/* SPDX-License-Identifier: MIT */
/* Segments that can't come because what would make the stack send them stands behind them. Private to the engine. */
#ifndef ENGINE_CHECK_ORDER_H
#define ENGINE_CHECK_ORDER_H

#include "base/source.h"
#include "script/program.h"

/* A diagnostic for each expected segment of PROGRAM, a whole script, that nothing before it can cause but something
 * behind it can. */
void check_order(const struct program *program, struct diagnostics *diagnostics);

#endif
