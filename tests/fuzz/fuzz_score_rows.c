/*
 * Transactions (first byte l) or customers as CSV: each row is told of once at
 * most, and what is taken goes through the models.
 */
#include "call_score_rows.h"

#include <gridbeat/behaviour.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(true_)                                                           \
    do {                                                                      \
        if (!(true_)) {                                                       \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #true_);       \
            abort();                                                          \
        }                                                                     \
    } while (0)

static void hold_rejects(const score_rejects *r)
{
    must(r->n_rejected <= r->n_rows && r->n_told <= r->n_rejected);
    for (size_t i = 0; i < r->n_told; i++) {
        must(r->told[i].why != NULL);
        must(i == 0 || r->told[i].line > r->told[i - 1].line);
    }
}

static void fit(gb_context *ctx, const gb_behaviour_rows *rows)
{
    const gb_behaviour_options options = { sizeof options, 5, 0 };
    gb_behaviour_model model = GB_BEHAVIOUR_MODEL_INIT;
    gb_behaviour_outlook out = GB_BEHAVIOUR_OUTLOOK_INIT;
    gb_status status;

    if (rows->n == 0 || rows->n > 50)
        return;
    out.p_any = calloc(rows->n, sizeof *out.p_any);
    must(out.p_any != NULL);
    for (int32_t kind = 0; kind < 3; kind++) {
        status = gb_behaviour_fit(ctx, kind, rows, &options, &model);
        must(status == GB_OK || status == GB_ERR_DATA);
        if (status)
            continue;
        must(gb_behaviour_predict(ctx, &model, rows, 1, &out) == GB_OK);
        for (size_t i = 0; i < rows->n; i++)
            must(out.p_any[i] >= 0 && out.p_any[i] <= 1);
    }
    free(out.p_any);
}

static void try_customers(gb_context *ctx, base_csv *csv)
{
    score_customers c;
    score_rejects rejects;

    if (score_customers_read(ctx, ctx->mem, csv, "bytes", SCORE_WANTS_TIMES,
                             &c, &rejects) == GB_OK) {
        const gb_behaviour_rows rows
            = { sizeof rows, c.n, c.x, c.t_x, c.T, NULL };

        hold_rejects(&rejects);
        must(c.n + rejects.n_rejected == rejects.n_rows);
        fit(ctx, &rows);
        score_customers_clear(ctx->mem, &c);
    }
}

static void try_log(gb_context *ctx, base_csv *csv)
{
    score_log log;
    score_rejects rejects;
    double *sums;

    if (score_log_read(ctx, ctx->mem, csv, "bytes", &log, &rejects) != GB_OK)
        return;
    hold_rejects(&rejects);
    must(log.n + log.n_not_theirs + rejects.n_rejected == rejects.n_rows);
    sums = calloc(3 * log.n_customers + 1, sizeof *sums);
    must(sums != NULL);
    {
        const size_t n = log.n_customers;
        const gb_behaviour_events events
            = { sizeof events, log.n, n, log.customer, log.day, log.amount };
        const gb_behaviour_summary out
            = { sizeof out, sums, sums + n, sums + 2 * n, NULL };
        const gb_behaviour_rows rows
            = { sizeof rows, n, sums, sums + n, sums + 2 * n, NULL };

        must(gb_behaviour_summarize(ctx, &events, log.last_day, 7, &out)
             == GB_OK);
        fit(ctx, &rows);
    }
    free(sums);
    score_log_clear(ctx->mem, &log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
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
        if (data[0] == 'l')
            try_log(ctx, csv);
        else
            try_customers(ctx, csv);
        base_csv_close(csv);
    }
    gb_context_free(ctx);
    free(copy);
    return 0;
}
