/*
 * Lists of neighbours from outside.  What is taken are lists of areas of the
 * file, none twice or of its own, and every neighbour is counted once, as one
 * or as a bad one.
 */
#include <stdlib.h>
#include <string.h>

#include "call_gal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check(const gal *lists, const score_rejects *rejects)
{
    must(lists->first[0] == 0
         && lists->first[lists->n] + rejects->n_rejected == rejects->n_rows);
    for (size_t i = 0; i < lists->n; i++) {
        must(gal_find(lists, lists->ids[i]) == i);
        must(lists->first[i] <= lists->first[i + 1]);
        for (uint32_t k = lists->first[i]; k < lists->first[i + 1]; k++) {
            must(lists->areas[k] < lists->n && lists->areas[k] != i);
            for (uint32_t q = lists->first[i]; q < k; q++)
                must(lists->areas[q] != lists->areas[k]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    score_rejects rejects;
    gal lists;
    char *text = malloc(size + 1);

    must(text && gb_context_new(NULL, &ctx) == GB_OK);
    memcpy(text, data, size);
    text[size] = '\0';
    if (gal_parse(ctx, text, "bytes", &lists, &rejects) == GB_OK) {
        check(&lists, &rejects);
        gal_clear(&lists);
    }
    gb_context_free(ctx);
    free(text);
    return 0;
}
