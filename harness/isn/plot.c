/* SPDX-License-Identifier: MIT */
#include "isn/print.h"

#include "report/quoted.h"

enum {
    WIDTH = 1020,
    HEIGHT = 580,
    SIDE = 400, /* of a panel */
    PANEL_TOP = 90,
    TICKS = 4,
};

/* A square in which x and y run from 0 to 1. */
struct panel {
    int left;
    const char *title;
    const char *across; /* what x is */
    const char *up;
};

static const struct panel over_time = {90, "Numbers over time", "time", "initial sequence number"};
static const struct panel over_last = {590, "Each over the one before, without the clock", "number before", "number"};

static const char *const colours[ISN_SERIES_COUNT] = {"#1f6fb4", "#c2410c", "#15803d"};

static void print_text_at(struct text *text, double x, double y, const char *attributes, const char *words)
{
    text_append_format(text, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
    xml_text_print(text, words);
    text_append_string(text, "</text>\n");
}

static void print_panel(struct text *text, const struct panel *panel)
{
    double left = panel->left;
    double bottom = PANEL_TOP + SIDE;
    text_append_format(text, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#666\"/>\n",
                       panel->left, PANEL_TOP, SIDE, SIDE);
    print_text_at(text, left, PANEL_TOP - 12, "font-size=\"15\"", panel->title);
    print_text_at(text, left + SIDE / 2.0, bottom + 42, "text-anchor=\"middle\"", panel->across);
    text_append_format(text, "<g transform=\"rotate(-90 %.1f %.1f)\">", left - 68, PANEL_TOP + SIDE / 2.0);
    print_text_at(text, left - 68, PANEL_TOP + SIDE / 2.0, "text-anchor=\"middle\"", panel->up);
    text_append_string(text, "</g>\n");
    for (int tick = 0; tick <= TICKS; tick++) {
        double y = bottom - (double)tick * SIDE / TICKS;
        char words[32];
        struct text label = text_in(words, sizeof(words));
        text_append_string(&label, tick == 0 ? "0" : "");
        if (tick > 0)
            text_append_format(&label, tick == TICKS ? "2^32" : "%d x 2^30", tick);
        text_append_format(text, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#666\"/>\n", left - 5,
                           left, y, y);
        print_text_at(text, left - 8, y + 4, "text-anchor=\"end\" font-size=\"11\"", words);
    }
}

static void points_begin(struct text *text, enum isn_series_kind kind)
{
    text_append_format(text,
                       "<path fill=\"none\" stroke=\"%s\" stroke-width=\"4\" stroke-linecap=\"round\" "
                       "stroke-opacity=\"0.5\" d=\"",
                       colours[kind]);
}

static void points_end(struct text *text)
{
    text_append_string(text, "\"/>\n");
}

static void print_point(struct text *text, const struct panel *panel, double x, double y)
{
    text_append_format(text, "M%.1f %.1fh0", panel->left + x * SIDE, PANEL_TOP + SIDE - y * SIDE);
}

static double fraction(uint32_t number)
{
    return (double)number / 4294967296.0;
}

static nanoseconds span_of(const struct isn_series *series)
{
    if (series->count < 2)
        return 1;
    return isn_sample_time(&series->samples[series->count - 1]) - isn_sample_time(&series->samples[0]);
}

static nanoseconds longest_span(const struct isn_samples *samples)
{
    nanoseconds longest = 1;
    for (size_t kind = 0; kind < ISN_SERIES_COUNT; kind++)
        if (span_of(&samples->series[kind]) > longest)
            longest = span_of(&samples->series[kind]);
    return longest;
}

static void print_over_time(struct text *text, const struct isn_report *report)
{
    nanoseconds longest = longest_span(report->samples);
    char words[32];
    struct text label = text_in(words, sizeof(words));
    text_append_format(&label, "%.3g s", (double)longest / (double)NANOSECONDS_PER_SECOND);
    print_panel(text, &over_time);
    print_text_at(text, over_time.left, PANEL_TOP + SIDE + 18, "font-size=\"11\"", "0");
    print_text_at(text, over_time.left + SIDE, PANEL_TOP + SIDE + 18, "text-anchor=\"end\" font-size=\"11\"", words);
    for (enum isn_series_kind kind = 0; kind < ISN_SERIES_COUNT; kind++) {
        const struct isn_series *series = &report->samples->series[kind];
        points_begin(text, kind);
        for (size_t i = 0; i < series->count; i++) {
            nanoseconds since = isn_sample_time(&series->samples[i]) - isn_sample_time(&series->samples[0]);
            print_point(text, &over_time, (double)since / (double)longest, fraction(series->samples[i].number));
        }
        points_end(text);
    }
}

static void print_over_last(struct text *text, const struct isn_report *report)
{
    const struct isn_clock *clock = &report->findings->clock;
    print_panel(text, &over_last);
    for (enum isn_series_kind kind = 0; kind < ISN_SERIES_COUNT; kind++) {
        const struct isn_series *series = &report->samples->series[kind];
        if (series->count == 0)
            continue;
        nanoseconds start = isn_sample_time(&series->samples[0]);
        points_begin(text, kind);
        for (size_t i = 0; i + 1 < series->count; i++)
            print_point(text, &over_last, fraction(isn_without_clock(clock, &series->samples[i], start)),
                        fraction(isn_without_clock(clock, &series->samples[i + 1], start)));
        points_end(text);
    }
}

static void print_legend(struct text *text, const struct isn_samples *samples)
{
    int left = over_time.left;
    for (enum isn_series_kind kind = 0; kind < ISN_SERIES_COUNT; kind++) {
        if (samples->series[kind].count == 0)
            continue;
        text_append_format(text, "<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"%s\"/>\n", left + 5, HEIGHT - 20,
                           colours[kind]);
        print_text_at(text, left + 16, HEIGHT - 16, "", isn_series_name(kind));
        left += 290;
    }
}

void isn_plot(struct text *text, const struct isn_report *report)
{
    char words[256];
    struct text title = text_in(words, sizeof(words));
    text_append_format(&title, "Initial sequence numbers of %s%s: %s", report->stack, report->ipv6 ? " over IPv6" : "",
                       verdict_name(isn_verdict(report->findings, report->strict)));
    text_append_format(text,
                       "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                       "font-family=\"sans-serif\" font-size=\"13\">\n"
                       "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                       WIDTH, HEIGHT, WIDTH, HEIGHT);
    print_text_at(text, over_time.left, 40, "font-size=\"20\"", words);
    print_over_time(text, report);
    print_over_last(text, report);
    print_legend(text, report->samples);
    text_append_string(text, "</svg>\n");
}
