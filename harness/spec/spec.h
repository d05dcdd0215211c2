/* SPDX-License-Identifier: MIT */
/*
 * The handshake specification as data: for each state what may arrive, what the stack has to send, may send and must
 * not send, where it goes from there, and the clause that says so. specs/README.md tells of the language; nothing here
 * knows a rule of TCP's.
 */
#ifndef SPEC_SPEC_H
#define SPEC_SPEC_H

#include "base/clock.h"
#include "base/error.h"
#include "base/source.h"

/* The states of RFC 9293 section 3.3.2, figure 5. */
#define SPEC_STATES(X)              \
    X(CLOSED, "CLOSED")             \
    X(LISTEN, "LISTEN")             \
    X(SYN_SENT, "SYN-SENT")         \
    X(SYN_RECEIVED, "SYN-RECEIVED") \
    X(ESTABLISHED, "ESTABLISHED")   \
    X(FIN_WAIT_1, "FIN-WAIT-1")     \
    X(FIN_WAIT_2, "FIN-WAIT-2")     \
    X(CLOSE_WAIT, "CLOSE-WAIT")     \
    X(CLOSING, "CLOSING")           \
    X(LAST_ACK, "LAST-ACK")         \
    X(TIME_WAIT, "TIME-WAIT")

enum spec_state {
#define X(name, text) SPEC_##name,
    SPEC_STATES(X)
#undef X
        SPEC_STATE_COUNT
};

/*
 * What expressions can name. The first group is kept for each connection, from the stack's side of it; the second is of
 * the segment that the row is about; the third is of the connection's surroundings.
 */
#define SPEC_VARIABLES(X)                                                        \
    X(ISS, "ISS")           /* the stack's initial sequence number */            \
    X(IRS, "IRS")           /* its peer's */                                     \
    X(SND_UNA, "SND.UNA")   /* oldest number of its own not acknowledged */      \
    X(SND_NXT, "SND.NXT")   /* the next one that it sends */                     \
    X(SND_WND, "SND.WND")   /* the window that its peer gave last */             \
    X(SND_EDGE, "SND.EDGE") /* the rightmost end of all windows given */         \
    X(SND_MAX_WND, "MAX.SND.WND")                                                \
    X(SND_FIN, "SND.FIN")     /* the number of its FIN */                        \
    X(RCV_NXT, "RCV.NXT")     /* the next number that it expects */              \
    X(RCV_HIGH, "RCV.HIGH")   /* the end of all that it may have taken */        \
    X(RCV_WND, "RCV.WND")     /* what is left of the windows that it gave */     \
    X(RCV_EDGE, "RCV.EDGE")   /* the rightmost end of them */                    \
    X(RCV_ACKED, "RCV.ACKED") /* the last number that it acknowledged */         \
    X(RCV_FIN, "RCV.FIN")     /* the number of its peer's FIN */                 \
    X(TS_RECENT, "TS.RECENT") /* the newest TSval that it may have taken */      \
    X(TS_ECHOED, "TS.ECHOED") /* the last TSecr that it sent */                  \
    X(TS_SENT, "TS.SENT")     /* the last TSval that it sent */                  \
    X(OLD_NXT, "OLD.NXT")     /* SND.NXT of the incarnation before */            \
    X(SEG_SEQ, "SEG.SEQ")                                                        \
    X(SEG_ACK, "SEG.ACK")                                                        \
    X(SEG_LEN, "SEG.LEN")                                                        \
    X(SEG_WND, "SEG.WND") /* scaled as agreed */                                 \
    X(SEG_TSVAL, "SEG.TSVAL")                                                    \
    X(SEG_TSECR, "SEG.TSECR")                                                    \
    X(SEG_SCALE, "SEG.SCALE")   /* the shift count of its window scale option */ \
    X(SEG_COOKIE, "SEG.COOKIE") /* the length of its Fast Open cookie, or 0 */   \
    X(CROWD, "CROWD")           /* other connections to the same port */

enum spec_variable {
#define X(name, text) SPEC_##name,
    SPEC_VARIABLES(X)
#undef X
        SPEC_VARIABLE_COUNT
};
#define SPEC_OWN_VARIABLES SPEC_SEG_SEQ

