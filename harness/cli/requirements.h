/* SPDX-License-Identifier: MIT */
/* The catalogue of requirements that the program comes with. */
#ifndef CLI_REQUIREMENTS_H
#define CLI_REQUIREMENTS_H

#include "suite/catalogue.h"

/* Reads it into CATALOGUE; FOUND says whether it is there: without it a report cites requirements by name alone. What
 * is wrong with it goes to standard error. End with catalogue_free() in any case. */
MUST_USE bool requirements_load(struct catalogue *catalogue, bool *found, struct error *error);

#endif
