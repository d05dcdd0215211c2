/* SPDX-License-Identifier: MIT */
#include "engine/run.h"

/* Silence is waited for this much longer than the window, to tell "late" from "never". */
static const nanoseconds after_window = 300 * NANOSECONDS_PER_MILLISECOND;

/* Takes the frame AT its place out of the queue. */
static struct run_frame *run_unlink_frame(struct run *run, struct run_frame **at)
{
    struct run_frame *frame = *at;
    *at = frame->next;
    if (run->frames_end == &frame->next)
        run->frames_end = at;
    return frame;
}

/* As frame_is_candidate(), with ports for their names. */
static bool frame_fits_ports(const struct run *run, const struct pattern *pattern, const struct run_frame *frame)
{
    if (pattern->slot_count == 0)
        return frame_is_candidate(run, pattern, frame);
    struct pattern awaited = *pattern;
    resolve_ports(&run->names, &awaited);
    return frame_is_candidate(run, &awaited, frame);
}

static bool frame_may_answer(const struct run *run, const struct event *event, const struct run_frame *frame)
{
    for (size_t i = 0; i < event_answer_count(event); i++)
        if (frame_fits_ports(run, event_answer(event, i), frame))
            return true;
    return false;
}

/* Takes the oldest frame that may be the expected one, and came by LATEST, out of the queue; NULL if there is none. */
static struct run_frame *run_take_frame(struct run *run, const struct event *event, nanoseconds latest)
{
    for (struct run_frame **at = &run->frames; *at != NULL; at = &(*at)->next)
        if (frame_may_answer(run, event, *at))
            return (*at)->time.earliest > latest ? NULL : run_unlink_frame(run, at);
    return NULL;
}

/* Takes the oldest TCP segment, of whatever connection, out of the queue; NULL if there is none. */
static struct run_frame *run_take_segment(struct run *run)
{
    for (struct run_frame **at = &run->frames; *at != NULL; at = &(*at)->next)
        if ((*at)->packet.transport == TRANSPORT_TCP)
            return run_unlink_frame(run, at);
    return NULL;
}

/* Finds the timestamps among option bytes; false if there are none. */
static bool timestamps_at(struct bytes options, size_t *offset)
{
    struct tcp_option option;
    if (!tcp_option_find(options, TCP_OPTION_TIMESTAMPS, &option))
        return false;
    *offset = (size_t)(option.body.data - options.data);
    return true;
}

/* A segment of the stack's in the script's numbers. */
struct mapped_segment {
    struct packet packet;
    uint8_t options[TCP_OPTIONS_SIZE_MOST]; /* the packet's own, with timestamps and SACK blocks mapped */
    struct resolved_options expected;       /* what is expected, with values for names */
    bool has_timestamp;
    uint32_t timestamp_script;
    uint32_t timestamp_live;
    struct error error; /* why `expected` could not be filled */
};

/* True if a TSval is as far from the first one as the script says that the stack's clock ticks; always, if it doesn't
 * say. */
static bool timestamp_ticks(const struct run *run, const struct connection *connection, uint32_t live, nanoseconds time)
{
    nanoseconds tick = run->settings->options.timestamp_tick;
    if (!connection->timestamp_known || tick == 0)
        return true;
    nanoseconds elapsed = time - connection->timestamp_time;
    nanoseconds off = (int32_t)(live - connection->timestamp_first) * tick - elapsed;
    return (off < 0 ? -off : off) <= schedule_tolerance(&run->schedule, elapsed) + tick;
}

/*
 * Maps the TSval of a segment that came. A script's later TSvals only stand for "the one then": they are held against
 * the clock only where the script says how the stack's ticks.
 */
static void map_timestamps(const struct run *run, const struct connection *connection, const struct pattern *pattern,
                           const struct run_frame *frame, struct mapped_segment *mapped)
{
    size_t at;
    size_t expected_at;
    struct bytes expected = pattern->packet.tcp.options;
    if (!timestamps_at(mapped->packet.tcp.options, &at))
        return;
    uint32_t live = load_be32(mapped->options + at);
    uint32_t script = connection_timestamp_to_script(connection, live);
    if (pattern_gives(pattern, FIELD_OPTIONS) && timestamps_at(expected, &expected_at) &&
        resolve_slot(pattern, FIELD_OPTIONS, expected_at) == NULL &&
        timestamp_ticks(run, connection, live, frame->time.latest))
        script = load_be32(expected.data + expected_at);
    store_be32(mapped->options + at, script);
    mapped->has_timestamp = true;
    mapped->timestamp_script = script;
    mapped->timestamp_live = live;
}

