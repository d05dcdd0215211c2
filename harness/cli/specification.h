/* SPDX-License-Identifier: MIT */
/* The specification that traffic is judged by. */
#ifndef CLI_SPECIFICATION_H
#define CLI_SPECIFICATION_H

#include "spec/spec.h"

/* Reads the specification at PATH, or the one that the program comes with if that is NULL. False with an error, of the
 * code ERROR_NOT_FOUND where none is there; what is wrong with its text goes to standard error. End with spec_free()
 * in any case. */
MUST_USE bool specification_load(struct spec *spec, const char *path, struct error *error);

#endif
