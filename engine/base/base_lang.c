/*
 * base_lang.c - see base_lang.h.
 *
 * A .mo file is a header of seven 32-bit words, then two tables of (length,
 * offset) pairs: the originals in strcmp order, and the translations in the
 * same order (GNU gettext manual, "The Format of GNU MO Files").  The one
 * compiled in was written by msgfmt for this machine: its byte order is ours.
 */
#include "base_lang.h"

#include <stdint.h>
#include <string.h>

extern const unsigned char gb_catalogue_zh[];

typedef struct mo_header {
    uint32_t magic, revision, n, originals, translations;
} mo_header;

static const char *mo_string(const unsigned char *mo, uint32_t table,
                             uint32_t i)
{
    uint32_t entry[2]; /* length, offset */

    memcpy(entry, mo + table + (size_t)i * sizeof entry, sizeof entry);
    return (const char *)mo + entry[1];
}

static const char *mo_find(const unsigned char *mo, const char *english)
{
    mo_header header;
    uint32_t low = 0, high;

    memcpy(&header, mo, sizeof header);
    high = header.n;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order
            = strcmp(english, mo_string(mo, header.originals, middle));

        if (order == 0)
            return mo_string(mo, header.translations, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool base_lang_parse(const char *name, base_lang *out)
{
    static const struct {
        const char *name;
        base_lang lang;
    } known[] = { { "en", BASE_LANG_EN }, { "zh", BASE_LANG_ZH } };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(name, known[i].name, 2) == 0
            && strchr("_.-@", name[2]) != NULL) { /* also matches the end */
            *out = known[i].lang;
            return true;
        }
    return false;
}

const char *base_lang_name(base_lang lang)
{
    return lang == BASE_LANG_ZH ? "zh" : "en";
}

const char *base_lang_text(base_lang lang, const char *english)
{
    const char *found = NULL;

    if (lang == BASE_LANG_ZH && english[0] != '\0')
        found = mo_find(gb_catalogue_zh, english);
    return found && found[0] != '\0' ? found : english;
}
