/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "cli/terminal.h"

static const char erase_line[] = "\r\x1b[K";

static void draw_bar(struct text *text, const struct progress *progress, const struct suite *suite)
{
    enum { BAR_WIDTH = 40 };
    size_t filled = suite->planned == 0 ? 0 : suite->finished * BAR_WIDTH / suite->planned;
    text_append_character(text, '[');
    text_append_repeated(text, '#', filled);
    text_append_repeated(text, '.', BAR_WIDTH - filled);
    text_append_format(text, "] %zu/%zu", suite->finished, suite->planned);
    static const enum verdict shown[] = {VERDICT_FAIL, VERDICT_ERROR, VERDICT_INCONCLUSIVE};
    for (size_t i = 0; i < COUNT_OF(shown); i++)
        if (progress->counts[shown[i]] > 0)
            text_append_format(text, ", %zu %s", progress->counts[shown[i]], verdict_name(shown[i]));
}

void progress_show(void *context, const struct suite *suite, const struct suite_case *one,
                   const struct suite_result *result)
{
    struct progress *progress = context;
    struct text text = text_growing();
    const struct text_report_line line = {one, result, suite_excuse(suite->settings, one)};
    bool passed =
        result->verdict == VERDICT_PASS || (result->verdict == VERDICT_FAIL && line.excuse != SUITE_NOT_EXCUSED);
    progress->counts[passed ? VERDICT_PASS : result->verdict]++;
    if (progress->bar)
        text_append_string(&text, erase_line);
    if (progress->lines || (progress->brief && !passed))
        text_report_result(&text, progress->report, &line);
    if (progress->bar)
        draw_bar(&text, progress, suite);
    terminal_write(&text);
    text_free(&text);
}

void progress_end(const struct progress *progress)
{
    struct text text = text_growing();
    if (progress->bar)
        text_append_string(&text, erase_line);
    terminal_write(&text);
    text_free(&text);
}
