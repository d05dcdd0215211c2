/* SPDX-License-Identifier: MIT */
#ifndef REPORT_AGAIN_H
#define REPORT_AGAIN_H

#include "suite/suite.h"

/* The command line that performs ONE again, for a shell: COMMAND, the IP version and the path; of a script that was
 * made for the run, COMMAND makes it again, and the path is one to be filtered by. */
void again_print(struct text *text, const char *command, const struct suite_case *one);

#endif
