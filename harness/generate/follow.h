/* SPDX-License-Identifier: MIT */
/* What shows in which state a stack is: what comes next there. */
#ifndef GENERATE_FOLLOW_H
#define GENERATE_FOLLOW_H

#include "generate/place.h"

enum { FOLLOW_MOST = 2 };

/* The moves that show where SCENE, that began at FROM, is, at most FOLLOW_MOST; how many. None if the harness's numbers
 * may have begun anew, or if the stack may be in one of several states. */
size_t follow_moves(const struct scene *scene, const struct place *from, struct move *moves);

#endif
