/* SPDX-License-Identifier: MIT */
/* What scripts are called: "In ESTABLISHED a RST at RCV.NXT + 1 is answered by an ACK". */
#ifndef GENERATE_WORDS_H
#define GENERATE_WORDS_H

#include "base/text.h"
#include "generate/candidate.h"

/* The title of CANDIDATE, after whose last move the stack may do REACTION and is in SCENE. */
void words_title(struct text *text, const struct candidate *candidate, const struct scene_reaction *reaction,
                 const struct scene *scene);

/* The name of its file, without ".pkt". */
void words_name(struct text *text, const struct candidate *candidate);

#endif
