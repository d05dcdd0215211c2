/* SPDX-License-Identifier: MIT */
#include "link/capture.h"

#include "link/stamp.h"

#include <pcap/pcap.h>
#include <stdlib.h>

enum {
    FRAME_MOST = 65535 + 40 + 14, /* an Ethernet header and the longest IP packet */
    FEW = 16,                     /* frames that any buffer has room for */
};

struct capture {
    pcap_t *handle;
    struct stamp_clock clock;
    nanoseconds empty_at; /* nothing was waiting then: whatever came since is later */
    size_t in_a_row;      /* frames taken since then */
    unsigned lost;        /* frames, of which was told */
};

static bool capture_refuse(struct error *error, const char *device, int status, const char *text)
{
    if (status == PCAP_ERROR_PERM_DENIED)
        return error_set(error, ERROR_CAPABILITY_MISSING,
                         "%s can't be captured on: CAP_NET_RAW is missing; run as root, or: setcap cap_net_raw+ep on "
                         "the program",
                         device);
    return error_set(error, ERROR_LINK, "%s can't be captured on: %s", device,
                     text[0] == '\0' ? pcap_statustostr(status) : text);
}

/* None of these fails on a handle that is not active yet. */
static void handle_prepare(pcap_t *handle, const struct capture_settings *settings)
{
    (void)pcap_set_snaplen(handle, settings->snapshot == 0 ? FRAME_MOST : settings->snapshot);
    (void)pcap_set_immediate_mode(handle, 1);
    (void)pcap_set_buffer_size(handle, settings->buffer);
    (void)pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
}

static bool filter_set(pcap_t *handle, const struct capture_settings *settings, struct error *error)
{
    if (settings->filter == NULL)
        return true;
    struct bpf_program program;
    if (pcap_compile(handle, &program, settings->filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return capture_refuse(error, settings->device, PCAP_ERROR, pcap_geterr(handle));
    int status = pcap_setfilter(handle, &program);
    pcap_freecode(&program);
    if (status != 0)
        return capture_refuse(error, settings->device, status, pcap_geterr(handle));
    return true;
}

static bool handle_activate(pcap_t *handle, const struct capture_settings *settings, struct error *error)
{
    char text[PCAP_ERRBUF_SIZE] = "";
    handle_prepare(handle, settings);
    int status = pcap_activate(handle);
    if (status < 0)
        return capture_refuse(error, settings->device, status, pcap_geterr(handle));
    if (!filter_set(handle, settings, error))
        return false;
    status = pcap_setnonblock(handle, 1, text);
    if (status < 0)
        return capture_refuse(error, settings->device, status, text);
    return true;
}

bool capture_open(const struct capture_settings *settings, struct capture **capture, struct error *error)
{
    char text[PCAP_ERRBUF_SIZE] = "";
    struct capture *opened = calloc(1, sizeof(*opened));
    if (opened == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a capture");
    opened->empty_at = clock_now();
    opened->handle = pcap_create(settings->device, text);
    if (opened->handle == NULL) {
        capture_refuse(error, settings->device, PCAP_ERROR, text);
        goto failed;
    }
    if (!handle_activate(opened->handle, settings, error))
        goto failed;
    *capture = opened;
    return true;
failed:
    capture_close(opened);
    return false;
}

/* Nothing is waiting any more. Were there ever more frames than the buffer holds? */
static bool capture_emptied(struct capture *capture, nanoseconds now, struct error *error)
{
    struct pcap_stat counts = {0};
    size_t taken = capture->in_a_row;
    capture->empty_at = now;
    capture->in_a_row = 0;
    if (taken < FEW || pcap_stats(capture->handle, &counts) != 0 || counts.ps_drop == capture->lost)
        return true;
    unsigned lost = counts.ps_drop - capture->lost;
    capture->lost = counts.ps_drop;
    return error_set(error, ERROR_LINK, "%u packets were lost: more came at once than the capture has room for", lost);
}

bool capture_next(struct capture *capture, struct link_frame *frame, bool *came, struct error *error)
{
    struct pcap_pkthdr *header;
    const u_char *data;
    nanoseconds asked = clock_now();
    int status = pcap_next_ex(capture->handle, &header, &data);
    if (status < 0)
        return error_set(error, ERROR_LINK, "the capture ended: %s", pcap_geterr(capture->handle));
    if (status == 0) {
        if (!capture_emptied(capture, asked, error))
            return false;
        *came = false;
        return true;
    }
    capture->in_a_row++;
    *came = true;
    /* With nanosecond precision that is what tv_usec holds. */
    nanoseconds realtime = (nanoseconds)header->ts.tv_sec * NANOSECONDS_PER_SECOND + header->ts.tv_usec;
    struct interval bounds = {capture->empty_at, clock_now()};
    *frame = (struct link_frame){
        .packet = {data, header->caplen},
        .time = stamp_place(&capture->clock, realtime, bounds),
    };
    return true;
}

int capture_descriptor(const struct capture *capture)
{
    return pcap_get_selectable_fd(capture->handle);
}

void capture_close(struct capture *capture)
{
    if (capture == NULL)
        return;
    if (capture->handle != NULL)
        pcap_close(capture->handle);
    free(capture);
}
