/* SPDX-License-Identifier: MIT */
/* The blocks and options are those of draft-ietf-opsawg-pcapng, in network byte order. */
#include "report/pcapng.h"

#include "packet/packet.h"
#include "trace/output_file.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    BLOCK_SECTION_HEADER = 0x0a0d0d0a,
    BLOCK_INTERFACE_DESCRIPTION = 1,
    BLOCK_INTERFACE_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_SECTION_APPLICATION = 4,
    OPTION_INTERFACE_NAME = 2,
    OPTION_INTERFACE_RESOLUTION = 9,
    OPTION_PACKET_FLAGS = 2,
    DIRECTION_INBOUND = 1,
    DIRECTION_OUTBOUND = 2,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    LINK_TYPE_RAW = 101,
    RESOLUTION_NANOSECONDS = 9, /* as a negative power of ten */
    COMMENT_MOST = 2048,
    BLOCK_MOST = 256 * 1024,
};

struct pcapng_writer {
    struct output_file file;
    bool begun;           /* the section header is written */
    nanoseconds realtime; /* at time 0 of the trace */
    uint8_t block[BLOCK_MOST];
};

static void put_padding(struct byte_writer *block)
{
    while (block->length % 4 != 0 && !block->failed)
        byte_writer_u8(block, 0);
}

static void put_option(struct byte_writer *block, uint16_t code, struct bytes value)
{
    byte_writer_u16(block, code);
    byte_writer_u16(block, (uint16_t)value.length);
    byte_writer_bytes(block, value);
    put_padding(block);
}

static void put_text_option(struct byte_writer *block, uint16_t code, const char *text)
{
    size_t length = text == NULL ? 0 : strnlen(text, COMMENT_MOST);
    if (length > 0)
        put_option(block, code, (struct bytes){(const uint8_t *)text, length});
}

/* A block whose body follows; its length is not known yet. */
static struct byte_writer block_begin(struct pcapng_writer *writer, uint32_t type)
{
    struct byte_writer block = byte_writer_on(writer->block, sizeof(writer->block));
    byte_writer_u32(&block, type);
    byte_writer_u32(&block, 0);
    return block;
}

/* Closes the options and writes the block, whose length stands at both ends. */
static bool block_end(struct pcapng_writer *writer, struct byte_writer *block, struct error *error)
{
    put_option(block, OPTION_END, (struct bytes){NULL, 0});
    uint32_t length = (uint32_t)block->length + 4;
    byte_writer_u32(block, length);
    if (block->failed)
        return error_set(error, ERROR_TOO_LARGE, "a packet is larger than %s can hold", writer->file.name);
    store_be32(writer->block + 4, length);
    return output_file_append(&writer->file, byte_writer_written(block), error);
}

static bool write_section_header(struct pcapng_writer *writer, const char *title, struct error *error)
{
    struct byte_writer block = block_begin(writer, BLOCK_SECTION_HEADER);
    byte_writer_u32(&block, BYTE_ORDER_MAGIC);
    byte_writer_u16(&block, 1);
    byte_writer_u16(&block, 0);
    byte_writer_u64(&block, UINT64_MAX); /* the section's length is not given */
    put_text_option(&block, OPTION_COMMENT, title);
    put_text_option(&block, OPTION_SECTION_APPLICATION, "shakedown " SHAKEDOWN_VERSION);
    return block_end(writer, &block, error);
}

static bool write_interface(struct pcapng_writer *writer, const char *name, struct error *error)
{
    struct byte_writer block = block_begin(writer, BLOCK_INTERFACE_DESCRIPTION);
    byte_writer_u16(&block, LINK_TYPE_RAW);
    byte_writer_u16(&block, 0);
    byte_writer_u32(&block, 0); /* packets are never cut */
    put_text_option(&block, OPTION_INTERFACE_NAME, name);
    put_option(&block, OPTION_INTERFACE_RESOLUTION, (struct bytes){(const uint8_t[]){RESOLUTION_NANOSECONDS}, 1});
    return block_end(writer, &block, error);
}

static bool pcapng_begin(struct pcapng_writer *writer, const struct trace_event *event, struct error *error)
{
    bool starts = event->kind == TRACE_START;
    writer->begun = true;
    writer->realtime = starts ? event->start.realtime : 0;
    return write_section_header(writer, starts ? event->start.title : NULL, error) &&
           write_interface(writer, starts ? event->start.stack : NULL, error);
}

