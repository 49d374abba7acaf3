/*
 * A log of what was done, as CSV: each row is told of once at most, and what
 * is taken is compared, each strategy being probabilities that are 1 in sum.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gridbeat/policy.h>

#include "call_policy_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void compare(gb_context *ctx, policy_log *log)
{
    const size_t width = log->actions.at.n;
    double *rows = malloc(log->n * width * sizeof *rows);
    const gb_policy policy = { sizeof policy, NULL, rows };
    const gb_policy_log given = { sizeof given, log->n, (uint32_t)width,
                                  log->action.items, log->propensity.items,
                                  log->reward.items, NULL, log->unit.items };

    must(rows != NULL);
    for (size_t s = 0; s < policy_log_n_strategies(log); s++) {
        gb_policy_figures f = { .size = sizeof f };

        must(policy_log_lay_out(log, s, rows) == GB_OK);
        must(gb_policy_evaluate(ctx, &given, &policy, NULL, &f) == GB_OK);
        must(isfinite(f.inverse.value) && f.n_rows == log->n);
    }
    free(rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const policy_wish wish = { "action", "propensity", "reward", "customer",
                               { "wish" }, { "segment" }, 1, 1 };
    gb_context *ctx = NULL;
    policy_log log;
    base_csv *csv;
    uint8_t *copy;
    FILE *in;

    if (size < 1)
        return 0;
    copy = malloc(size);
    must(copy && gb_context_new(NULL, &ctx) == GB_OK);
    memcpy(copy, data, size);
    in = fmemopen(copy, size, "rb");
    must(in != NULL);
    if (base_csv_take(ctx, in, (int64_t)size, &csv) == GB_OK) {
        const gb_status status
            = policy_log_take(ctx, csv, "bytes", &wish, &log);

        if (status == GB_OK) {
            must(log.n + log.rejects.n_rejected == log.rejects.n_rows);
            if (log.n > 0)
                compare(ctx, &log);
        }
        policy_log_clear(&log);
        base_csv_close(csv);
    }
    gb_context_free(ctx);
    free(copy);
    return 0;
}
