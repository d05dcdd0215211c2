/* SPDX-License-Identifier: MIT */
/* `--report DIR`: a run's report in every form, and the captures of what did not pass, in one folder. */
#ifndef CLI_REPORT_FOLDER_H
#define CLI_REPORT_FOLDER_H

#include "report/text_report.h"

/*
 * Writes report.txt, report.tap, report.xml (JUnit's) and report.jsonl into FOLDER, which is made if it is not there.
 * Of the captures that the suite wrote into the same folder those of plain passes and of what is not applicable go.
 */
MUST_USE bool report_folder_write(const char *folder, const struct text_report_settings *settings,
                                  const struct suite *suite, struct error *error);

#endif
