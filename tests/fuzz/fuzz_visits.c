/*
 * Visits as CSV: each row is told of once at most, and what is taken is of a
 * slot and a kind of day, in the order of days.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_visits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check(const visits *v)
{
    must(v->all.n + v->n_outside + v->rejects.n_rejected == v->rejects.n_rows);
    for (size_t i = 0; i < v->all.n; i++) {
        const visit *one = &v->all.items[i];

        must(one->band < VISIT_KINDS * v->n_slots && one->is_met <= 1);
        must(i == 0 || v->all.items[i - 1].day <= one->day);
        must(one->customer == VISIT_NONE
             || *call_names_name(&v->customers, one->customer));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    base_csv *csv;
    uint8_t *copy;
    visits v;
    FILE *in;

    if (size < 1)
        return 0;
    copy = malloc(size);
    must(copy && gb_context_new(NULL, &ctx) == GB_OK);
    memcpy(copy, data, size);
    in = fmemopen(copy, size, "rb");
    must(in != NULL);
    visits_init(&v, ctx->mem);
    v.n_slots = 3;
    for (int32_t i = 0; i <= 3; i++)
        v.borders_s[i] = 28800 + 14400 * i;
    if (base_csv_take(ctx, in, (int64_t)size, &csv) == GB_OK) {
        if (visits_take(ctx, csv, "bytes", &v) == GB_OK)
            check(&v);
        base_csv_close(csv);
    }
    visits_clear(&v);
    gb_context_free(ctx);
    free(copy);
    return 0;
}