/* packetdrill's multipath branch looks at no TSecr beside an option of MPTCP, and its scripts have any there. */
static bool echo_counts(const struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->slot_count; i++)
        if (pattern->slots[i].rule >= SLOT_KEY && pattern->slots[i].field == FIELD_OPTIONS)
            return false;
    return true;
}

static void map_echo(const struct pattern *pattern, struct mapped_segment *mapped)
{
    size_t at;
    size_t expected_at;
    if (!echo_counts(pattern) && timestamps_at(mapped->packet.tcp.options, &at) &&
        timestamps_at(pattern->packet.tcp.options, &expected_at))
        memcpy(mapped->options + at + 4, pattern->packet.tcp.options.data + expected_at + 4, 4);
}

static void map_segment(const struct run *run, const struct connection *connection, const struct pattern *pattern,
                        const struct run_frame *frame, struct mapped_segment *mapped)
{
    mapped->packet = frame->packet;
    mapped->has_timestamp = false;
    connection_to_script(connection, pattern, &mapped->packet);
    struct bytes options = frame->packet.tcp.options;
    if (options.length == 0)
        return;
    INVARIANT(options.length <= sizeof(mapped->options));
    memcpy(mapped->options, options.data, options.length);
    mapped->packet.tcp.options.data = mapped->options;
    connection_sack_to_script(connection, frame->packet.tcp.flags, mapped->options, options.length);
    map_timestamps(run, connection, pattern, frame, mapped);
    map_echo(pattern, mapped);
}

static void run_note_taken(struct run *run, const struct run_frame *frame, const struct mapped_segment *mapped)
{
    run->taken = frame;
    run->taken_script = mapped->packet.tcp;
    run->taken_script.options = frame->packet.tcp.options;
}

/* Puts values in place of the slots of PATTERN, and takes live numbers of what came as they are where names stand for
 * such. False with an error in MAPPED. */
static bool expect_resolve(struct run *run, struct connection *connection, const struct run_frame *frame,
                           struct mapped_segment *mapped, struct pattern *pattern)
{
    const struct multipath_filling multipath = {.state = &run->multipath,
                                                .connection = connection,
                                                .names = &run->names,
                                                .arena = &run->arena,
                                                .ipv6 = frame->packet.network == NETWORK_IPV6};
    const struct resolving resolving = {.names = &run->names,
                                        .arena = &run->arena,
                                        .came = &mapped->packet,
                                        .live = &frame->packet,
                                        .options = &mapped->expected,
                                        .code_length = signing_code_length(&run->keys, pattern, false),
                                        .multipath = &multipath};
    const struct signing signing = {.keys = &run->keys,
                                    .pattern = pattern,
                                    .segment = &frame->packet,
                                    .numbers = run_numbers(connection, &frame->packet, false)};
    resolve_live(pattern, &frame->packet, &mapped->packet);
    /* Values that are too long are what did not come. */
    if (!resolve_pattern(&resolving, pattern, &mapped->error))
        return mapped->error.code == ERROR_TOO_LARGE;
    return signing_write(&signing, mapped->expected.bytes, pattern->packet.tcp.options.length, &mapped->error);
}

/* Holds FRAME against PATTERN, in the script's numbers where it is a segment of CONNECTION; both get their values.
 * False if memory ran out. */
static bool map_answer(struct run *run, struct connection *connection, struct pattern *pattern,
                       const struct run_frame *frame, struct mapped_segment *mapped)
{
    run_adapt_pattern(run, pattern);
    pattern->open_flags |= frame->open_flags;
    if (connection == NULL) {
        mapped->has_timestamp = false;
        return frame_map_message(run, frame, &mapped->packet);
    }
    map_segment(run, connection, pattern, frame, mapped);
    return pattern->slot_count == 0 || expect_resolve(run, connection, frame, mapped, pattern);
}

