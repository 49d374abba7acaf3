/*
 * Dictionaries of tags from outside.  What is taken has names and values that
 * can be told apart where they stand in one cell of a file.
 */
#include <stdlib.h>
#include <string.h>

#include "store_tag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check(const store_tag_entries *entries)
{
    must(entries->n > 0);
    for (size_t i = 0; i < entries->n; i++) {
        const store_tag_entry *e = &entries->items[i];

        must(e->tag[0] && !strpbrk(e->tag, ";="));
        must(e->has_values == (e->values != NULL));
        for (size_t k = 0; k < i; k++)
            must(strcmp(entries->items[k].tag, e->tag) != 0);
        must(!e->values || (!strstr(e->values, ";;") && e->values[0] != ';'
                            && !strchr(e->values, '=')));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    store_tag_entries entries;
    char *text = malloc(size + 1), buffer[256];

    must(text && gb_context_new(NULL, &ctx) == GB_OK);
    memcpy(text, data, size);
    text[size] = '\0';
    if (store_tags_read(ctx, text, &entries) == GB_OK) {
        check(&entries);
        store_tags_clear(&entries);
    }
    store_nearest_of_list("food", text, buffer);
    gb_context_free(ctx);
    free(text);
    return 0;
}
