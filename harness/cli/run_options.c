/* SPDX-License-Identifier: MIT */
#include "cli/run_options.h"

#include "base/nearest_name.h"
#include "cli/command.h"
#include "report/pcapng.h"
#include "report/shell_word.h"
#include "trace/file.h"

enum { JOBS_MOST = 1024, REPEAT_MOST = 100000 };

static bool trace_adopt(int descriptor, const char *name, void **writer, struct error *error)
{
    struct trace_writer *made;
    if (!trace_writer_adopt(descriptor, name, &made, error))
        return false;
    *writer = made;
    return true;
}

static struct trace_sink trace_sink_of(void *writer)
{
    return trace_writer_sink(writer);
}

static bool trace_close(void *writer, struct error *error)
{
    return trace_writer_close(writer, error);
}

static bool pcapng_adopt(int descriptor, const char *name, void **writer, struct error *error)
{
    struct pcapng_writer *made;
    if (!pcapng_writer_adopt(descriptor, name, &made, error))
        return false;
    *writer = made;
    return true;
}

static struct trace_sink pcapng_sink_of(void *writer)
{
    return pcapng_writer_sink(writer);
}

static bool pcapng_close(void *writer, struct error *error)
{
    return pcapng_writer_close(writer, error);
}

/* Adds a recorder, or gives another folder to the one that is there. */
static bool add_recorder(struct run_options *options, struct suite_recorder recorder, struct error *error)
{
    struct suite_settings *suite = &options->suite;
    if (recorder.folder[0] == '\0')
        return error_set(error, ERROR_USAGE, "a folder without a name can't hold recordings");
    size_t i = 0;
    while (i < suite->recorder_count && strcmp(suite->recorders[i].suffix, recorder.suffix) != 0)
        i++;
    suite->recorders[i] = recorder;
    if (i == suite->recorder_count)
        suite->recorder_count++;
    return true;
}

static bool take_trace(void *context, const char *value, struct error *error)
{
    return add_recorder(context, (struct suite_recorder){value, ".trace", trace_adopt, trace_sink_of, trace_close},
                        error);
}

static bool take_pcap(void *context, const char *value, struct error *error)
{
    return add_recorder(context, (struct suite_recorder){value, ".pcapng", pcapng_adopt, pcapng_sink_of, pcapng_close},
                        error);
}

static bool take_report(void *context, const char *value, struct error *error)
{
    struct run_options *options = context;
    if (value[0] == '\0')
        return error_set(error, ERROR_USAGE, "a folder without a name can't hold a report");
    options->report = value;
    return true;
}

static bool records_captures(const struct run_options *options)
{
    for (size_t i = 0; i < options->suite.recorder_count; i++)
        if (strcmp(options->suite.recorders[i].suffix, ".pcapng") == 0)
            return true;
    return false;
}

/* A report comes with captures, unless all of them are asked for elsewhere. */
static bool settle_report(struct run_options *options, struct error *error)
{
    if (options->report == NULL)
        return true;
    if (options->list || options->dry_run)
        return error_set(error, ERROR_USAGE, "--report is for a run: with %s nothing is run",
                         options->list ? "--list" : "--dry-run");
    return records_captures(options) || take_pcap(options, options->report, error);
}

static bool take_jobs(void *context, const char *value, struct error *error)
{
    struct run_options *options = context;
    unsigned long number;
    if (!option_number(&(struct option_range){"--jobs", 1, JOBS_MOST}, value, &number, error))
        return false;
    options->suite.jobs = (unsigned)number;
    return true;
}

static bool take_repeat(void *context, const char *value, struct error *error)
{
    struct run_options *options = context;
    unsigned long number;
    if (!option_number(&(struct option_range){"--repeat", 1, REPEAT_MOST}, value, &number, error))
        return false;
    options->suite.repeat = (unsigned)number;
    return true;
}

static bool take_definition(void *context, const char *value, struct error *error)
{
    struct run_options *options = context;
    if (!definitions_add(&options->definitions, value, error))
        return false;
    options->suite.program.definitions = options->definitions.items;
    options->suite.program.definition_count = options->definitions.count;
    text_append_string(&options->again, " -D ");
    shell_word_print(&options->again, value);
    return true;
}

static bool take_stack(void *context, const char *value, struct error *error)
{
    struct run_options *options = context;
    if (!stack_choice_read(&options->stack, value, error))
        return false;
    if (options->stack.path.length > 0) {
        text_append_string(&options->again, " --stack ");
        shell_word_print(&options->again, value);
    }
    return true;
}

static bool take_link(void *context, const char *value, struct error *error)
{
    static const char *const names[] = {"raw", "tun"};
    static const enum suite_link links[] = {SUITE_LINK_RAW, SUITE_LINK_TUN};
    struct run_options *options = context;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(names[i], value) == 0) {
            options->suite.link = links[i];
            text_append_format(&options->again, " --link %s", value);
            return true;
        }
    }
    const char *nearest = nearest_name_of(value, strlen(value), names, COUNT_OF(names));
    if (nearest != NULL)
        return error_set(error, ERROR_USAGE, "unknown link %s; did you mean %s?", value, nearest);
    return error_set(error, ERROR_USAGE, "unknown link %s; expected raw or tun", value);
}

