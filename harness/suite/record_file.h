/* SPDX-License-Identifier: MIT */
/* Where the recorders' files are. They are opened before a worker is made: it has a file system of its own. */
#ifndef SUITE_RECORD_FILE_H
#define SUITE_RECORD_FILE_H

#include "suite/suite.h"

/* Makes the folder of each recorder, with those above it. */
MUST_USE bool record_folders_make(const struct suite_settings *settings, struct error *error);

/* "DIR/handshake-open.ipv4.trace"; from the second performance on with its number: "....ipv4.2.trace". */
void record_file_path(struct text *text, const struct suite_recorder *recorder, const struct suite_case *one,
                      unsigned performance);

/* Makes or empties the file at PATH; the descriptor, or -1 with an error. */
MUST_USE int record_file_open(const char *path, struct error *error);

#endif
