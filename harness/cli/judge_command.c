/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/data_file.h"
#include "cli/judge_options.h"
#include "cli/requirements.h"
#include "cli/specification.h"
#include "cli/terminal.h"
#include "report/judged.h"
#include "trace/file.h"

#include <stdio.h>
#include <stdlib.h>

/* All that one `shakedown judge` owns. */
struct judge_work {
    struct judge_options options;
    const char *path;
    bool is_trace;
    struct spec spec;
    struct catalogue catalogue;
    struct deviations deviations;
    struct judge *judge;
    struct capture_summary summary;
    struct judged judged;
    struct trace_sink sink;
    uint64_t events;   /* of the reading at hand */
    uint64_t *packets; /* of each violation, its packet */
    size_t packet_room;
    size_t packet_count;
};

static uint64_t packet_number(const struct judge_work *work)
{
    return work->is_trace ? work->events : work->summary.packets;
}

/* Notes which packet the violations are of that are new. */
static bool note_violations(struct judge_work *work, struct error *error)
{
    for (; work->packet_count < judge_violation_count(work->judge); work->packet_count++) {
        if (work->packet_count == work->packet_room) {
            size_t room = work->packet_room == 0 ? 16 : work->packet_room * 2;
            uint64_t *grown = realloc(work->packets, room * sizeof(*grown));
            if (grown == NULL)
                return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the violations");
            work->packets = grown;
            work->packet_room = room;
        }
        work->packets[work->packet_count] = packet_number(work);
    }
    return true;
}

static bool take_judged(void *context, const struct trace_event *event, struct error *error)
{
    struct judge_work *work = context;
    work->events++;
    return trace_give(&work->sink, event, error) &&
           (work->packet_count == judge_violation_count(work->judge) || note_violations(work, error));
}

static bool take_excerpt(void *context, const struct trace_event *event, struct error *error)
{
    struct judge_work *work = context;
    work->events++;
    return judged_excerpt_take(&work->judged, event, packet_number(work)) ||
           error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the packets around a violation");
}

/* A trace that is cut short, or broken, is told up to there. */
static bool read_trace(struct judge_work *work, const struct trace_sink *sink, struct error *error)
{
    struct capture_summary *summary = &work->summary;
    bool read = trace_read(work->path, sink, error);
    summary->broken = !read && error->code == ERROR_MALFORMED && work->events > 0;
    if (summary->broken)
        (void)snprintf(summary->reason, sizeof(summary->reason), "%s", error->text);
    return read || summary->broken;
}

/* Reads the file once, into SINK. */
static bool read_file(struct judge_work *work, const struct trace_sink *sink, struct error *error)
{
    struct capture_file *file;
    work->events = 0;
    if (work->is_trace)
        return read_trace(work, sink, error);
    const struct capture_trace_settings settings = {work->options.sides, work->options.side_count,
                                                    work->options.on_stack};
    if (!capture_file_open(work->path, &file, error))
        return false;
    bool told = capture_trace(file, &settings, sink, &work->summary, error);
    capture_file_close(file);
    return told;
}

/* What the stack is known to do counts as a pass. */
static void excuse(struct judge_work *work)
{
    for (size_t i = 0; i < judge_connection_count(work->judge); i++) {
        const struct judge_connection *connection = judge_connection_at(work->judge, i);
        if ((connection->verdict == VERDICT_FAIL || connection->lax) &&
            judged_deviation(&work->judged, judge_violation_at(work->judge, connection->violation)) != NULL)
            judge_excuse(work->judge, i);
    }
}

static bool judge_file(struct judge_work *work, struct error *error)
{
    const struct trace_sink sink = {take_judged, work};
    work->judged.spec = &work->spec;
    work->judge = judge_open(&work->spec, error);
    if (work->judge == NULL)
        return false;
    work->sink = judge_sink(work->judge);
    /* Nobody asks for those that passed, one by one. */
    if (work->options.format == REPORT_TEXT && !work->options.every)
        judge_forget_passed(work->judge);
    if (work->options.complete)
        judge_take_for_complete(work->judge);
    if (!read_file(work, &sink, error))
        return false;
    if (work->summary.broken)
        judge_cut_short(work->judge);
    if (!judge_finish(work->judge, error) || !note_violations(work, error))
        return false;
    excuse(work);
    if (work->options.strict)
        judge_be_strict(work->judge);
    if (work->summary.lost > 0)
        judge_doubt_failures(work->judge, "a packet that the capture lost may explain what looks like a violation");
    return true;
}