static bool take_ip(void *context, const char *value, struct error *error)
{
    struct run_options *options = context;
    return ip_versions_parse(value, strlen(value), &options->suite.versions) ||
           error_set(error, ERROR_USAGE, "--ip takes 4, 6, mapped or all, not `%s`", value);
}

static bool take_filter(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct run_options *)context)->suite.filter = value;
    return true;
}

static bool take_requirement(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct run_options *)context)->suite.requirement = value;
    return true;
}

static bool take_format(void *context, const char *value, struct error *error)
{
    return report_format_find(value, &((struct run_options *)context)->format, error);
}

static bool take_deviations(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct run_options *)context)->deviations = value;
    return true;
}

static bool take_no_deviations(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    struct run_options *options = context;
    options->without_deviations = true;
    text_append_string(&options->again, " --no-deviations");
    return true;
}

static bool take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    struct run_options *options = context;
    options->specification = value;
    text_append_string(&options->again, " --specification ");
    shell_word_print(&options->again, value);
    return true;
}

static bool take_judged_deviations(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct run_options *)context)->judged_deviations = value;
    return true;
}

static bool take_no_judge(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    struct run_options *options = context;
    options->without_judge = true;
    text_append_string(&options->again, " --no-judge");
    return true;
}

static bool take_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    struct run_options *options = context;
    options->suite.strict = true;
    text_append_string(&options->again, " --strict");
    return true;
}

static bool take_no_shell(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    struct run_options *options = context;
    options->suite.no_shell = true;
    text_append_string(&options->again, " --no-shell");
    return true;
}

static bool take_slow(void *context, const char *value, struct error *error)
{
    struct run_options *options = context;
    (void)value;
    (void)error;
    options->suite.slow = true;
    text_append_string(&options->again, " --slow");
    return true;
}

static bool take_list(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct run_options *)context)->list = true;
    return true;
}

static bool take_dry_run(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct run_options *)context)->dry_run = true;
    return true;
}

static bool take_verbose(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct run_options *)context)->verbose = true;
    return true;
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct run_options *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {'j', "jobs", "N", "scripts at once (default: enough that the longest decides)", take_jobs},
    {'D', "define", "NAME=VALUE", "let NAME in scripts stand for VALUE; may be repeated", take_definition},
    {0, "stack", "NAME", "linux (default), sample, plugin:FILE.so; :OPTIONS behind it", take_stack},
    {0, "link", "raw|tun", "how packets reach it (default: what each script asks for)", take_link},
    {0, "ip", "4|6|mapped|all", "IP versions, also several: 4,6 (default: by script)", take_ip},
    {0, "filter", "GLOB", "only scripts whose path, or the end of it, fits GLOB", take_filter},
    {0, "requirement", "ID", "only scripts that cite ID, such as MUST-10", take_requirement},
    {0, "list", NULL, "say what would be run, and stop", take_list},
    {0, "dry-run", NULL, "check the scripts without running them", take_dry_run},
    {0, "no-shell", NULL, "refuse scripts with shell commands or Python code", take_no_shell},
    {0, "format", "FORMAT", "of the report: text (default), tap, junit or json", take_format},
    {0, "report", "DIR", "write the report in every form there, with captures of fails", take_report},
    {0, "pcap", "DIR", "write a capture (pcapng) of each script there", take_pcap},
    {0, "trace", "DIR", "write the trace of each script there", take_trace},
    {0, "repeat", "N", "run each script N times and report verdicts that change", take_repeat},
    {0, "strict", NULL, "a broken SHOULD is a fail, and so is all that the specification says", take_strict},
    {0, "slow", NULL, "run scripts that take minutes on a real clock, too", take_slow},
    {0, "no-judge", NULL, "leave out the specification's verdict: the script's own alone", take_no_judge},
    {0, "specification", "FILE", "judge by FILE, not by what comes with shakedown", take_specification},
    {0, "judged-deviations", "FILE", "known deviations from the specification (default: the stack's)",
     take_judged_deviations},
    {0, "deviations", "FILE", "known deviations (default: those that come with the stack)", take_deviations},
    {0, "no-deviations", NULL, "take no deviation as known", take_no_deviations},
    {'v', "verbose", NULL, "a line for each result, on a terminal too", take_verbose},
    {'h', "help", NULL, "say this", take_help},
};

const struct option_table run_option_table = {rows, COUNT_OF(rows)};

bool run_options_parse(struct run_options *options, struct option_words *words, struct error *error)
{
    *options = (struct run_options){.suite = {.repeat = 1, .interrupt = -1}, .again = text_growing()};
    return stack_choice_read(&options->stack, "linux", error) &&
           options_parse(&run_option_table, words, options, error) && settle_report(options, error);
}

void run_options_free(struct run_options *options)
{
    text_free(&options->again);
    stack_choice_free(&options->stack);
    definitions_free(&options->definitions);
}
