/* SPDX-License-Identifier: MIT */
#include "cli/handshake_story.h"

#include "trace/print.h"

enum { CLAUSES = 4, SIDES = 2 };

/* What a side knows of a clause. */
enum knowledge {
    KNOWS_NOTHING,
    PROPOSED, /* it wants the clause, and does not know whether the other side does */
    ASKED,    /* it knows that the other side wants the clause */
    AGREED,   /* it knows that both sides have agreed */
};

static const char *const knowledge_words[] = {"-", "proposed", "asked for", "agreed"};

struct step {
    const char *heading;
    const char *story; /* lines end where they end here */
    enum knowledge client[CLAUSES];
    enum knowledge server[CLAUSES];
};

static const struct step steps[HANDSHAKE_PACKETS] = {
    {"The client asks",
     "It proposes that two byte streams flow, one each way, and names the number of the first byte\n"
     "of its own: clauses 1 to 3. It can't know that the packet arrives, for IP promises no delivery,\n"
     "nor that the server will agree. And the contract is not whole: clause 4 is the server's.\n",
     {PROPOSED, PROPOSED, PROPOSED, KNOWS_NOTHING},
     {ASKED, ASKED, ASKED, KNOWS_NOTHING}},
    {"The server agrees, and fills in its own number",
     "By its ACK it agrees to clauses 1 to 3, and by its SYN it adds clause 4, with a number that it\n"
     "has just picked at random. Now the client holds the whole contract and the server's agreement to\n"
     "it. The server knows neither that its answer arrived, nor that the client agrees to clause 4.\n",
     {AGREED, AGREED, AGREED, ASKED},
     {ASKED, ASKED, ASKED, PROPOSED}},
    {"The client agrees to the server's number",
     "Without this packet the server would never know that its clause arrived. With it, both sides\n"
     "hold the whole contract, and the other's agreement: accept() returns.\n",
     {AGREED, AGREED, AGREED, AGREED},
     {AGREED, AGREED, AGREED, AGREED}},
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

static void print_knowledge(struct text *text, const struct step *step)
{
    static const char *const short_clauses[CLAUSES] = {"1 stream of the client", "2 stream of the server",
                                                       "3 number of the client", "4 number of the server"};
    text_append_format(text, "\n    %-26s%-14s%s\n", "clause", "the client", "the server");
    for (int clause = 0; clause < CLAUSES; clause++)
        text_append_format(text, "    %-26s%-14s%s\n", short_clauses[clause], knowledge_words[step->client[clause]],
                           knowledge_words[step->server[clause]]);
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

static void print_step(struct text *text, const struct handshake_exchange *exchange, size_t index)
{
    text_append_format(text, "%zu. %s\n\n", index + 1, steps[index].heading);
    trace_print_packet(text, &exchange->packets[index].packet);
    text_append_string(text, "\n\n");
    print_indented_story(text, steps[index].story);
    print_knowledge(text, &steps[index]);
    text_append_character(text, '\n');
}

static void print_contract(struct text *text, const struct handshake_exchange *exchange)
{
    text_append_string(text, "The contract, which both sides now hold:\n\n");
    for (int clause = 0; clause < CLAUSES; clause++) {
        text_append_format(text, "    %d. ", clause + 1);
        print_clause(text, exchange, clause);
        text_append_string(text, clause == CLAUSES - 1 ? ".\n\n" : ";\n");
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

void handshake_tell(struct text *text, const struct handshake_exchange *exchange)
{
    text_append_string(text, exchange->stack == NULL ? of_kernel : of_plugin);
    for (size_t i = 0; i < exchange->count; i++)
        print_step(text, exchange, i);
    text_append_format(text, "accept() returned a connection from 127.0.0.1, port %u.\n\n", exchange->accepted_port);
    print_contract(text, exchange);
}
