/* SPDX-License-Identifier: MIT */
#include "cli/handshake_story.h"

#include "trace/print.h"

#include <inttypes.h>
#include <stdio.h>

struct step {
    const char *heading;
    const char *story; /* lines end where they end here */
};

static const struct step steps[HANDSHAKE_PACKETS] = {
    {"The client asks",
     "It proposes that two byte streams flow, one each way, and names the number of the first byte\n"
     "of its own: clauses 1 to 3. It can't know that the packet arrives, for IP promises no delivery,\n"
     "nor that the server will agree. And the contract is not whole: clause 4 is the server's.\n"},
    {"The server agrees, and fills in its own number",
     "By its ACK it agrees to clauses 1 to 3, and by its SYN it adds clause 4, with a number that it\n"
     "has just picked at random. Now the client holds the whole contract and the server's agreement to\n"
     "it. The server knows neither that its answer arrived, nor that the client agrees to clause 4.\n"},
    {"The client agrees to the server's number",
     "Without this packet the server would never know that its clause arrived. With it, both sides\n"
     "hold the whole contract, and the other's agreement: accept() returns.\n"},
};

static void print_clause(struct text *text, const struct handshake_exchange *exchange, int clause)
{
    static const char *const streams[] = {
        "a byte stream flows from port 56742 of 127.0.0.1 to port 12345 of 127.0.0.2",
        "a byte stream flows back, from port 12345 of 127.0.0.2 to port 56742 of 127.0.0.1",
    };
    if (clause < 2)
        text_append_string(text, streams[clause]);
    else
        text_append_format(text, "the first byte of the %s's stream has number %u", clause == 2 ? "client" : "server",
                           clause == 2 ? exchange->client_isn : exchange->server_isn);
}

static void print_row(struct text *text, const char *name, const char *client, const char *server)
{
    text_append_format(text, "    %-26s%-14s%s\n", name, client, server);
}

static const char *state_word(const struct contract_side *side)
{
    return side->sure ? spec_state_name(side->state) : "unknown";
}

static const char *number_word(const struct contract_side *side, enum spec_variable variable, char *buffer, size_t size)
{
    (void)snprintf(buffer, size, "%" PRIu32, side->numbers[variable]);
    return (side->known >> variable & 1) != 0 ? buffer : "-";
}

/* The state and the variables of both sides, and what follows from them. */
static void print_moment(struct text *text, const struct contract_moment *moment)
{
    static const enum spec_variable shown[] = {SPEC_ISS, SPEC_SND_UNA, SPEC_SND_NXT, SPEC_IRS, SPEC_RCV_NXT};
    static const char *const short_clauses[CONTRACT_CLAUSES] = {"1 stream of the client", "2 stream of the server",
                                                                "3 number of the client", "4 number of the server"};
    const struct contract_side *client = &moment->sides[CONTRACT_CLIENT];
    const struct contract_side *server = &moment->sides[CONTRACT_SERVER];
    text_append_character(text, '\n');
    print_row(text, "", "the client", "the server");
    print_row(text, "state", state_word(client), state_word(server));
    for (size_t i = 0; i < COUNT_OF(shown); i++) {
        char words[CONTRACT_PARTIES][16];
        print_row(text, spec_variable_name(shown[i]), number_word(client, shown[i], words[0], sizeof(words[0])),
                  number_word(server, shown[i], words[1], sizeof(words[1])));
    }
    for (size_t clause = 0; clause < CONTRACT_CLAUSES; clause++)
        print_row(text, short_clauses[clause], knowledge_word(client->clauses[clause]),
                  knowledge_word(server->clauses[clause]));
}

