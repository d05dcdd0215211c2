/* SPDX-License-Identifier: MIT */
#include "spec/crowds.h"

#include <stdlib.h>
#include <string.h>

uint32_t crowds_at(const struct crowds *crowds, uint16_t port)
{
    const uint32_t *page = crowds->pages[port / CROWD_PAGE_PORTS];
    return page == NULL ? 0 : page[port % CROWD_PAGE_PORTS];
}

bool crowds_count(struct crowds *crowds, uint16_t port, bool more)
{
    uint32_t **page = &crowds->pages[port / CROWD_PAGE_PORTS];
    if (*page == NULL)
        *page = calloc(CROWD_PAGE_PORTS, sizeof(**page));
    if (*page == NULL)
        return false;
    (*page)[port % CROWD_PAGE_PORTS] += more ? 1U : UINT32_MAX;
    return true;
}

void crowds_clear(struct crowds *crowds)
{
    for (unsigned i = 0; i < CROWD_PAGES; i++)
        if (crowds->pages[i] != NULL)
            memset(crowds->pages[i], 0, CROWD_PAGE_PORTS * sizeof(*crowds->pages[i]));
}

void crowds_free(struct crowds *crowds)
{
    for (unsigned i = 0; i < CROWD_PAGES; i++)
        free(crowds->pages[i]);
    *crowds = (struct crowds){.pages = {NULL}};
}
