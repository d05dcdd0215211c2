/* SPDX-License-Identifier: MIT */
#include "link/link.h"

bool link_send(struct link *link, struct bytes packet, struct link_frame *sent, struct error *error)
{
    return link->operations->send(link, packet, sent, error);
}

bool link_next(struct link *link, struct link_frame *frame, bool *came, struct error *error)
{
    return link->operations->next(link, frame, came, error);
}

int link_descriptor(const struct link *link)
{
    return link->operations->descriptor(link);
}

void link_close(struct link *link)
{
    if (link != NULL)
        link->operations->close(link);
}
