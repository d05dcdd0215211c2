/* SPDX-License-Identifier: MIT */
#include "trace/capture_input.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* What is left over is moved to the front once in so many bytes. */
enum { BUFFER_SIZE = 4 * CAPTURE_INPUT_MOST };

bool capture_input_open(struct capture_input *input, int descriptor, const char *name, struct error *error)
{
    uint8_t *buffer = malloc(BUFFER_SIZE);
    if (buffer == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read %s", name);
    *input =
        (struct capture_input){.name = name, .descriptor = descriptor, .buffer = buffer, .window = {.data = buffer}};
    return true;
}

void capture_input_on(struct capture_input *input, struct bytes bytes)
{
    *input = (struct capture_input){.name = "capture", .descriptor = -1, .window = bytes};
}

void capture_input_close(struct capture_input *input)
{
    free(input->buffer);
    input->buffer = NULL;
}

/* Reads once more; false at the end, and where reading failed. */
static bool read_more(struct capture_input *input)
{
    ssize_t length;
    if (input->descriptor < 0)
        return false;
    size_t end = (size_t)(input->window.data - input->buffer) + input->window.length;
    if (BUFFER_SIZE - end < CAPTURE_INPUT_MOST) {
        memmove(input->buffer, input->window.data, input->window.length);
        input->window.data = input->buffer;
        end = input->window.length;
    }
    do
        length = read(input->descriptor, input->buffer + end, BUFFER_SIZE - end);
    while (length < 0 && errno == EINTR);
    if (length < 0)
        input->system_error = errno;
    if (length <= 0)
        return false;
    input->window.length += (size_t)length;
    return true;
}

const uint8_t *capture_input_peek(struct capture_input *input, size_t length)
{
    INVARIANT(length <= CAPTURE_INPUT_MOST);
    while (UNLIKELY(input->window.length < length))
        if (!read_more(input))
            return NULL;
    return input->window.data;
}

const uint8_t *capture_input_take(struct capture_input *input, size_t length)
{
    const uint8_t *at = capture_input_peek(input, length);
    if (at != NULL) {
        input->window = bytes_slice(input->window, length, input->window.length);
        input->offset += length;
    }
    return at;
}

bool capture_input_skip(struct capture_input *input, uint64_t length)
{
    while (length > 0) {
        if (capture_input_ended(input))
            return false;
        size_t piece = length < input->window.length ? (size_t)length : input->window.length;
        input->window = bytes_slice(input->window, piece, input->window.length);
        input->offset += piece;
        length -= piece;
    }
    return true;
}

bool capture_input_ended(struct capture_input *input)
{
    return input->window.length == 0 && !read_more(input);
}