/* Reads a second time for what stands around the first violations. Standard input can't be. */
static bool gather_excerpts(struct judge_work *work, struct error *error)
{
    const struct trace_sink sink = {take_excerpt, work};
    struct judged *judged = &work->judged;
    size_t count = judge_violation_count(work->judge);
    if (strcmp(work->path, "-") == 0 || count == 0)
        return true;
    count = count < JUDGED_EXCERPTS_MOST ? count : JUDGED_EXCERPTS_MOST;
    for (size_t i = 0; i < count; i++)
        judged->excerpts[i] =
            (struct judged_excerpt){.ends = judge_violation_at(work->judge, i)->ends, .packet = work->packets[i]};
    judged->excerpt_count = count;
    return read_file(work, &sink, error);
}

static bool load_deviations(struct judge_work *work, struct error *error)
{
    struct text path = text_growing();
    struct text told = text_growing();
    bool loaded = true;
    bool found = work->options.deviations != NULL;
    if (found)
        text_append_string(&path, work->options.deviations);
    else if (work->options.stack != NULL)
        found = data_file_judged(&path, work->options.stack);
    if (work->options.stack != NULL && !found)
        loaded = error_set(error, ERROR_USAGE,
                           "of a stack %s no known deviations are there; name their file with "
                           "--deviations",
                           work->options.stack);
    else if (found)
        loaded = deviations_load(text_string(&path), &told, &work->deviations, error);
    if (found && loaded)
        work->judged.deviations = &work->deviations;
    (void)fputs(text_string(&told), stderr);
    text_free(&told);
    text_free(&path);
    return loaded;
}

static void load_catalogue(struct judge_work *work)
{
    struct error error;
    bool found;
    if (requirements_load(&work->catalogue, &found, &error) && found)
        work->judged.catalogue = &work->catalogue;
}

static void give_to_terminal(void *context, struct text *text)
{
    (void)context;
    terminal_write(text);
}

/* A side that no segment is to or from was asked for in vain. */
static bool read_all(const struct capture_summary *summary)
{
    return !summary->broken && summary->unknown_link == 0 && (summary->aside == 0 || summary->segments > 0);
}

static int report(struct judge_work *work)
{
    static const int statuses[VERDICT_COUNT] = {
        [VERDICT_FAIL] = EXIT_STATUS_FAIL, [VERDICT_INCONCLUSIVE] = EXIT_STATUS_ERROR};
    struct text text = text_growing();
    work->judged.name = work->path;
    work->judged.judge = work->judge;
    work->judged.summary = work->is_trace ? NULL : &work->summary;
    work->judged.cut = work->summary.broken ? work->summary.reason : NULL;
    work->judged.packets = work->packets;
    work->judged.every = work->options.every;
    if (work->options.format == REPORT_JSON) {
        judged_print_json(&text, &work->judged, give_to_terminal, NULL);
    } else {
        judged_print_text(&text, &work->judged);
        terminal_write(&text);
    }
    text_free(&text);
    int status = statuses[judge_verdict(work->judge)];
    const bool complete = read_all(&work->summary) && judged_total(&work->judged) > 0;
    return status == EXIT_STATUS_PASS && !complete ? EXIT_STATUS_ERROR : status;
}

static int judge_path(struct judge_work *work)
{
    struct error error;
    load_catalogue(work);
    work->is_trace = strcmp(work->path, "-") != 0 && trace_recognize(work->path);
    int status;
    if (specification_load_lawful(&work->spec, work->options.specification, &error) && load_deviations(work, &error) &&
        judge_file(work, &error) && gather_excerpts(work, &error))
        status = report(work);
    else
        status = command_fail(&error);
    judged_excerpts_free(&work->judged);
    judge_close(work->judge);
    catalogue_free(&work->catalogue);
    deviations_free(&work->deviations);
    spec_free(&work->spec);
    free(work->packets);
    return status;
}

static int run_judge(const struct command *command, struct option_words words)
{
    struct judge_work *work = calloc(1, sizeof(*work));
    struct error error;
    int status;
    if (work == NULL) {
        (void)error_set(&error, ERROR_OUT_OF_MEMORY, "no memory to judge");
        return command_fail(&error);
    }
    work->options.format = REPORT_TEXT;
    if (!options_parse(&judge_option_table, &words, &work->options, &error)) {
        status = command_misused(command, &error);
    } else if (work->options.help) {
        command_write_help(command);
        status = EXIT_STATUS_PASS;
    } else if (words.count != 1) {
        (void)error_set(&error, ERROR_USAGE, words.count == 0 ? "no capture is given" : "only one capture at a time");
        status = command_misused(command, &error);
    } else {
        work->path = words.words[0];
        status = judge_path(work);
    }
    free(work);
    return status;
}

const struct command command_judging = {
    .name = "judge",
    .arguments = "[OPTION...] FILE.pcap|FILE.pcapng|FILE.trace|-",
    .help = "judge recorded traffic by the handshake's specification",
    .options = &judge_option_table,
    .run = run_judge,
};
