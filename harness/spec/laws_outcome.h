/* SPDX-License-Identifier: MIT */
/* Laws about single outcomes. Private to this room. */
#ifndef SPEC_LAWS_OUTCOME_H
#define SPEC_LAWS_OUTCOME_H

#include "spec/situation.h"

/* Where APPLIES to a situation, whatever may happen then has to be right by HOLDS. */
struct outcome_law {
    const char *says;
    const char *section; /* of RFC 9293 */
    bool (*applies)(const struct situation *situation);
    bool (*holds)(const struct situation *situation, const struct spec_outcome *outcome);
};

enum { OUTCOME_LAWS = 9 };
extern const struct outcome_law outcome_laws[OUTCOME_LAWS];

#endif
