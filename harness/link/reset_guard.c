/* SPDX-License-Identifier: MIT */
#include "link/reset_guard.h"

#include <errno.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <nftables/libnftables.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct reset_guard {
    struct nft_ctx *context; /* its socket owns the table */
};

static const struct {
    enum address_family family;
    const char *name; /* in rules */
} families[] = {{ADDRESS_IPV4, "ip"}, {ADDRESS_IPV6, "ip6"}};

/* Process and serial number, so that links of one process don't meet. */
static void rules_write(struct text *rules, const struct reset_guard_settings *settings)
{
    static atomic_uint serial;
    text_append_format(rules,
                       "table inet shakedown_%ld_%u {\n"
                       "    flags owner\n"
                       "    chain output {\n"
                       "        type filter hook output priority 0; policy accept;\n",
                       (long)getpid(), atomic_fetch_add(&serial, 1));
    for (size_t which = 0; which < COUNT_OF(families); which++) {
        if (settings->own[which].family != families[which].family)
            continue;
        text_append_format(rules, "        meta mark != %d %s saddr ", RESET_GUARD_MARK, families[which].name);
        address_print(rules, &settings->own[which]);
        text_append_format(rules, " tcp sport %u tcp flags & rst == rst drop\n", settings->own_port);
    }
    text_append_string(rules, "    }\n}\n");
}

/*
 * Whether this process has CAP_NET_ADMIN over the network namespace. Without it, nftables would say so on the standard
 * error, whatever it is told. What is asked for is nothing that loopback has, but the right to ask comes first.
 */
static bool network_administered(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool administered = any >= 0 && (ioctl(any, SIOCGMIIPHY, &request) == 0 || errno != EPERM);
    if (any >= 0)
        (void)close(any);
    return administered;
}

static bool guard_refuse(struct error *error, struct nft_ctx *context)
{
    const char *said = nft_ctx_get_error_buffer(context);
    size_t length = said == NULL ? 0 : strcspn(said, "\n");
    return error_set(error, ERROR_LINK, "the kernel's RSTs can't be kept back: nftables says: %.*s", (int)length,
                     said == NULL ? "" : said);
}

bool reset_guard_open(const struct reset_guard_settings *settings, struct reset_guard **guard, struct error *error)
{
    if (!network_administered())
        return error_set(error, ERROR_CAPABILITY_MISSING,
                         "the kernel's RSTs can't be kept back: CAP_NET_ADMIN is missing; run as root");
    struct text rules = text_growing();
    struct reset_guard *opened = calloc(1, sizeof(*opened));
    bool done = false;
    rules_write(&rules, settings);
    if (opened != NULL)
        opened->context = nft_ctx_new(NFT_CTX_DEFAULT);
    if (opened == NULL || opened->context == NULL || rules.truncated) {
        error_set(error, ERROR_OUT_OF_MEMORY, "no memory for netfilter rules");
        goto failed;
    }
    /* What nftables has to say goes into memory, not to the terminal. */
    if (nft_ctx_buffer_output(opened->context) != 0 || nft_ctx_buffer_error(opened->context) != 0) {
        error_set(error, ERROR_OUT_OF_MEMORY, "no memory for what nftables says");
        goto failed;
    }
    if (nft_run_cmd_from_buffer(opened->context, text_string(&rules)) != 0) {
        guard_refuse(error, opened->context);
        goto failed;
    }
    *guard = opened;
    opened = NULL;
    done = true;
failed:
    text_free(&rules);
    reset_guard_close(opened);
    return done;
}

void reset_guard_close(struct reset_guard *guard)
{
    if (guard == NULL)
        return;
    if (guard->context != NULL)
        nft_ctx_free(guard->context);
    free(guard);
}
