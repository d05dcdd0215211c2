/* SPDX-License-Identifier: MIT */
/* Where packetdrill's scripts think they are, and what follows from it: a Fast Open cookie is one of two addresses. */
#ifndef SUITE_PLACE_H
#define SUITE_PLACE_H

#include "engine/engine.h"
#include "stack/linux.h"

/*
 * Fills the addresses of SETTINGS for the version that OPTIONS have, and what else they say of the device. Those that
 * are not given are packetdrill's: 192.168.0.1/16 and 192.0.2.1/24, fd3d:fa7b:d17d::1/48 and 2001:db8::1/32. False if
 * an address that is given is none of the version.
 */
MUST_USE bool place_describe(const struct engine_options *options, struct linux_settings *settings,
                             struct error *error);

#endif
