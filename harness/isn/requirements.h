/* SPDX-License-Identifier: MIT */
/* The requirements of RFC 9293 section 3.4.1, held against what was found. Private to this room. */
#ifndef ISN_REQUIREMENTS_H
#define ISN_REQUIREMENTS_H

#include "isn/weigh.h"

/* Fills the requirements of FINDINGS from the rest of them. */
void isn_requirements_judge(struct isn_findings *findings);

#endif
