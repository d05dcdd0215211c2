/* SPDX-License-Identifier: MIT */
/* libshakedown: tests the TCP handshake of a stack. Every function here may be called from any thread. */
#ifndef SHAKEDOWN_SHAKEDOWN_H
#define SHAKEDOWN_SHAKEDOWN_H

#ifdef __cplusplus
extern "C" {
#endif

#define SHAKEDOWN_API __attribute__((visibility("default")))

/* The library's version, "MAJOR.MINOR.PATCH"; static storage, never NULL. */
SHAKEDOWN_API const char *shakedown_version(void);

#ifdef __cplusplus
}
#endif

#endif
