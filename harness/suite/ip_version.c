/* SPDX-License-Identifier: MIT */
#include "suite/ip_version.h"

#include "base/character.h"

static const struct {
    const char *word;
    const char *name;
    ip_versions versions;
} rows[] = {
    [IP_VERSION_IPV4] = {"4", "ipv4", 1 << IP_VERSION_IPV4},
    [IP_VERSION_IPV6] = {"6", "ipv6", 1 << IP_VERSION_IPV6},
    [IP_VERSION_IPV4_MAPPED] = {"mapped", "mapped", 1 << IP_VERSION_IPV4_MAPPED},
    [IP_VERSION_COUNT] = {"all", "all", IP_VERSIONS_ALL},
};

static bool ip_versions_word(const char *word, size_t length, ip_versions *versions)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strlen(rows[i].word) == length && memcmp(rows[i].word, word, length) == 0) {
            *versions |= rows[i].versions;
            return true;
        }
    }
    return false;
}

static bool is_separator(char character)
{
    return character == ',' || character_is_blank(character);
}

bool ip_versions_parse(const char *string, size_t length, ip_versions *versions)
{
    ip_versions found = 0;
    size_t at = 0;
    while (at < length) {
        size_t start = at;
        while (at < length && !is_separator(string[at]))
            at++;
        if (at > start && !ip_versions_word(string + start, at - start, &found))
            return false;
        while (at < length && is_separator(string[at]))
            at++;
    }
    if (found == 0)
        return false;
    *versions = found;
    return true;
}

const char *ip_version_word(int version)
{
    INVARIANT(version >= 0 && version < IP_VERSION_COUNT);
    return rows[version].word;
}

const char *ip_version_name(int version)
{
    INVARIANT(version >= 0 && version < IP_VERSION_COUNT);
    return rows[version].name;
}
