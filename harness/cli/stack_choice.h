/* SPDX-License-Identifier: MIT */
/* What `--stack` names: `linux`; a stack that comes with the program (`sample`); or one in a shared object
 * (`plugin:FILE.so`). Options for the stack itself stand behind another colon: `sample:isn=1`. */
#ifndef CLI_STACK_CHOICE_H
#define CLI_STACK_CHOICE_H

#include "base/text.h"
#include "stack/plugin.h"

struct stack_choice {
    const char *word;    /* as it was written */
    struct text name;    /* without options: "linux", "sample", "plugin" */
    struct text path;    /* of the shared object; empty for linux */
    const char *options; /* NULL without */
};

/* Zero-initialise CHOICE, or give one that was read before. ERROR_USAGE for a name that is not known. */
MUST_USE bool stack_choice_read(struct stack_choice *choice, const char *word, struct error *error);

/* Loads the plug-in of CHOICE; PLUGIN is NULL for linux. */
MUST_USE bool stack_choice_load(const struct stack_choice *choice, struct plugin **plugin, struct error *error);

void stack_choice_free(struct stack_choice *choice);

/* The i-th stack that comes with the program as a shared object, or NULL past the last. */
const char *stack_choice_embedded(size_t index);

#endif
