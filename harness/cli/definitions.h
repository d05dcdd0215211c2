/* SPDX-License-Identifier: MIT */
/* The option -D NAME=VALUE, which may be repeated. */
#ifndef CLI_DEFINITIONS_H
#define CLI_DEFINITIONS_H

#include "script/program.h"

enum { DEFINITIONS_MOST = 64 };

/* Zero-initialise; end with definitions_free(). */
struct definitions {
    struct arena arena; /* of the names */
    struct program_definition items[DEFINITIONS_MOST];
    size_t count;
};

/* Adds what the option's VALUE says, which must outlive DEFINITIONS; ERROR_USAGE if it is no definition. */
MUST_USE bool definitions_add(struct definitions *definitions, const char *value, struct error *error);

void definitions_free(struct definitions *definitions);

#endif
