/* SPDX-License-Identifier: MIT */
/* What `--stack` names: `linux`; a stack that comes with the program (`sample`); or one in a shared object
 * (`plugin:FILE.so`). Options for the stack itself stand behind another colon: `sample:isn=1`. */
#ifndef CLI_STACK_CHOICE_H
#define CLI_STACK_CHOICE_H

#include "base/error.h"
#include "base/text.h"

struct stack_choice {
    const char *word;    /* as it was written */
    struct text name;    /* without options: "linux", "sample", "plugin" */
    struct text path;    /* of the shared object; empty for linux */
    const char *options; /* NULL without */
    uint32_t restart;    /* enum shakedown_restart of a plug-in that was checked */
};

/* Zero-initialise CHOICE, or give one that was read before. ERROR_USAGE for a name that is not known. */
MUST_USE bool stack_choice_read(struct stack_choice *choice, const char *word, struct error *error);

/* The plug-in's path, or NULL for linux. */
const char *stack_choice_plugin(const struct stack_choice *choice);

/* Sees whether the plug-in, if it is one, can be loaded, and makes its path absolute. */
MUST_USE bool stack_choice_check(struct stack_choice *choice, struct error *error);

void stack_choice_free(struct stack_choice *choice);

/* The i-th stack that comes with the program as a shared object, or NULL past the last. */
const char *stack_choice_embedded(size_t index);

#endif
