/* SPDX-License-Identifier: MIT */
/* What an explanation shows of the IP header, a field each, in the words of a segment's text. */
#ifndef ENGINE_IP_COLUMN_H
#define ENGINE_IP_COLUMN_H

#include "packet/packet.h"

/* Each appends its field of PACKET to TEXT; nothing for a field that PACKET's IP version has not. */
void ip_column_version(struct text *text, const struct packet *packet);
void ip_column_header_length(struct text *text, const struct packet *packet);
void ip_column_type_of_service(struct text *text, const struct packet *packet);
void ip_column_length(struct text *text, const struct packet *packet);
void ip_column_identification(struct text *text, const struct packet *packet);
void ip_column_flags(struct text *text, const struct packet *packet);
void ip_column_fragment(struct text *text, const struct packet *packet);
void ip_column_protocol(struct text *text, const struct packet *packet);
void ip_column_checksum(struct text *text, const struct packet *packet);
void ip_column_flow_label(struct text *text, const struct packet *packet);
/* IPv4's options, IPv6's extension headers. */
void ip_column_options(struct text *text, const struct packet *packet);
void ip_column_trailer(struct text *text, const struct packet *packet);

#endif
