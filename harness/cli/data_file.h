/* SPDX-License-Identifier: MIT */
/* Files that come with the program: where it is installed, or in the source tree that it was built from. */
#ifndef CLI_DATA_FILE_H
#define CLI_DATA_FILE_H

#include "base/text.h"

/*
 * Path of the known deviations of STACK: PREFIX/share/shakedown/stacks/STACK/deviations.conf for a program in
 * PREFIX/bin, targets/stacks/STACK/deviations.conf of the source tree for one in a folder that CMake built in. False if
 * there is none.
 */
bool data_file_deviations(struct text *path, const char *stack);

/* Path of the shared object of STACK, one that comes with the program: PREFIX/lib/shakedown/stacks/STACK.so, with
 * whatever lib is called here, or stacks/STACK.so beside a program that CMake built. False if there is none. */
bool data_file_stack(struct text *path, const char *stack);

/* As data_file_deviations(), of what is known of traffic that is judged: judged.conf. */
bool data_file_judged(struct text *path, const char *stack);

/* Path of the folder with the catalogue of requirements: PREFIX/share/shakedown/requirements, or specs/requirements of
 * the source tree, as above. False if there is none. */
bool data_file_requirements(struct text *path);

/* Path of the folder with the suites: PREFIX/share/shakedown/suites, or specs/suites of the source tree, as above.
 * False if there is none. */
bool data_file_suites(struct text *path);

/* Path of the specification: PREFIX/share/shakedown/tcp-handshake.spec, or specs/tcp-handshake.spec of the source tree,
 * as above. False if there is none. */
bool data_file_specification(struct text *path);

#endif