/* What is true or not of a connection, a segment or a choice that the stack once made. */
#define SPEC_FACTS(X)                                                                             \
    X(PASSIVE, "PASSIVE")               /* it came from LISTEN */                                 \
    X(STATELESS, "STATELESS")           /* all that is left of a SYN is in the SYN-ACK */         \
    X(FAST_OPEN, "FAST.OPEN")           /* its peer's SYN had a cookie that was taken for good */ \
    X(FIN_HELD, "FIN.HELD")             /* its peer's FIN came before all of the text did */      \
    X(SCALING, "SCALING")               /* both sent a window scale option */                     \
    X(TIMESTAMPS, "TIMESTAMPS")         /* both sent a timestamps option */                       \
    X(MULTIPATH, "MULTIPATH")           /* both sent an MPTCP option */                           \
    X(SACKING, "SACKING")               /* its peer sent SACK-permitted */                        \
    X(ACCURATE, "ACCURATE")             /* both are for AccECN, as far as can be told */          \
    X(SEG_STRAY, "SEG.STRAY")           /* its addresses are not those of two hosts */            \
    X(SEG_TIMESTAMPS, "SEG.TIMESTAMPS") /* the segment has such an option */                      \
    X(SEG_ACKS, "SEG.ACKS")             /* the segment has the ACK bit */                         \
    X(SEG_TEXT, "SEG.TEXT")             /* the segment has payload */

enum spec_fact {
#define X(name, text) SPEC_FACT_##name,
    SPEC_FACTS(X)
#undef X
        SPEC_FACT_COUNT
};

/* A node of an expression; operands are indices of nodes that stand before it. */
enum spec_operator {
    SPEC_NUMBER,    /* `number` */
    SPEC_PARAMETER, /* parameters[number] */
    SPEC_VARIABLE,  /* enum spec_variable in `number` */
    SPEC_FACT,      /* enum spec_fact in `number` */
    SPEC_CHOICE,    /* choices[number] was made */
    SPEC_PREDICATE, /* predicates[number] */
    SPEC_PLUS,      /* modulo the sequence space */
    SPEC_MINUS,
    SPEC_EQUAL,
    SPEC_UNEQUAL,
    SPEC_BEFORE, /* in the half of the sequence space before it */
    SPEC_BEFORE_EQUAL,
    SPEC_AFTER,
    SPEC_AFTER_EQUAL,
    SPEC_IN,       /* left in the interval right */
    SPEC_INTERVAL, /* left to right; `number`: enum spec_interval */
    SPEC_AND,
    SPEC_OR,
    SPEC_NOT, /* of left */
};
enum spec_interval { SPEC_OPEN_LEFT = 1, SPEC_OPEN_RIGHT = 2 };

/* A number plus variables and minus others; what parameters say is part of the number. */
enum { SPEC_SUM_TERMS = 6 };
struct spec_sum {
    uint32_t number;
    uint32_t variables;            /* bits of those in it */
    uint8_t terms[SPEC_SUM_TERMS]; /* enum spec_variable; those that are added first, SPEC_VARIABLE_COUNT behind all */
    uint8_t added;
    uint8_t count;
    bool wraps; /* it is reckoned modulo the sequence space */
    bool plain; /* at most two are added, and none is taken away */
};

/* What a condition depends on that is known from a least to a most. */
enum spec_range { SPEC_RANGES_NEXT = 1, SPEC_RANGES_RECENT = 2 };

/* Facts without which a condition can't hold, and facts with which it can't; bits of enum spec_fact. */
struct spec_facts {
    uint16_t all;
    uint16_t none;
};

/* A node as it was read, with what it comes to: a sum, or where the tests begin that decide it. */
struct spec_node {
    uint8_t operator; /* enum spec_operator */
    uint8_t ranges;   /* bits of enum spec_range */
    uint16_t left;
    uint16_t right;
    uint16_t test;
    uint32_t number;
    struct spec_sum sum;
    struct spec_facts facts;
};
enum { SPEC_NO_NODE = UINT16_MAX };

/*
 * A condition is decided by a chain of tests, each of which tells where to go on. What is open goes where it is taken
 * for granted, or to the other side: see view_condition().
 */
struct spec_test {
    uint8_t operator; /* SPEC_FACT, SPEC_CHOICE, SPEC_EQUAL, SPEC_BEFORE, SPEC_BEFORE_EQUAL, SPEC_IN */
    bool negated;     /* its being true speaks against the whole */
    uint16_t yes;     /* the next test, or enum spec_test_end */
    uint16_t no;
    uint16_t number;    /* fact, choice, bits of enum spec_interval */
    uint32_t variables; /* bits of all that have to be known */
    struct spec_sum value;
    struct spec_sum from; /* what it is compared with */
    struct spec_sum to;
};
enum spec_test_end { SPEC_TEST_YES = UINT16_MAX, SPEC_TEST_NO = UINT16_MAX - 1 };

