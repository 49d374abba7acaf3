/*
 * plan_measure.c - see plan_measure.h.
 */
#include "plan_measure.h"

#include <stdlib.h>
#include <string.h>

#include "base_text.h"

const char *const plan_activity_names[PLAN_N_ACTIVITIES]
    = { "workload", "targets", "value", "customers" };

enum { LONGEST = 64 };

/* 10%, or 0.1; above 0, at most 1. */
static bool read_ratio(const char *text, double *out)
{
    char number[LONGEST];
    size_t n = strlen(text);
    const bool is_percent = n > 1 && text[n - 1] == '%';

    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, text, n + 1);
    if (is_percent)
        number[n - 1] = '\0';
    if (!base_parse_real(number, out))
        return false;
    if (is_percent)
        *out /= 100;
    return *out > 0 && *out <= 1;
}

static size_t activity_named(const char *name)
{
    size_t k = 0;

    while (k < PLAN_N_ACTIVITIES && strcmp(plan_activity_names[k], name) != 0)
        k++;
    return k;
}

/* One piece, "name" or "name=tolerance". */
static gb_status take_piece(gb_context *ctx, char *piece, double tolerance,
                            plan_measures *out)
{
    char *equals = strchr(piece, '=');
    size_t which;

    if (equals)
        *equals = '\0';
    which = activity_named(piece);
    if (which == PLAN_N_ACTIVITIES)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "\"%s\" is no measure; there are workload, targets, "
                         "value and customers",
                         piece);
    for (size_t i = 0; i < out->n; i++)
        if (out->which[i] == which)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "the measure \"%s\" is named twice", piece);
    if (equals && !read_ratio(equals + 1, &tolerance))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "\"%s\" is no tolerance of %s; one is written 10%% "
                         "or 0.1",
                         equals + 1, piece);
    out->which[out->n] = (plan_activity)which;
    out->tolerances[out->n++] = tolerance;
    return GB_OK;
}

gb_status plan_measures_parse(gb_context *ctx, const char *text,
                              double tolerance, plan_measures *out)
{
    gb_status status = GB_OK;

    memset(out, 0, sizeof *out);
    if (!text)
        text = plan_activity_names[PLAN_WORKLOAD];
    for (;;) {
        const size_t n = strcspn(text, ",");
        char piece[LONGEST];

        if (n >= sizeof piece)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "\"%.40s...\" is no measure", text);
        memcpy(piece, text, n);
        piece[n] = '\0';
        status = take_piece(ctx, piece, tolerance, out);
        if (status || text[n] == '\0')
            return status;
        text += n + 1;
    }
}
