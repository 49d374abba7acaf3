/*
 * Weighted places from outside: the first byte says whether they are planar,
 * the rest is the file.  What comes out is finite, and every row is counted
 * once, as a place or as a bad one.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_weighted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check(const call_weighted *p)
{
    must(p->n + p->n_bad == p->n_rows && p->n_told <= p->n_bad);
    for (size_t i = 0; i < p->n; i++)
        must(isfinite(p->at[i].lon_deg) && isfinite(p->at[i].lat_deg)
             && (!p->weights || isfinite(p->weights[i])));
    for (size_t i = 0; i < p->n_told; i++)
        must(p->told[i].line > 0 && p->told[i].column && p->told[i].why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    call_weighted points;
    base_csv *csv;
    uint8_t *copy;
    FILE *in;

    if (size < 2)
        return 0;
    copy = malloc(size - 1);
    must(copy && gb_context_new(NULL, &ctx) == GB_OK);
    memcpy(copy, data + 1, size - 1);
    in = fmemopen(copy, size - 1, "rb");
    must(in != NULL);
    if (base_csv_take(ctx, in, (int64_t)size - 1, &csv) == GB_OK) {
        if (call_weighted_take(ctx, csv, "bytes", data[0] & 1, &points)
            == GB_OK)
            check(&points);
        call_weighted_clear(ctx->mem, &points);
        base_csv_close(csv);
    }
    gb_context_free(ctx);
    free(copy);
    return 0;
}
