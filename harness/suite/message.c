/* SPDX-License-Identifier: MIT */
/*
 * On the pipe: magic u32, kind u8, length u32 of the body, body, in network byte order. The body of a refusal is
 * code u32, errno u32, text; that of a result is verdict u32, late u64, headline, detail, and what the specification
 * says: bits u8 (there, should, late), verdict u32, event u64, known u64, three sets of clauses (kept, broken, excused;
 * u64 each word), headline, clauses, detail, rule. A text is length u32 and bytes.
 */
#include "suite/message.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MESSAGE_MAGIC = 0x7364776b,
    MESSAGE_HEADER = 9,
    MESSAGE_TEXTS = 6,
    MESSAGE_NUMBERS_MOST = 128 + 3 * sizeof(struct clause_set), /* all that is no text, and lengths */
    MESSAGE_BODY_MOST = MESSAGE_TEXTS * MESSAGE_TEXT_MOST + MESSAGE_NUMBERS_MOST,
    RECEIVE_PIECE = 16384,
};

static struct bytes sent_text(const char *string, size_t length)
{
    return (struct bytes){(const uint8_t *)string, length < MESSAGE_TEXT_MOST ? length : MESSAGE_TEXT_MOST};
}

static void put_text(struct byte_writer *body, struct bytes text)
{
    byte_writer_u32(body, (uint32_t)text.length);
    byte_writer_bytes(body, text);
}

enum judged_bit { JUDGED_THERE = 1, JUDGED_SHOULD = 2, JUDGED_LATE = 4, JUDGED_BITS = 7 };

static void put_text_of(struct byte_writer *body, const struct text *text)
{
    put_text(body, sent_text(text_string(text), text->length));
}

static void put_clauses(struct byte_writer *body, const struct clause_set *set)
{
    for (size_t i = 0; i < CLAUSE_SET_WORDS; i++)
        byte_writer_u64(body, set->words[i]);
}

static void put_judged(struct byte_writer *body, const struct suite_judged *judged)
{
    byte_writer_u8(body, (uint8_t)((judged->there ? JUDGED_THERE : 0) | (judged->should ? JUDGED_SHOULD : 0) |
                                   (judged->late ? JUDGED_LATE : 0)));
    byte_writer_u32(body, (uint32_t)judged->verdict);
    byte_writer_u64(body, judged->event);
    byte_writer_u64(body, judged->known);
    put_clauses(body, &judged->kept);
    put_clauses(body, &judged->broken);
    put_clauses(body, &judged->excused);
    put_text_of(body, &judged->headline);
    put_text_of(body, &judged->clauses);
    put_text_of(body, &judged->detail);
    put_text_of(body, &judged->rule);
}

static void put_body(struct byte_writer *body, const struct message *message)
{
    if (message->kind == MESSAGE_REFUSED) {
        byte_writer_u32(body, (uint32_t)message->error.code);
        byte_writer_u32(body, (uint32_t)message->error.system_error);
        put_text(body, sent_text(message->error.text, strlen(message->error.text)));
    } else if (message->kind == MESSAGE_RESULT) {
        const struct suite_result *result = &message->result;
        byte_writer_u32(body, (uint32_t)result->verdict);
        byte_writer_u64(body, (uint64_t)result->late);
        put_text_of(body, &result->headline);
        put_text_of(body, &result->detail);
        put_judged(body, &result->judged);
    }
}

