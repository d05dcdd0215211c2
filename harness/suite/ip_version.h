/* SPDX-License-Identifier: MIT */
/* Sets of the IP versions that a script can be run on, as command line, notes and deviations name them. */
#ifndef SUITE_IP_VERSION_H
#define SUITE_IP_VERSION_H

#include "engine/engine.h"

/* One bit a version: 1 << IP_VERSION_IPV4, ... */
typedef unsigned ip_versions;

enum {
    IP_VERSION_COUNT = IP_VERSION_IPV4_MAPPED + 1,
    IP_VERSIONS_ALL = (1 << IP_VERSION_COUNT) - 1,
};

/*
 * Reads LENGTH characters: `4`, `6`, `mapped`, `all`, or several of these with commas or blanks between them. False
 * (VERSIONS untouched) if there is anything else, or nothing.
 */
MUST_USE bool ip_versions_parse(const char *string, size_t length, ip_versions *versions);

/* "4", "6", "mapped": what `--ip` takes. Static storage. */
const char *ip_version_word(int version);

/* "ipv4", "ipv6", "mapped": for people and for names of files. Static storage. */
const char *ip_version_name(int version);

#endif
