/* SPDX-License-Identifier: MIT */
/*
 * On the pipe: magic u32, kind u8, length u32 of the body, body, in network byte order. The body of a refusal is
 * code u32, errno u32, text; that of a result is verdict u32, late u64, headline, detail; a text is length u32 and
 * bytes.
 */
#include "suite/message.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MESSAGE_MAGIC = 0x7364776b,
    MESSAGE_HEADER = 9,
    MESSAGE_BODY_MOST = 2 * MESSAGE_TEXT_MOST + 64,
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
        put_text(body, sent_text(text_string(&result->headline), result->headline.length));
        put_text(body, sent_text(text_string(&result->detail), result->detail.length));
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

bool message_send(int descriptor, const struct message *message, struct error *error)
{
    size_t texts = 0;
    if (message->kind == MESSAGE_RESULT)
        texts = message->result.headline.length + message->result.detail.length;
    if (texts > (size_t)2 * MESSAGE_TEXT_MOST)
        texts = (size_t)2 * MESSAGE_TEXT_MOST;
    size_t capacity = MESSAGE_HEADER + sizeof(struct error) + texts + 64;
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

static bool take_result(struct byte_reader *body, struct suite_result *result)
{
    uint32_t verdict = byte_reader_u32(body);
    nanoseconds late = (nanoseconds)byte_reader_u64(body);
    struct bytes headline = byte_reader_bytes(body, byte_reader_u32(body));
    struct bytes detail = byte_reader_bytes(body, byte_reader_u32(body));
    if (body->failed || verdict >= VERDICT_COUNT)
        return false;
    *result = suite_result_of((enum verdict)verdict, "");
    result->late = late;
    text_append_bytes(&result->headline, (const char *)headline.data, headline.length);
    text_append_bytes(&result->detail, (const char *)detail.data, detail.length);
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