static bool write_all(int descriptor, struct bytes bytes, struct error *error)
{
    size_t done = 0;
    while (done < bytes.length) {
        ssize_t written = write(descriptor, bytes.data + done, bytes.length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a worker can't reach its parent");
        done += (size_t)written;
    }
    return true;
}

/* How much room the texts of RESULT take at the most. */
static size_t texts_length(const struct suite_result *result)
{
    const struct suite_judged *judged = &result->judged;
    size_t length = result->headline.length + result->detail.length + judged->headline.length + judged->clauses.length +
                    judged->detail.length + judged->rule.length;
    return length < (size_t)MESSAGE_TEXTS * MESSAGE_TEXT_MOST ? length : (size_t)MESSAGE_TEXTS * MESSAGE_TEXT_MOST;
}

bool message_send(int descriptor, const struct message *message, struct error *error)
{
    size_t texts = message->kind == MESSAGE_RESULT ? texts_length(&message->result) : 0;
    size_t capacity = MESSAGE_HEADER + sizeof(struct error) + texts + MESSAGE_NUMBERS_MOST;
    uint8_t *frame = malloc(capacity);
    if (frame == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a message");
    struct byte_writer body = byte_writer_on(frame + MESSAGE_HEADER, capacity - MESSAGE_HEADER);
    put_body(&body, message);
    INVARIANT(!body.failed);
    store_be32(frame, MESSAGE_MAGIC);
    frame[4] = (uint8_t)message->kind;
    store_be32(frame + 5, (uint32_t)body.length);
    bool sent = write_all(descriptor, (struct bytes){frame, MESSAGE_HEADER + body.length}, error);
    free(frame);
    return sent;
}

static bool inbox_room(struct message_inbox *inbox, size_t room)
{
    if (room <= inbox->capacity - inbox->length)
        return true;
    size_t capacity = inbox->capacity * 2 > inbox->length + room ? inbox->capacity * 2 : inbox->length + room;
    uint8_t *data = realloc(inbox->data, capacity);
    if (data == NULL)
        return false;
    inbox->data = data;
    inbox->capacity = capacity;
    return true;
}

bool message_receive(struct message_inbox *inbox, int descriptor, bool *ended, struct error *error)
{
    for (;;) {
        /* A worker that writes without end is found out by the header of what it writes. */
        if (inbox->length > MESSAGE_HEADER + MESSAGE_BODY_MOST)
            return true;
        if (!inbox_room(inbox, RECEIVE_PIECE))
            return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a worker's message");
        ssize_t got = read(descriptor, inbox->data + inbox->length, RECEIVE_PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return true;
        if (got < 0)
            return error_set_system(error, ERROR_SYSTEM_CALL, errno, "a worker can't be heard");
        *ended = got == 0;
        if (got == 0)
            return true;
        inbox->length += (size_t)got;
    }
}

static bool take_error(struct byte_reader *body, struct error *error)
{
    uint32_t code = byte_reader_u32(body);
    int system_error = (int)byte_reader_u32(body);
    struct bytes text = byte_reader_bytes(body, byte_reader_u32(body));
    if (body->failed || code == ERROR_NONE || code >= ERROR_CODE_COUNT || text.length >= sizeof(error->text))
        return false;
    *error = (struct error){.code = (enum error_code)code, .system_error = system_error};
    if (text.length > 0)
        memcpy(error->text, text.data, text.length);
    return true;
}

static void take_text(struct byte_reader *body, struct text *text)
{
    struct bytes taken = byte_reader_bytes(body, byte_reader_u32(body));
    if (!body->failed)
        text_append_bytes(text, (const char *)taken.data, taken.length);
}

static void take_clauses(struct byte_reader *body, struct clause_set *set)
{
    for (size_t i = 0; i < CLAUSE_SET_WORDS; i++)
        set->words[i] = byte_reader_u64(body);
}

static bool take_judged(struct byte_reader *body, struct suite_judged *judged)
{
    uint8_t bits = byte_reader_u8(body);
    uint32_t verdict = byte_reader_u32(body);
    if (body->failed || verdict >= VERDICT_COUNT || bits > JUDGED_BITS)
        return false;
    judged->there = (bits & JUDGED_THERE) != 0;
    judged->should = (bits & JUDGED_SHOULD) != 0;
    judged->late = (bits & JUDGED_LATE) != 0;
    judged->verdict = (enum verdict)verdict;
    judged->event = byte_reader_u64(body);
    judged->known = byte_reader_u64(body);
    take_clauses(body, &judged->kept);
    take_clauses(body, &judged->broken);
    take_clauses(body, &judged->excused);
    take_text(body, &judged->headline);
    take_text(body, &judged->clauses);
    take_text(body, &judged->detail);
    take_text(body, &judged->rule);
    return !body->failed;
}

static bool take_result(struct byte_reader *body, struct suite_result *result)
{
    uint32_t verdict = byte_reader_u32(body);
    nanoseconds late = (nanoseconds)byte_reader_u64(body);
    if (body->failed || verdict >= VERDICT_COUNT)
        return false;
    struct suite_result taken = suite_result_of((enum verdict)verdict, "");
    taken.late = late;
    take_text(body, &taken.headline);
    take_text(body, &taken.detail);
    if (!take_judged(body, &taken.judged)) {
        suite_result_free(&taken);
        return false;
    }
    *result = taken;
    return true;
}

enum message_state message_take(struct message_inbox *inbox, struct message *message)
{
    if (inbox->length < MESSAGE_HEADER)
        return MESSAGE_INCOMPLETE;
    size_t length = load_be32(inbox->data + 5);
    uint8_t kind = inbox->data[4];
    if (load_be32(inbox->data) != MESSAGE_MAGIC || kind >= MESSAGE_KIND_COUNT || length > MESSAGE_BODY_MOST)
        return MESSAGE_GARBAGE;
    if (inbox->length < MESSAGE_HEADER + length)
        return MESSAGE_INCOMPLETE;
    struct byte_reader body = byte_reader_on((struct bytes){inbox->data + MESSAGE_HEADER, length});
    struct message taken = {.kind = (enum message_kind)kind};
    bool sound = true;
    if (taken.kind == MESSAGE_REFUSED)
        sound = take_error(&body, &taken.error);
    else if (taken.kind == MESSAGE_RESULT)
        sound = take_result(&body, &taken.result);
    if (!sound)
        return MESSAGE_GARBAGE;
    inbox->length -= MESSAGE_HEADER + length;
    memmove(inbox->data, inbox->data + MESSAGE_HEADER + length, inbox->length);
    *message = taken;
    return MESSAGE_TAKEN;
}

void message_inbox_free(struct message_inbox *inbox)
{
    free(inbox->data);
    *inbox = (struct message_inbox){0};
}
