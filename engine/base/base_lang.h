/*
 * base_lang.h - the engine's texts in the caller's language.
 *
 * gettext's functions go by the locale of the process, which is the host's; a
 * server answers two requests in two languages at once.  So the engine's
 * catalogues are compiled in (engine/po, msgfmt's .mo files turned into
 * arrays by the build), and a text is looked up by its English form, which
 * xgettext collects from base_fail(), base_log() and GB_N().
 */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include <stdbool.h>

typedef enum base_lang { BASE_LANG_EN = 0, BASE_LANG_ZH = 1 } base_lang;

/* Marks a literal for the catalogue and leaves it as it is. */
#define GB_N(text) (text)

/* "en", "zh", and the like of "zh_CN.UTF-8"; false when unknown. */
bool base_lang_parse(const char *name, base_lang *out);
const char *base_lang_name(base_lang lang);

/* The text in that language, or `english` itself where there is none. */
const char *base_lang_text(base_lang lang, const char *english);

#endif