/* None of the answers that are allowed is what came. */
static bool expect_fail_match(struct run *run, const struct event *event, struct connection *connection,
                              const struct run_frame *frame)
{
    char headline[1024];
    struct text sentence = text_in(headline, sizeof(headline));
    struct text detail = text_growing();
    struct answers answers = {.event = event};
    for (size_t i = 0; i < event_answer_count(event); i++) {
        struct mapped_segment mapped;
        struct pattern pattern = *event_answer(event, i);
        if (!map_answer(run, connection, &pattern, frame, &mapped))
            break;
        struct match match = match_encapsulated(&pattern, &mapped.packet, &frame->encapsulation);
        explain_answer(&answers, &pattern, &mapped.packet, &match, &detail);
    }
    explain_answers(&sentence, &answers, &frame->packet);
    (void)run_fail(run, event, headline, &detail);
    text_free(&detail);
    text_free(&answers.nearest);
    return false;
}

static bool expect_matches(struct run *run, const struct event *event, const struct run_frame *frame)
{
    struct connection *connection = NULL;
    if (frame->packet.transport == TRANSPORT_TCP) {
        connection = run_connection_of_sent(run, &frame->packet);
        if (connection == NULL)
            return run_fault_memory(run, event);
    }
    if (frame->packet.transport == TRANSPORT_UDP && run_connection_of_sent(run, &frame->packet) == NULL)
        return run_fault_memory(run, event);
    for (size_t i = 0; i < event_answer_count(event); i++) {
        struct mapped_segment mapped;
        struct pattern pattern = *event_answer(event, i);
        const size_t known = run->names.count;
        if (!map_answer(run, connection, &pattern, frame, &mapped))
            return run_fault(run, event, &mapped.error);
        struct match match = match_encapsulated(&pattern, &mapped.packet, &frame->encapsulation);
        if (connection != NULL)
            run_note_taken(run, frame, &mapped);
        if (!match_agrees(&match)) {
            names_forget(&run->names, known);
            continue;
        }
        if (connection != NULL) {
            connection->named |= endpoints_slot(&pattern, FIELD_DESTINATION) != NULL;
            connection_note_seen(connection, &pattern, &frame->packet);
        }
        if (mapped.has_timestamp)
            connection_note_timestamp(connection, mapped.timestamp_script, mapped.timestamp_live, frame->time.latest);
        return true;
    }
    (void)expect_fail_match(run, event, connection, frame);
    /* Where that is not fatal, what came says as much of its numbers all the same. */
    if (connection != NULL)
        connection_note_seen(connection, event_answer(event, 0), &frame->packet);
    return false;
}

/* What waits on other connections may be the answer that was given the wrong ports. */
static void explain_elsewhere(struct text *text, const struct run *run)
{
    const struct run_frame *frame = run->frames;
    while (frame != NULL && frame->packet.transport != TRANSPORT_TCP)
        frame = frame->next;
    if (frame == NULL)
        return;
    text_append_string(text, " on this connection (");
    explain_flags(text, frame->packet.tcp.flags);
    text_append_format(text, " came on %u > %u)", frame->packet.tcp.source_port, frame->packet.tcp.destination_port);
}

static bool expect_fail_absent(struct run *run, const struct event *event, const struct window *window)
{
    char headline[512];
    struct text text = text_in(headline, sizeof(headline));
    text_append_string(&text, "expected ");
    explain_expected(&text, event);
    text_append_string(&text, "; nothing came");
    explain_elsewhere(&text, run);
    nanoseconds now = run_now(run);
    return run_fail_time(run, event, now - window->allowed.latest, now, headline);
}

static bool expect_fail_time(struct run *run, const struct event *event, const struct window *window,
                             const struct run_frame *frame)
{
    char headline[512];
    struct text text = text_in(headline, sizeof(headline));
    nanoseconds miss = window_miss(window, frame->time);
    bool early = miss < 0;
    nanoseconds wanted = early ? window->wanted.earliest : window->wanted.latest;
    nanoseconds came = early ? frame->time.latest : frame->time.earliest;
    explain_packet(&text, &frame->packet);
    text_append_string(&text, " came ");
    explain_span(&text, early ? wanted - came : came - wanted);
    text_append_string(&text, early ? " too early (expected " : " too late (expected ");
    if (event->time.kind == TIME_RELATIVE || event->time.kind == TIME_RELATIVE_RANGE) {
        explain_span(&text, early ? event->time.start : event->time.end);
        text_append_string(&text, " after the event before it)");
    } else {
        text_append_string(&text, "at ");
        explain_span(&text, wanted);
        text_append_character(&text, ')');
    }
    return run_fail_time(run, event, miss, frame->time.latest, headline);
}

