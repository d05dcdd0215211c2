/* SPDX-License-Identifier: MIT */
#include "cli/spec_part.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "report/spec_json.h"
#include "report/state_graph.h"
#include "trace/capture_trace.h"
#include "trace/file.h"

static const struct option_row rows[] = {
    {0, "graph", "FILE", "draw it into FILE, by graphviz's dot: green what was met, red what was not",
     spec_part_take_picture},
    SPEC_PART_SPECIFICATION,
    SPEC_PART_FORMAT(spec_part_take_format),
    SPEC_PART_HELP,
};
static const struct option_table option_table = {rows, COUNT_OF(rows)};

static bool read_traffic(const char *path, const struct trace_sink *sink, struct error *error)
{
    const struct capture_trace_settings settings = {.side_count = 0};
    struct capture_summary summary;
    struct capture_file *file;
    if (trace_recognize(path))
        return trace_read(path, sink, error);
    if (!capture_file_open(path, &file, error))
        return false;
    bool told = capture_trace(file, &settings, sink, &summary, error);
    capture_file_close(file);
    return told;
}

static bool add_traffic(struct row_coverage *coverage, const char *path, struct error *error)
{
    struct judge *judge = judge_open(coverage->spec, error);
    if (judge == NULL)
        return false;
    const struct trace_sink sink = judge_sink(judge);
    bool read = read_traffic(path, &sink, error) && judge_finish(judge, error);
    if (read)
        row_coverage_add(coverage, judge);
    judge_close(judge);
    return read;
}

static bool tell(const struct row_coverage *coverage, const struct spec_part *part, struct error *error)
{
    struct text text = text_growing();
    bool drawn = true;
    if (part->json)
        rows_print_json(&text, coverage->spec, SPEC_STATE_COUNT, coverage);
    else
        row_coverage_print(&text, coverage);
    terminal_write(&text);
    if (part->picture != NULL) {
        text_clear(&text);
        state_graph_print(&text, coverage->spec, coverage);
        drawn = spec_part_draw(&text, part->picture, error);
    }
    text_free(&text);
    return drawn;
}

static int cover(const struct spec_part *part, const struct option_words *paths)
{
    struct spec spec = {.row_count = 0};
    struct row_coverage coverage = {.times = NULL};
    struct error error;
    bool done =
        specification_load_lawful(&spec, part->specification, &error) &&
        (row_coverage_make(&coverage, &spec) || error_set(&error, ERROR_OUT_OF_MEMORY, "no memory to count rows"));
    for (size_t i = 0; done && i < paths->count; i++)
        done = add_traffic(&coverage, paths->words[i], &error);
    done = done && tell(&coverage, part, &error);
    row_coverage_free(&coverage);
    spec_free(&spec);
    return done ? EXIT_STATUS_PASS : command_fail(&error);
}

static int run_coverage(const struct command *command, struct option_words words)
{
    struct spec_part part;
    int status;
    if (!spec_part_begin(command, &words, &part, &status))
        return status;
    return words.count > 0 ? cover(&part, &words) : spec_part_misused(command, "no trace and no capture is given");
}

const struct command command_spec_coverage = {
    .name = "spec coverage",
    .arguments = "[OPTION...] FILE.trace|FILE.pcap|FILE.pcapng...",
    .help = "count which rows of the specification traffic has met",
    .options = &option_table,
    .run = run_coverage,
};
