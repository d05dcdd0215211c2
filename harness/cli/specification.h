/* SPDX-License-Identifier: MIT */
/* The specification that traffic is judged by. */
#ifndef CLI_SPECIFICATION_H
#define CLI_SPECIFICATION_H

#include "spec/laws.h"
#include "suite/catalogue.h"

/* Reads the specification at PATH, or the one that the program comes with if that is NULL. False with an error, of the
 * code ERROR_NOT_FOUND where none is there; what is wrong with its text goes to standard error. End with spec_free()
 * in any case. */
MUST_USE bool specification_load(struct spec *spec, const char *path, struct error *error);

/* As specification_load(), but what is wrong with its text goes to DIAGNOSTICS, and is no error. */
MUST_USE bool specification_read(struct spec *spec, const char *path, struct diagnostics *diagnostics,
                                 struct error *error);

/* As specification_load(), for whoever judges or generates by it: what breaks a law is refused, too. */
MUST_USE bool specification_load_lawful(struct spec *spec, const char *path, struct error *error);

/* laws_check(), which counts in LAWS what it looked at, with the requirements of CATALOGUE; none if that is NULL. */
MUST_USE bool specification_check_laws(const struct spec *spec, const struct catalogue *catalogue, struct laws *laws,
                                       struct diagnostics *diagnostics, struct error *error);

#endif