/* Silence was among the answers that are allowed, and came. */
static bool expect_silence(struct run *run, const struct window *window)
{
    schedule_happened(&run->schedule, (struct interval){window->wanted.latest, window->wanted.latest});
    return true;
}

bool run_expect(struct run *run, const struct event *event)
{
    struct window window = schedule_window(&run->schedule, &event->time);
    nanoseconds latest = event->or_nothing ? window.wanted.latest : NANOSECONDS_NEVER;
    nanoseconds last = event->or_nothing ? latest : nanoseconds_add(window.allowed.latest, after_window);
    struct run_frame *frame;
    if (last > run->time_out)
        last = run->time_out;
    while ((frame = run_take_frame(run, event, latest)) == NULL) {
        if (run_now(run) >= last)
            return event->or_nothing ? expect_silence(run, &window) : expect_fail_absent(run, event, &window);
        if (!run_wait_any(run, last))
            return false;
    }
    if (!run_put_together(run, event, frame, last) || !expect_matches(run, event, frame))
        return false;
    if (window_miss(&window, frame->time) != 0)
        return expect_fail_time(run, event, &window, frame);
    schedule_happened(&run->schedule, frame->time);
    return true;
}

bool run_receive(struct run *run, nanoseconds deadline, bool *came)
{
    /* Nothing is expected of it, so a first SYN's number is called 0. */
    static const struct pattern open_pattern = {0};
    struct mapped_segment mapped;
    struct run_frame *frame;
    while ((frame = run_take_segment(run)) == NULL && run_now(run) < deadline)
        if (!run_wait_any(run, deadline))
            return false;
    *came = frame != NULL;
    if (frame == NULL)
        return true;
    struct connection *connection = run_connection_of_sent(run, &frame->packet);
    if (connection == NULL)
        return run_fault_memory(run, NULL);
    map_segment(run, connection, &open_pattern, frame, &mapped);
    run_note_taken(run, frame, &mapped);
    connection_note_seen(connection, &open_pattern, &frame->packet);
    if (mapped.has_timestamp)
        connection_note_timestamp(connection, mapped.timestamp_script, mapped.timestamp_live, frame->time.latest);
    schedule_happened(&run->schedule, frame->time);
    return true;
}

/* The oldest frame that came during SILENCE, left where it is; NULL if there is none. */
static const struct run_frame *run_frame_during(const struct run *run, struct interval silence)
{
    for (const struct run_frame *frame = run->frames; frame != NULL; frame = frame->next)
        if (frame_counts(frame) && frame->time.latest >= silence.earliest && frame->time.earliest <= silence.latest)
            return frame;
    return NULL;
}

bool run_nothing(struct run *run, const struct event *event)
{
    /* A single time is the end of a silence that begins at once. */
    struct event_time time = event->time;
    if (time.kind == TIME_RELATIVE) {
        time.kind = TIME_RELATIVE_RANGE;
        time.start = 0;
    }
    struct interval silence = schedule_window(&run->schedule, &time).wanted;
    if (time.kind == TIME_ABSOLUTE)
        silence.earliest = run->schedule.previous.earliest;
    if (!run_wait_until(run, silence.latest, false))
        return false;
    const struct run_frame *frame = run_frame_during(run, silence);
    if (frame == NULL) {
        schedule_happened(&run->schedule, (struct interval){silence.latest, silence.latest});
        return true;
    }
    char headline[256];
    struct text text = text_in(headline, sizeof(headline));
    text_append_string(&text, "expected silence; got ");
    explain_packet(&text, &frame->packet);
    text_append_string(&text, " after ");
    explain_span(&text, frame->time.earliest > silence.earliest ? frame->time.earliest - silence.earliest : 0);
    /* Only what came near an edge may belong on the other side of it. */
    nanoseconds miss = silence.latest - frame->time.earliest;
    if (time.kind != TIME_ABSOLUTE && time.start > 0 && frame->time.latest - silence.earliest < miss)
        miss = frame->time.latest - silence.earliest;
    return run_fail_time(run, event, miss, silence.latest, headline);
}
