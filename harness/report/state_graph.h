/* SPDX-License-Identifier: MIT */
/* The specification as a drawing, laid out like figure 5 of RFC 9293. */
#ifndef REPORT_STATE_GRAPH_H
#define REPORT_STATE_GRAPH_H

#include "report/row_coverage.h"

/* The text for graphviz's dot. COVERAGE, or NULL, paints what was met. */
void state_graph_print(struct text *text, const struct spec *spec, const struct row_coverage *coverage);

#endif
