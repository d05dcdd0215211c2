/* SPDX-License-Identifier: MIT */
/* The program under the name of `packetdrill`: that one's options, messages and exit status. */
#ifndef CLI_PACKETDRILL_H
#define CLI_PACKETDRILL_H

#include "cli/option.h"

/* True if a program that was started as PATH is to be packetdrill. */
bool packetdrill_is_meant(const char *path);

/* What `packetdrill WORDS...` does: 0 if every script passed, else 1. */
int packetdrill_main(struct option_words words);

#endif
