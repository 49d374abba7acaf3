/*
 * store_tag.h - the dictionary of tags: read from JSON, written, listed, held
 * against what customers have.
 */
#ifndef STORE_TAG_H
#define STORE_TAG_H

#include "store_segment.h"

typedef struct store_tag_entry {
    const char *tag;
    const char *title_zh, *title_en; /* NULL: stays as it was */
    const char *values;              /* separated by ';'; NULL: stays */
    bool has_values;                 /* "" of `values` then takes none */
} store_tag_entry;

typedef struct store_tag_entries {
    base_arena arena;
    store_tag_entry *items;
    size_t n;
} store_tag_entries;

/* GB_ERR_PARSE names the tag or the place. */
gb_status store_tags_read(gb_context *ctx, const char *json,
                          store_tag_entries *out);
void store_tags_clear(store_tag_entries *entries); /* a zeroed one as well */

gb_status store_tags_define(gb_workspace *ws,
                            const store_tag_entries *entries,
                            store_answer *answer);
gb_status store_tags_list(gb_workspace *ws, store_scope scope,
                          const char *tag, store_answer *answer);
gb_status store_tags_check(gb_workspace *ws, store_scope scope,
                           store_answer *answer);

/* The nearest of words separated by ';', into the buffer; NULL: none near. */
const char *store_nearest_of_list(const char *word, const char *list,
                                  char buffer[256]);

#endif
