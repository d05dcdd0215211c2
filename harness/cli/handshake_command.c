/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/handshake_story.h"
#include "cli/specification.h"
#include "cli/stack_choice.h"
#include "cli/stack_work.h"
#include "report/pcapng.h"
#include "suite/record_file.h"
#include "trace/file.h"

#include <unistd.h>

/* The number of the project's founding text. */
static const uint32_t founding_isn = 3112279261;

struct handshake_options {
    uint32_t client_isn;
    const char *server_isn; /* NULL: the stack's own choice */
    struct stack_choice stack;
    const char *trace;
    const char *pcap;
    const char *specification; /* NULL: the one that the program comes with */
    bool help;
};

static bool take_client_isn(void *context, const char *value, struct error *error)
{
    unsigned long number;
    if (!option_number(&(struct option_range){"--client-isn", 0, UINT32_MAX}, value, &number, error))
        return false;
    ((struct handshake_options *)context)->client_isn = (uint32_t)number;
    return true;
}

static bool take_server_isn(void *context, const char *value, struct error *error)
{
    unsigned long number;
    if (!option_number(&(struct option_range){"--server-isn", 0, UINT32_MAX}, value, &number, error))
        return false;
    ((struct handshake_options *)context)->server_isn = value;
    return true;
}

static bool take_stack(void *context, const char *value, struct error *error)
{
    return stack_choice_read(&((struct handshake_options *)context)->stack, value, error);
}

static bool take_trace(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct handshake_options *)context)->trace = value;
    return true;
}

static bool take_pcap(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct handshake_options *)context)->pcap = value;
    return true;
}

static bool take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct handshake_options *)context)->specification = value;
    return true;
}

static bool take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct handshake_options *)context)->help = true;
    return true;
}

static const struct option_row rows[] = {
    {0, "client-isn", "N", "initial sequence number of the client (default: 3112279261)", take_client_isn},
    {0, "server-isn", "N", "that of the server, on a stack that lets it be chosen: sample", take_server_isn},
    {0, "stack", "NAME", "the server's stack: linux (default), sample, plugin:FILE.so", take_stack},
    {0, "trace", "FILE", "write the trace there", take_trace},
    {0, "pcap", "FILE", "write a capture (pcapng) there", take_pcap},
    {0, "specification", "FILE", "follow both sides by FILE, not by what comes with shakedown", take_specification},
    {'h', "help", NULL, "say this", take_help},
};
static const struct option_table table = {rows, COUNT_OF(rows)};

/* The files are opened before the worker is made: it has a file system of its own. */
struct handshake_work {
    struct handshake_options options;
    struct plugin *plugin; /* the server's stack; NULL for the kernel; in the process that has it loaded */
    struct text plugin_options;
    int trace_file; /* -1 without */
    int pcap_file;
    struct trace_writer *trace;
    struct pcapng_writer *pcap;
    struct spec spec;
    struct contract contract;
};

static bool work_open_files(struct handshake_work *work, struct error *error)
{
    const struct handshake_options *options = &work->options;
    if (options->trace != NULL && (work->trace_file = record_file_open(options->trace, error)) < 0)
        return false;
    return options->pcap == NULL || (work->pcap_file = record_file_open(options->pcap, error)) >= 0;
}

static void work_close_files(const struct handshake_work *work)
{
    if (work->trace_file >= 0)
        (void)close(work->trace_file);
    if (work->pcap_file >= 0)
        (void)close(work->pcap_file);
}

static bool work_open_writers(struct handshake_work *work, struct error *error)
{
    const struct handshake_options *options = &work->options;
    if (work->trace_file >= 0 && !trace_writer_adopt(work->trace_file, options->trace, &work->trace, error))
        return false;
    return work->pcap_file < 0 || pcapng_writer_adopt(work->pcap_file, options->pcap, &work->pcap, error);
}

static bool work_close_writers(struct handshake_work *work, struct error *error)
{
    struct error later;
    bool whole = work->trace == NULL || trace_writer_close(work->trace, error);
    if (work->pcap != NULL && !pcapng_writer_close(work->pcap, whole ? error : &later))
        whole = false;
    return whole;
}

