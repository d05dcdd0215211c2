/* SPDX-License-Identifier: MIT */
/* The classic format is that of draft-ietf-opsawg-pcap. */
#include "trace/capture_file.h"

#include "trace/capture_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    FILE_HEADER_SIZE = 24,
    RECORD_HEADER_SIZE = 16,
    LINK_TYPE_MASK = 0xffff, /* above it are the frame check sequence's length and flags */
};
/* First four bytes, as a big-endian number. The Kuznetzov variant has eight bytes more for each record: not read. */
static const uint32_t magic_microseconds = 0xa1b2c3d4;
static const uint32_t magic_nanoseconds = 0xa1b23c4d;
static const uint32_t magic_blocks = 0x0a0d0d0a;

enum capture_file_next capture_broken(struct capture_file *file, const char *what, struct error *error)
{
    const struct capture_input *input = &file->input;
    if (input->system_error != 0)
        (void)error_set_system(error, ERROR_SYSTEM_CALL, input->system_error, "can't read %s", input->name);
    else
        (void)error_set(error, ERROR_MALFORMED, "%s: at offset %llu, behind packet %llu: %s", input->name,
                        (unsigned long long)input->offset, (unsigned long long)file->count,
                        what == NULL ? "the file ends in the middle of a packet: it was cut short" : what);
    return CAPTURE_FILE_BROKEN;
}

static enum capture_file_next record_next(struct capture_file *file, struct capture_record *record, struct error *error)
{
    if (capture_input_ended(&file->input) && file->input.system_error == 0)
        return CAPTURE_FILE_END;
    const uint8_t *header = capture_input_peek(&file->input, RECORD_HEADER_SIZE);
    if (header == NULL)
        return capture_broken(file, NULL, error);
    uint32_t seconds = capture_u32(file, header);
    uint32_t fraction = capture_u32(file, header + 4);
    uint32_t captured = capture_u32(file, header + 8);
    uint32_t length = capture_u32(file, header + 12);
    if (captured > CAPTURE_PACKET_MOST)
        return capture_broken(file, "a packet claims to be larger than any can be", error);
    const uint8_t *whole = capture_input_take(&file->input, RECORD_HEADER_SIZE + (size_t)captured);
    if (whole == NULL)
        return capture_broken(file, NULL, error);
    *record = (struct capture_record){
        .number = ++file->count,
        .time = (nanoseconds)seconds * NANOSECONDS_PER_SECOND + (nanoseconds)fraction * file->unit,
        .link_type = file->link_type,
        .data = {whole + RECORD_HEADER_SIZE, captured},
        .length = length,
    };
    return CAPTURE_FILE_PACKET;
}

/* Finds out the format; false with an error if it is none. */
static bool read_header(struct capture_file *file, struct error *error)
{
    const char *name = file->input.name;
    const uint8_t *magic = capture_input_peek(&file->input, sizeof(uint32_t));
    if (magic == NULL && file->input.system_error != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, file->input.system_error, "can't read %s", name);
    if (magic == NULL)
        return error_set(error, ERROR_MALFORMED, "%s is %s", name,
                         file->input.window.length == 0 ? "empty: there is neither a capture nor a trace in it"
                                                        : "neither a capture nor a trace: it is too short for one");
    uint32_t number = load_be32(magic);
    file->blocks = number == magic_blocks;
    if (file->blocks)
        return true;
    file->swapped = number == magic_microseconds || number == magic_nanoseconds;
    number = file->swapped ? number : __builtin_bswap32(number);
    if (number != magic_microseconds && number != magic_nanoseconds)
        return error_set(
            error, ERROR_MALFORMED,
            "%s is neither a capture nor a trace: it is neither pcap nor pcapng, and no trace of shakedown's", name);
    const uint8_t *header = capture_input_take(&file->input, FILE_HEADER_SIZE);
    if (header == NULL)
        return error_set(error, ERROR_MALFORMED, "%s: the capture was cut short within its header", name);
    file->unit = number == magic_nanoseconds ? 1 : 1000;
    file->link_type = capture_u32(file, header + 20) & LINK_TYPE_MASK;
    return true;
}

static bool adopt(struct capture_file *made, struct capture_file **file, struct error *error)
{
    if (!read_header(made, error)) {
        capture_file_close(made);
        return false;
    }
    *file = made;
    return true;
}

static bool open_input(struct capture_file *file, const char *path, struct error *error)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    int descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_set_system(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM_CALL, errno, "can't open %s",
                                path);
    file->owned = !standard;
    if (capture_input_open(&file->input, descriptor, name, error))
        return true;
    if (file->owned)
        (void)close(descriptor);
    return false;
}

bool capture_file_open(const char *path, struct capture_file **file, struct error *error)
{
    struct capture_file *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read %s", path);
    if (!open_input(made, path, error)) {
        free(made);
        return false;
    }
    return adopt(made, file, error);
}

bool capture_file_open_bytes(struct bytes bytes, struct capture_file **file, struct error *error)
{
    struct capture_file *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read a capture");
    capture_input_on(&made->input, bytes);
    return adopt(made, file, error);
}

void capture_file_close(struct capture_file *file)
{
    if (file == NULL)
        return;
    if (file->owned)
        (void)close(file->input.descriptor);
    capture_input_close(&file->input);
    free(file->interfaces);
    free(file);
}

enum capture_file_next capture_file_next(struct capture_file *file, struct capture_record *record, struct error *error)
{
    return file->blocks ? capture_blocks_next(file, record, error) : record_next(file, record, error);
}

uint64_t capture_file_lost(const struct capture_file *file)
{
    uint64_t lost = file->lost;
    for (size_t i = 0; i < file->interface_count; i++)
        lost += file->interfaces[i].dropped;
    return lost;
}