static void put_time(struct byte_writer *block, const struct pcapng_writer *writer, struct interval time)
{
    uint64_t stamp = (uint64_t)nanoseconds_add(writer->realtime, time.earliest);
    byte_writer_u32(block, (uint32_t)(stamp >> 32));
    byte_writer_u32(block, (uint32_t)stamp);
}

static void put_defects(struct byte_writer *block, struct bytes wire)
{
    char comment[COMMENT_MOST];
    struct text text = text_in(comment, sizeof(comment));
    struct packet packet;
    packet_decode(wire, DECODE_ALL, &packet);
    for (uint32_t i = 0; i < packet.defect_count && i < PACKET_DEFECTS_MOST; i++)
        text_append_format(&text, "%s%s (byte %u)", i == 0 ? "" : "; ", packet_defect_text(packet.defects[i].kind),
                           packet.defects[i].offset);
    put_text_option(block, OPTION_COMMENT, text_string(&text));
}

static bool write_packet(struct pcapng_writer *writer, const struct trace_event *event, struct error *error)
{
    struct byte_writer block = block_begin(writer, BLOCK_ENHANCED_PACKET);
    byte_writer_u32(&block, 0); /* the interface */
    put_time(&block, writer, event->time);
    byte_writer_u32(&block, (uint32_t)event->packet.length);
    byte_writer_u32(&block, (uint32_t)event->packet.length);
    byte_writer_bytes(&block, event->packet);
    put_padding(&block);
    uint8_t flags[4];
    store_be32(flags, event->kind == TRACE_INJECTED ? DIRECTION_OUTBOUND : DIRECTION_INBOUND);
    put_option(&block, OPTION_PACKET_FLAGS, (struct bytes){flags, sizeof(flags)});
    put_defects(&block, event->packet);
    return block_end(writer, &block, error);
}

static bool write_verdict(struct pcapng_writer *writer, const struct trace_event *event, struct error *error)
{
    char comment[COMMENT_MOST];
    struct text text = text_in(comment, sizeof(comment));
    const char *reason = event->end.reason == NULL ? "" : event->end.reason;
    text_append_format(&text, "%s%s%s", verdict_name(event->end.verdict), reason[0] == '\0' ? "" : ": ", reason);
    struct byte_writer block = block_begin(writer, BLOCK_INTERFACE_STATISTICS);
    byte_writer_u32(&block, 0); /* the interface */
    put_time(&block, writer, event->time);
    put_text_option(&block, OPTION_COMMENT, text_string(&text));
    return block_end(writer, &block, error);
}

static bool pcapng_writer_take(void *context, const struct trace_event *event, struct error *error)
{
    struct pcapng_writer *writer = context;
    if (!writer->begun && !pcapng_begin(writer, event, error))
        return false;
    switch (event->kind) {
    case TRACE_INJECTED:
    case TRACE_SEEN:
        return write_packet(writer, event, error);
    case TRACE_END:
        return write_verdict(writer, event, error);
    default:
        return true;
    }
}

static struct pcapng_writer *pcapng_writer_new(struct error *error)
{
    struct pcapng_writer *writer = malloc(sizeof(*writer));
    if (writer == NULL)
        (void)error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a capture");
    else
        writer->begun = false;
    return writer;
}

bool pcapng_writer_adopt(int descriptor, const char *name, struct pcapng_writer **writer, struct error *error)
{
    struct pcapng_writer *made = pcapng_writer_new(error);
    if (made == NULL) {
        (void)close(descriptor);
        return false;
    }
    output_file_adopt(&made->file, descriptor, name);
    *writer = made;
    return true;
}

bool pcapng_writer_open(const char *path, struct pcapng_writer **writer, struct error *error)
{
    struct pcapng_writer *made = pcapng_writer_new(error);
    if (made == NULL)
        return false;
    if (!output_file_open(&made->file, path, error)) {
        free(made);
        return false;
    }
    *writer = made;
    return true;
}

struct trace_sink pcapng_writer_sink(struct pcapng_writer *writer)
{
    return (struct trace_sink){.take = pcapng_writer_take, .context = writer};
}

bool pcapng_writer_close(struct pcapng_writer *writer, struct error *error)
{
    bool whole = output_file_close(&writer->file, error);
    free(writer);
    return whole;
}