enum spec_level { SPEC_MUST, SPEC_SHOULD, SPEC_MAY };

/* Control bits that have to be there and that must not be; the others are open. */
struct spec_bits {
    uint16_t all;
    uint16_t none;
};

/* A segment that is due, or that may be sent. */
struct spec_answer {
    enum spec_level level;
    struct spec_bits bits;
    uint16_t sequence;       /* node, or SPEC_NO_NODE: any */
    uint16_t acknowledgment; /* node; an interval is allowed */
    uint16_t within;         /* parameter: the time it may take */
    bool throttled;          /* its rate may be limited (RFC 5961 section 7) */
};

#define SPEC_EFFECTS(X)                                                                                             \
    X(SET, "set")                 /* variable = node */                                                             \
    X(CLEAR, "clear")             /* a fact is no longer true */                                                    \
    X(NEGOTIATE, "negotiate")     /* takes the options of the SYN that arrived */                                   \
    X(ACKNOWLEDGE, "acknowledge") /* SND.UNA and SND.WND from the segment that arrived */                           \
    X(RECEIVE, "receive")         /* RCV.NXT over the text of the segment that arrived, as far as it is in order */ \
    X(STAMP, "stamp")             /* TS.RECENT from the segment that arrived, if that is newer */                   \
    X(FORGET, "forget")           /* all of the connection */                                                       \
    X(CHOOSE, "choose")           /* choices[number], for good */

enum spec_effect_kind {
#define X(name, text) SPEC_EFFECT_##name,
    SPEC_EFFECTS(X)
#undef X
        SPEC_EFFECT_COUNT
};

struct spec_effect {
    enum spec_effect_kind kind;
    uint16_t number; /* variable, fact or choice */
    uint16_t node;
    bool is_fact;
};

/* One of the things that a row allows to happen. */
struct spec_outcome {
    uint16_t when; /* node: only then; or SPEC_NO_NODE */
    bool passes;   /* as if the row did not fit: those below it decide */
    bool answers;  /* `answer` is set; else nothing is to be sent */
    struct spec_answer answer;
    uint8_t next; /* enum spec_state; SPEC_STATE_COUNT: the same */
    const struct spec_effect *effects;
    uint16_t effect_count;
};

enum spec_row_kind {
    SPEC_ROW_ARRIVES, /* a segment came to the stack */
    SPEC_ROW_SENDS,   /* the stack sent one that is no answer */
    SPEC_ROW_AGAIN,   /* the stack has to send its SYN again, in time */
    SPEC_ROW_LAPSES,  /* the state may end by itself */
    SPEC_ROW_CALLS,   /* the user may call, and nothing is sent */
};

/* The user's calls, of RFC 9293 sections 3.10.1 to 3.10.5. */
#define SPEC_CALLS(X)     \
    X(OPEN, "OPEN")       \
    X(SEND, "SEND")       \
    X(RECEIVE, "RECEIVE") \
    X(CLOSE, "CLOSE")     \
    X(ABORT, "ABORT")

enum spec_call {
#define X(name, text) SPEC_CALL_##name,
    SPEC_CALLS(X)
#undef X
        SPEC_CALL_COUNT
};

/* Intervals between repetitions: parameters. */
struct spec_again {
    uint16_t first;  /* SPEC_ROW_LAPSES: the time that has to go by */
    bool should;     /* SPEC_ROW_AGAIN: a longer first interval breaks a SHOULD, and is what the next ones double */
    bool of_silence; /* SPEC_ROW_LAPSES: since a segment arrived last, not since the state was entered */
    uint16_t most;
    uint16_t until; /* SPEC_NO_NODE: no matter how long */
};

struct spec_row {
    enum spec_row_kind kind;
    struct spec_bits bits;
    bool corrupt;  /* only a segment that can't be taken: checksum or lengths wrong */
    uint8_t calls; /* SPEC_ROW_CALLS, SPEC_ROW_SENDS: bits of enum spec_call; 0: without any */
    uint16_t when;
    struct spec_again again; /* SPEC_ROW_AGAIN, SPEC_ROW_LAPSES */
    const struct spec_outcome *outcomes;
    uint16_t outcome_count;
    const uint16_t *clauses; /* indices */
    uint16_t clause_count;
    struct span at;  /* in the source */
    uint16_t number; /* from 0, over the whole specification */
};

