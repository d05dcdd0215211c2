/* SPDX-License-Identifier: MIT */
#ifndef REPORT_AGAIN_H
#define REPORT_AGAIN_H

#include "suite/suite.h"

/* The command line that performs ONE again, for a shell: COMMAND, the IP version and the path. */
void again_print(struct text *text, const char *command, const struct suite_case *one);

#endif