/* By which rule the packet was taken, and whether it is one that a rule allows. */
static void print_rule(struct text *text, const struct contract *contract, size_t index)
{
    const struct contract_moment *moment = &contract->moments[index];
    const struct source *source = &contract->spec->source;
    for (enum contract_party party = 0; party < CONTRACT_PARTIES; party++)
        if (!moment->sides[party].allowed)
            text_append_format(
                text, "\n    No rule of the specification allows the %s to send this: nothing is known of it now.\n",
                party == CONTRACT_CLIENT ? "client" : "server");
    if (moment->rule == NULL)
        return;
    const char *slash = strrchr(source->name, '/');
    text_append_format(text, "\n    Taken by %s:%u:", slash == NULL ? source->name : slash + 1,
                       source_position(source, moment->rule->at.offset).line);
    for (uint16_t i = 0; i < moment->rule->clause_count; i++)
        text_append_format(text, "%s %s", i == 0 ? "" : ",", contract->spec->clauses[moment->rule->clauses[i]]);
    text_append_character(text, '\n');
}

static void print_indented_story(struct text *text, const char *story)
{
    while (*story != '\0') {
        size_t length = strcspn(story, "\n") + 1;
        text_append_string(text, "    ");
        text_append_bytes(text, story, length);
        story += length;
    }
}

static void print_step(struct text *text, const struct handshake_exchange *exchange, const struct contract *contract,
                       size_t index)
{
    text_append_format(text, "%zu. %s\n\n", index + 1, steps[index].heading);
    trace_print_packet(text, &exchange->packets[index].packet);
    text_append_string(text, "\n\n");
    print_indented_story(text, steps[index].story);
    print_moment(text, &contract->moments[index]);
    print_rule(text, contract, index);
    text_append_character(text, '\n');
}

static void print_contract(struct text *text, const struct handshake_exchange *exchange)
{
    text_append_string(text, "The contract, which both sides now hold:\n\n");
    for (int clause = 0; clause < CONTRACT_CLAUSES; clause++) {
        text_append_format(text, "    %d. ", clause + 1);
        print_clause(text, exchange, clause);
        text_append_string(text, clause == CONTRACT_CLAUSES - 1 ? ".\n\n" : ";\n");
    }
    text_append_string(text,
                       "The two numbers are the initial sequence numbers. The SYN itself takes the number, so that it\n"
                       "is acknowledged like a byte; data begins with the next.\n");
}

static const char of_kernel[] =
    "The three-way handshake, live. The client at 127.0.0.1 is this program, which makes its own\n"
    "packets; the server at 127.0.0.2 is a listening socket of this machine's kernel. They meet on a\n"
    "loopback device in a network namespace of their own.\n\n";
static const char of_plugin[] =
    "The three-way handshake, live. The client at 127.0.0.1 is this program, which makes its own\n"
    "packets; the server at 127.0.0.2 is a listening socket of a stack that was loaded into it, and\n"
    "takes packets by function call.\n\n";

void handshake_tell(struct text *text, const struct handshake_exchange *exchange, const struct contract *contract)
{
    text_append_string(text, exchange->stack == NULL ? of_kernel : of_plugin);
    for (size_t i = 0; i < exchange->count && i < HANDSHAKE_PACKETS; i++)
        print_step(text, exchange, contract, i);
    text_append_format(text, "accept() returned a connection from 127.0.0.1, port %u.\n\n", exchange->accepted_port);
    print_contract(text, exchange);
}

void handshake_tell_end(struct text *text, const struct handshake_exchange *exchange, const struct contract *contract)
{
    text_append_string(text, "\nThen both sides said FIN, each acknowledged the other's, and the contract ended:\n\n");
    print_row(text, "", "the client", "the server");
    for (size_t i = HANDSHAKE_PACKETS; i < contract->count; i++) {
        const struct handshake_packet *packet = &exchange->packets[i];
        const struct contract_side *sides = contract->moments[i].sides;
        char words[32];
        (void)snprintf(words, sizeof(words), "%s of the %s",
                       (packet->packet.tcp.flags & TCP_FIN) != 0 ? "FIN,ACK" : "ACK",
                       packet->from_client ? "client" : "server");
        print_row(text, words, state_word(&sides[CONTRACT_CLIENT]), state_word(&sides[CONTRACT_SERVER]));
    }
}
