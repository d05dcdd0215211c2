/* SPDX-License-Identifier: MIT */
#include "engine/words.h"

enum { BYTES_SHOWN_MOST = 64 };

void explain_bytes(struct text *text, struct bytes bytes)
{
    size_t shown = bytes.length > BYTES_SHOWN_MOST ? BYTES_SHOWN_MOST : bytes.length;
    bool printable = true;
    for (size_t i = 0; printable && i < shown; i++)
        printable = bytes.data[i] >= ' ' && bytes.data[i] <= '~' && bytes.data[i] != '"' && bytes.data[i] != '\\';
    if (printable)
        text_append_format(text, "\"%.*s\"", (int)shown, shown == 0 ? "" : (const char *)bytes.data);
    else
        text_append_hex(text, bytes.data, shown);
    if (shown < bytes.length)
        text_append_format(text, "... (%zu bytes)", bytes.length);
}

struct number_word {
    int64_t number;
    const char *word;
};

/* poll() and epoll have the same bits, by other names. */
static const struct number_word poll_bits[] = {
    {0x001, "POLLIN"},   {0x002, "POLLPRI"},    {0x004, "POLLOUT"},    {0x008, "POLLERR"},    {0x010, "POLLHUP"},
    {0x020, "POLLNVAL"}, {0x040, "POLLRDNORM"}, {0x080, "POLLRDBAND"}, {0x100, "POLLWRNORM"}, {0x2000, "POLLRDHUP"},
};

static const struct number_word epoll_bits[] = {
    {0x001, "EPOLLIN"},     {0x002, "EPOLLPRI"},    {0x004, "EPOLLOUT"},    {0x008, "EPOLLERR"},    {0x010, "EPOLLHUP"},
    {0x040, "EPOLLRDNORM"}, {0x080, "EPOLLRDBAND"}, {0x100, "EPOLLWRNORM"}, {0x2000, "EPOLLRDHUP"},
};

static const struct number_word tcp_states[] = {
    {1, "TCP_ESTABLISHED"}, {2, "TCP_SYN_SENT"},  {3, "TCP_SYN_RECV"}, {4, "TCP_FIN_WAIT1"},
    {5, "TCP_FIN_WAIT2"},   {6, "TCP_TIME_WAIT"}, {7, "TCP_CLOSE"},    {8, "TCP_CLOSE_WAIT"},
    {9, "TCP_LAST_ACK"},    {10, "TCP_LISTEN"},   {11, "TCP_CLOSING"}, {12, "TCP_NEW_SYN_RECV"},
};

#define WORDS(array) array, COUNT_OF(array)

static const struct number_words {
    const char *what;
    bool bits; /* any number of them, else exactly one */
    const struct number_word *words;
    size_t count;
} number_words[] = {
    {"revents", true, WORDS(poll_bits)},
    {"events", true, WORDS(epoll_bits)},
    {"tcpi_state", false, WORDS(tcp_states)},
};

static bool explain_bits(struct text *text, const struct number_words *words, int64_t number)
{
    int64_t left = number;
    for (size_t i = 0; i < words->count; i++)
        left &= ~words->words[i].number;
    if (number == 0 || left != 0)
        return false;
    const char *before = "";
    for (size_t i = 0; i < words->count; i++) {
        if ((number & words->words[i].number) == 0)
            continue;
        text_append_format(text, "%s%s", before, words->words[i].word);
        before = "|";
    }
    return true;
}

static bool explain_one(struct text *text, const struct number_words *words, int64_t number)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->words[i].number == number) {
            text_append_string(text, words->words[i].word);
            return true;
        }
    }
    return false;
}

void explain_number(struct text *text, const char *what, int64_t number)
{
    for (size_t i = 0; what != NULL && i < COUNT_OF(number_words); i++) {
        const struct number_words *words = &number_words[i];
        if (strcmp(words->what, what) != 0)
            continue;
        if (words->bits ? explain_bits(text, words, number) : explain_one(text, words, number))
            return;
    }
    text_append_signed(text, number);
}
