/* SPDX-License-Identifier: MIT */
/* On the channel: length u32 of what follows; numbers in network byte order; bytes have a length u32 before them. */
#include "library/message.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
    LENGTH_SIZE = 4,
    NUMBERS_SIZE = 128, /* more than all numbers of a message take */
    MESSAGE_MOST = 64 * 1024 * 1024,
};

static void put_bytes(struct byte_writer *writer, struct bytes bytes)
{
    byte_writer_u32(writer, (uint32_t)bytes.length);
    byte_writer_bytes(writer, bytes);
}

static struct bytes take_bytes(struct byte_reader *reader)
{
    return byte_reader_bytes(reader, byte_reader_u32(reader));
}

static bool write_all(int channel, struct bytes bytes, struct error *error)
{
    while (bytes.length > 0) {
        ssize_t sent = send(channel, bytes.data, bytes.length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return error_set_system(error, ERROR_INTERRUPTED, errno, "the other end of a channel is gone");
        bytes = bytes_slice(bytes, (size_t)sent, bytes.length);
    }
    return true;
}

/* A message of numbers and PAYLOAD bytes besides; its data is freed by message_end(). */
static bool message_begin(struct byte_writer *writer, size_t payload, struct error *error)
{
    size_t capacity = LENGTH_SIZE + NUMBERS_SIZE + payload;
    uint8_t *data = payload > MESSAGE_MOST ? NULL : malloc(capacity);
    if (data == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a message of %zu bytes", payload);
    *writer = byte_writer_on(data, capacity);
    byte_writer_u32(writer, 0);
    return true;
}

static bool message_end(struct byte_writer *writer, int channel, struct error *error)
{
    INVARIANT(!writer->failed);
    store_be32(writer->data, (uint32_t)(writer->length - LENGTH_SIZE));
    bool sent = write_all(channel, byte_writer_written(writer), error);
    free(writer->data);
    return sent;
}

bool order_send(int channel, const struct order *order, struct error *error)
{
    struct byte_writer writer = {0};
    if (!message_begin(&writer, order->text.length, error))
        return false;
    byte_writer_u8(&writer, (uint8_t)order->kind);
    byte_writer_u64(&writer, (uint64_t)order->span);
    put_bytes(&writer, order->text);
    return message_end(&writer, channel, error);
}

bool answer_send(int channel, const struct answer *answer, struct error *error)
{
    struct byte_writer writer = {0};
    size_t payload = answer->headline.length + answer->detail.length + answer->output.length + answer->packet.length;
    if (!message_begin(&writer, payload, error))
        return false;
    byte_writer_u8(&writer, (uint8_t)answer->verdict);
    byte_writer_u64(&writer, (uint64_t)answer->origin);
    put_bytes(&writer, answer->headline);
    put_bytes(&writer, answer->detail);
    byte_writer_u8(&writer, answer->found);
    byte_writer_u64(&writer, (uint64_t)answer->value);
    byte_writer_u32(&writer, answer->call_failed);
    put_bytes(&writer, answer->output);
    put_bytes(&writer, answer->packet);
    byte_writer_u64(&writer, (uint64_t)answer->time);
    byte_writer_u32(&writer, answer->sequence);
    byte_writer_u32(&writer, answer->acknowledgment);
    return message_end(&writer, channel, error);
}

static bool await(int channel, nanoseconds deadline, struct error *error)
{
    struct pollfd polled = {.fd = channel, .events = POLLIN};
    for (;;) {
        nanoseconds left = deadline - clock_now();
        int wait = (int)((left > 0 ? left : 0) / NANOSECONDS_PER_MILLISECOND + 1);
        int ready = poll(&polled, 1, deadline == NANOSECONDS_NEVER ? -1 : wait);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return error_set_system(error, ERROR_SYSTEM_CALL, errno, "poll() failed");
        if (ready == 0 && left <= 0)
            return error_set(error, ERROR_TIMED_OUT, "no answer came in time");
    }
}

static bool read_all(int channel, uint8_t *at, size_t length, nanoseconds deadline, struct error *error)
{
    while (length > 0) {
        if (!await(channel, deadline, error))
            return false;
        ssize_t got = recv(channel, at, length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_set(error, ERROR_INTERRUPTED, "the other end of a channel is gone");
        at += got;
        length -= (size_t)got;
    }
    return true;
}

static bool buffer_room(struct message_buffer *buffer, size_t length, struct error *error)
{
    if (length > MESSAGE_MOST + NUMBERS_SIZE)
        return error_set(error, ERROR_TOO_LARGE, "a message of %zu bytes", length);
    if (length <= buffer->capacity)
        return true;
    uint8_t *data = realloc(buffer->data, length);
    if (data == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a message of %zu bytes", length);
    buffer->data = data;
    buffer->capacity = length;
    return true;
}

static bool message_receive(int channel, struct message_buffer *buffer, nanoseconds deadline, struct error *error)
{
    uint8_t head[LENGTH_SIZE];
    if (!read_all(channel, head, sizeof(head), deadline, error))
        return false;
    size_t length = load_be32(head);
    if (!buffer_room(buffer, length, error) || !read_all(channel, buffer->data, length, deadline, error))
        return false;
    buffer->length = length;
    return true;
}

static struct byte_reader message_reader(const struct message_buffer *buffer)
{
    return byte_reader_on((struct bytes){buffer->data, buffer->length});
}

bool order_receive(int channel, struct message_buffer *buffer, struct order *order, struct error *error)
{
    if (!message_receive(channel, buffer, NANOSECONDS_NEVER, error))
        return false;
    struct byte_reader reader = message_reader(buffer);
    uint8_t kind = byte_reader_u8(&reader);
    nanoseconds span = (nanoseconds)byte_reader_u64(&reader);
    struct bytes text = take_bytes(&reader);
    if (reader.failed || kind >= ORDER_KIND_COUNT)
        return error_set(error, ERROR_MALFORMED, "a message is no order");
    *order = (struct order){(enum order_kind)kind, span, text};
    return true;
}

bool answer_receive(int channel, struct message_buffer *buffer, nanoseconds deadline, struct answer *answer,
                    struct error *error)
{
    if (!message_receive(channel, buffer, deadline, error))
        return false;
    struct byte_reader reader = message_reader(buffer);
    struct answer read = {.verdict = (enum verdict)byte_reader_u8(&reader)};
    read.origin = (nanoseconds)byte_reader_u64(&reader);
    read.headline = take_bytes(&reader);
    read.detail = take_bytes(&reader);
    read.found = byte_reader_u8(&reader) != 0;
    read.value = (int64_t)byte_reader_u64(&reader);
    read.call_failed = byte_reader_u32(&reader);
    read.output = take_bytes(&reader);
    read.packet = take_bytes(&reader);
    read.time = (nanoseconds)byte_reader_u64(&reader);
    read.sequence = byte_reader_u32(&reader);
    read.acknowledgment = byte_reader_u32(&reader);
    if (reader.failed || read.verdict >= VERDICT_COUNT)
        return error_set(error, ERROR_MALFORMED, "a message is no answer");
    *answer = read;
    return true;
}

void message_buffer_free(struct message_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct message_buffer){0};
}