static bool work_perform(struct handshake_work *work, struct text *text, struct error *error)
{
    struct handshake_exchange exchange;
    struct trace_sink sinks[2];
    struct trace_fan fan = {sinks, 0};
    struct trace_sink sink = trace_fan_sink(&fan);
    if (work->trace != NULL)
        sinks[fan.count++] = trace_writer_sink(work->trace);
    if (work->pcap != NULL)
        sinks[fan.count++] = pcapng_writer_sink(work->pcap);
    const struct handshake_server server = {work->plugin, text_string(&work->plugin_options)};
    struct contract *contract = &work->contract;
    bool done = contract_begin(contract, &work->spec, error) &&
                handshake_prepare(&exchange, &server, work->options.client_isn, &sink, error) &&
                handshake_perform(&exchange, error);
    if (done) {
        contract_follow(contract, &exchange);
        handshake_tell(text, &exchange, contract);
        done = handshake_close(&exchange, error);
    }
    if (done) {
        contract_follow(contract, &exchange);
        handshake_tell_end(text, &exchange, contract);
    }
    handshake_end(&exchange);
    contract_end(contract);
    return done;
}

static bool work_load(struct handshake_work *work, struct error *error)
{
    const char *path = stack_choice_plugin(&work->options.stack);
    return path == NULL || plugin_load(path, &work->plugin, error);
}

static bool work_do(void *context, struct plugin_answer *answer, struct error *error)
{
    struct handshake_work *work = context;
    struct error unwritten;
    bool done = work_open_writers(work, error) && work_load(work, error) && work_perform(work, &answer->text, error);
    if (work_close_writers(work, &unwritten) || !done)
        return done;
    *error = unwritten;
    return false;
}

static int work_start(struct handshake_work *work)
{
    struct error error;
    struct stack_work performed = {
        .choice = &work->options.stack, .work = work_do, .context = work, .did = "performed the handshake"};
    int status = work_open_files(work, &error) ? stack_work_perform(&performed) : command_fail(&error);
    work_close_files(work);
    return status;
}

/* Puts the stack's options together. */
static bool work_set_up(struct handshake_work *work, struct error *error)
{
    const struct stack_choice *choice = &work->options.stack;
    bool embedded = stack_choice_plugin(choice) != NULL;
    work->plugin_options = text_growing();
    if (work->options.server_isn != NULL && !embedded)
        return error_set(error, ERROR_USAGE,
                         "the kernel chooses its number itself; --server-isn goes with --stack "
                         "sample");
    if (embedded && choice->options != NULL)
        text_append_string(&work->plugin_options, choice->options);
    if (work->options.server_isn != NULL)
        text_append_format(&work->plugin_options, "%sisn=%s", work->plugin_options.length > 0 ? "," : "",
                           work->options.server_isn);
    return true;
}

static int handshake_run(const struct command *command, struct option_words words)
{
    struct handshake_work work = {.options = {.client_isn = founding_isn}, .trace_file = -1, .pcap_file = -1};
    struct error error;
    if (!options_parse(&table, &words, &work.options, &error))
        return command_misused(command, &error);
    if (work.options.help) {
        command_write_help(command);
        return EXIT_STATUS_PASS;
    }
    if (words.count > 0) {
        (void)error_set(&error, ERROR_USAGE, "handshake takes options only, not `%s`", words.words[0]);
        return command_misused(command, &error);
    }
    int status;
    if (!work_set_up(&work, &error))
        status = command_misused(command, &error);
    else
        status = specification_load_lawful(&work.spec, work.options.specification, &error) ? work_start(&work)
                                                                                           : command_fail(&error);
    spec_free(&work.spec);
    text_free(&work.plugin_options);
    stack_choice_free(&work.options.stack);
    return status;
}

const struct command command_handshake = {
    .name = "handshake",
    .arguments = "[OPTION...]",
    .help = "perform the three-way handshake, live and explained",
    .options = &table,
    .run = handshake_run,
};