/* Segments that an option may stand in. */
enum spec_place { SPEC_ON_SYN, SPEC_ON_SYN_ACK, SPEC_ON_RST, SPEC_ELSEWHERE, SPEC_PLACE_COUNT };

/* Whether it may. */
enum spec_presence {
    SPEC_OPEN, /* not said */
    SPEC_NEVER,
    SPEC_MAY_STAND,
    SPEC_IF_RECEIVED, /* only if the peer's SYN had it */
    SPEC_IF_AGREED,   /* only if both SYNs had it */
    SPEC_ALWAYS_IF_AGREED,
};

struct spec_option {
    uint8_t kind;
    uint8_t bit;                  /* enum segment_option; 0 if no segment's is looked at */
    uint8_t on[SPEC_PLACE_COUNT]; /* enum spec_presence */
    uint16_t value;               /* node: true of a sound one, with SEG.* of the segment; or SPEC_NO_NODE */
    const char *name;
    const uint16_t *clauses;
    uint16_t clause_count;
    struct span at;
    uint16_t number;
};

/*
 * The negotiation of ECN by the control bits AE, CWR and ECE, written as three digits: which of the eight values may
 * stand on a SYN, and on a SYN-ACK that answers a SYN with each of them. Four values code the ECN field of the IP
 * header that the segment answered came with (RFC 9768 section 3.1.1).
 */
enum { SPEC_ECN_VALUES = 8 };
struct spec_ecn {
    bool given;
    uint8_t codes;                       /* bits of the values in `code` */
    uint8_t code[4];                     /* for the IP header's 00, 01, 10 and 11 */
    uint8_t on_syn;                      /* bits of values */
    uint8_t on_syn_ack[SPEC_ECN_VALUES]; /* bits of values, by the SYN's */
    uint8_t coded_on_syn_ack;            /* bits of SYN values for which the code is right, too */
    bool coded_on_ack;                   /* the first ACK has the code of a SYN-ACK that had one */
    const uint16_t *clauses;
    uint16_t clause_count;
    struct span at;
};

struct spec_named_node {
    const char *name;
    uint16_t node;
};

struct spec_parameter {
    const char *name;
    uint32_t value; /* a time in milliseconds, or a number */
};

struct spec_state_rows {
    const struct spec_row *const *rows; /* in the order in which they are tried */
    uint16_t count;
    bool described;
};

struct spec {
    struct arena arena;
    struct source source;
    const struct spec_node *nodes;
    uint16_t node_count;
    const struct spec_test *tests;
    uint16_t test_count;
    const struct spec_parameter *parameters;
    uint16_t parameter_count;
    nanoseconds answer_time; /* what an answer may take unless its row says otherwise: the parameter ANSWER */
    const struct spec_named_node *predicates;
    uint16_t predicate_count;
    const char *const *choices;
    uint16_t choice_count;
    const char *const *clauses; /* "RFC9293 MUST-10" */
    uint16_t clause_count;
    const struct spec_option *options;
    uint16_t option_count;
    struct spec_ecn ecn;
    const struct spec_row *rows;
    uint16_t row_count;
    struct spec_state_rows everywhere; /* tried before those of the state */
    struct spec_state_rows states[SPEC_STATE_COUNT];
};

/* Reads SOURCE, which SPEC keeps a copy of. False if it is no specification: DIAGNOSTICS say all that is wrong with it.
 * In either case spec_free() ends it. */
MUST_USE bool spec_parse(struct spec *spec, const struct source *source, struct diagnostics *diagnostics);

/* The time that PARAMETER is. */
ALWAYS_INLINE nanoseconds spec_milliseconds(const struct spec *spec, uint16_t parameter)
{
    return (nanoseconds)spec->parameters[parameter].value * NANOSECONDS_PER_MILLISECOND;
}

/* As spec_parse(), from a file. False with an error, and nothing to free, if it can't be read; otherwise DIAGNOSTICS
 * say whether it is sound. */
MUST_USE bool spec_load(struct spec *spec, const char *path, struct diagnostics *diagnostics, struct error *error);

void spec_free(struct spec *spec);

/* "SYN-RECEIVED", "SND.NXT", "PASSIVE". Static storage. */
const char *spec_state_name(enum spec_state state);
const char *spec_variable_name(enum spec_variable variable);
const char *spec_fact_name(enum spec_fact fact);
const char *spec_call_name(enum spec_call call);

#endif
