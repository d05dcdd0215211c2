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

/* What a script is performed on. */
enum shakedown_ip {
    SHAKEDOWN_IPV4,
    SHAKEDOWN_IPV6,
    SHAKEDOWN_IPV4_MAPPED, /* IPv6 sockets with IPv4-mapped addresses */
};

enum shakedown_verdict {
    SHAKEDOWN_PASS,
    SHAKEDOWN_FAIL,           /* the stack did other than the script expects */
    SHAKEDOWN_INCONCLUSIVE,   /* the machine was too late to tell, in four performances */
    SHAKEDOWN_ERROR,          /* the script is at fault, or it can't be performed here */
    SHAKEDOWN_NOT_APPLICABLE, /* the stack can't do what the script needs, or the script is for another version */
};

struct shakedown_result {
    enum shakedown_verdict verdict;
    char *headline; /* one line, "" on a pass */
    char *detail;   /* several lines, each with its line end, or "" */
};

/*
 * Performs the script in the file PATH on the running kernel, in a process and namespaces of its own, of which nothing
 * is left. Waits until it has ended: as long as the script takes. The calling process gets a child for that time, and
 * must not collect children that it did not start. Returns 0 and fills RESULT, which shakedown_result_free() ends;
 * returns -1, with nothing to free, if memory ran out.
 */
SHAKEDOWN_API int shakedown_run_file(const char *path, enum shakedown_ip ip, struct shakedown_result *result);

/* Frees the texts of RESULT. */
SHAKEDOWN_API void shakedown_result_free(struct shakedown_result *result);

#ifdef __cplusplus
}
#endif

#endif
