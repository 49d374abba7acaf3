/*
 * plan_score.c - see plan_score.h.
 */
#include "plan_score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_check.h"
#include "base_text.h"
#include "plan_density.h"
#include "plan_spots.h"
#include "plan_value.h"

enum { MATURING_DAYS = 30 };

/* In the order of fill_row(). */
static const char *const columns[]
    = { "balance_fen", "peak_24m_fen", "lift_fen", "months_dormant",
        "days_to_maturity", "maturing_fen", "n_products", "tenure_months",
        "fees_12m_fen", "days_to_promise" };

static double months_from(int32_t day, int32_t to)
{
    if (day == STORE_NO_DAY)
        return NAN;
    return store_months_between(store_date_of(day), store_date_of(to));
}

static void fill_row(const store_target *t, int32_t on, double *row)
{
    const int64_t lift = t->peak_24m_fen - t->balance_fen;
    const bool matures = t->next_maturity_on != STORE_NO_DAY;
    const int32_t days = matures ? t->next_maturity_on - on : 0;

    row[0] = (double)t->balance_fen;
    row[1] = (double)t->peak_24m_fen;
    row[2] = lift > 0 ? (double)lift : 0;
    row[3] = months_from(t->last_txn_on, on);
    row[4] = matures ? (double)days : (double)NAN;
    row[5] = matures && days <= MATURING_DAYS ? (double)t->next_maturity_fen
                                              : 0;
    row[6] = t->n_products;
    row[7] = months_from(t->opened_on, on);
    row[8] = t->has_fees ? (double)t->fees_12m_fen : (double)NAN;
    row[9] = t->promised_on == STORE_NO_DAY ? (double)NAN
                                            : t->promised_on - on;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All tags in use, each once, in byte order. */
static gb_status fill_tags(plan_data *data, plan_table *out)
{
    const store_targets *targets = &data->targets;
    const char **names = base_alloc_array(data->run->mem, targets->n_tags + 1,
                                          sizeof *names);
    size_t n = 0;

    out->tags = names;
    out->row_tags = base_alloc_array(data->run->mem, targets->n_tags,
                                     sizeof *out->row_tags);
    if (!names || !out->row_tags)
        return base_fail_nomem(data->run->ctx);
    if (targets->n_tags > 0)
        memcpy(names, targets->tags, targets->n_tags * sizeof *names);
    qsort(names, targets->n_tags, sizeof *names, by_text);
    for (size_t i = 0; i < targets->n_tags; i++)
        if (n == 0 || strcmp(names[n - 1], names[i]) != 0)
            names[n++] = names[i];
    for (size_t i = 0; i < targets->n_tags; i++) {
        const char *const *found = bsearch(&targets->tags[i], names, n,
                                           sizeof *names, by_text);

        out->row_tags[i] = (uint32_t)(found - (const char *const *)names);
    }
    out->table.n_tags = n;
    return GB_OK;
}

gb_status plan_table_fill(plan_data *data, plan_table *out)
{
    const store_targets *targets = &data->targets;
    const size_t n_columns = COUNT_OF(columns);
    gb_status status;

    memset(out, 0, sizeof *out);
    out->values = base_alloc_array(data->run->mem, targets->n * n_columns,
                                   sizeof *out->values);
    out->row_first_tag = base_alloc_array(data->run->mem, targets->n + 1,
                                          sizeof *out->row_first_tag);
    if (!out->values || !out->row_first_tag)
        return base_fail_nomem(data->run->ctx);
    status = fill_tags(data, out);
    if (status)
        return status;
    out->row_first_tag[0] = 0;
    for (size_t t = 0; t < targets->n; t++) {
        fill_row(&targets->items[t], data->settings->on,
                 out->values + t * n_columns);
        /* the loader lays the tags out in the order of the targets */
        out->row_first_tag[t + 1]
            = out->row_first_tag[t] + targets->items[t].n_tags;
    }
    out->table.size = sizeof out->table;
    out->table.n_rows = targets->n;
    out->table.n_columns = n_columns;
    out->table.columns = columns;
    out->table.values = out->values;
    out->table.tags = out->tags;
    out->table.row_first_tag = out->row_first_tag;
    out->table.row_tags = out->row_tags;
    return GB_OK;
}

void plan_table_move(const plan_data *data, plan_table *table, int32_t on)
{
    for (size_t t = 0; t < data->targets.n; t++)
        fill_row(&data->targets.items[t], on,
                 table->values + t * COUNT_OF(columns));
}

void plan_table_clear(plan_data *data, plan_table *table)
{
    base_free(data->run->mem, table->values);
    base_free(data->run->mem, table->tags);
    base_free(data->run->mem, table->row_first_tag);
    base_free(data->run->mem, table->row_tags);
    memset(table, 0, sizeof *table);
}

gb_status plan_card(plan_data *data, gb_score_card **out)
{
    const char *json = data->settings->given.card
                           ? data->settings->given.card
                           : gb_score_card_shipped();

    return plan_take(data, gb_score_card_parse(&data->quiet, json,
                                               strlen(json), out));
}

typedef struct scored {
    int32_t *parts;
    int64_t *points, *wide_parts, *customers;
    const char **names;
} scored;

static gb_status save_scores(plan_data *data, const gb_score_card *card,
                             const plan_table *table, scored *s)
{
    const char *json = data->settings->given.card;
    const size_t n = data->targets.n;
    const size_t n_parts = gb_score_card_n_factors(card);
    store_scores rows = { .on = data->settings->on, .n = n,
                          .n_parts = n_parts };

    s->wide_parts = base_alloc_array(data->run->mem, n * n_parts,
                                     sizeof *s->wide_parts);
    s->customers
        = base_alloc_array(data->run->mem, n, sizeof *s->customers);
    s->names = base_alloc_array(data->run->mem, n_parts, sizeof *s->names);
    if (!s->wide_parts || !s->customers || !s->names)
        return base_fail_nomem(data->run->ctx);
    for (size_t f = 0; f < n_parts; f++)
        s->names[f] = gb_score_card_factor(card, f);
    for (size_t t = 0; t < n; t++)
        s->customers[t] = data->targets.items[t].id;
    for (size_t i = 0; i < n * n_parts; i++)
        s->wide_parts[i] = s->parts[i];
    rows.part_names = s->names;
    rows.customers = s->customers;
    rows.values = s->points;
    rows.parts = s->wide_parts;
    rows.card_json = json ? json : gb_score_card_shipped();
    rows.n_columns = table->table.n_columns;
    rows.columns = table->table.columns;
    rows.seen = table->values;
    return store_save_scores(data->ws, &rows);
}

static gb_status score_targets(plan_data *data, const gb_score_card *card,
                               scored *s)
{
    plan_table table;
    gb_status status = plan_table_fill(data, &table);

    s->points
        = base_alloc_array(data->run->mem, data->targets.n, sizeof *s->points);
    s->parts = base_alloc_array(
        data->run->mem, data->targets.n * gb_score_card_n_factors(card),
        sizeof *s->parts);
    if (!status && (!s->points || !s->parts))
        status = base_fail_nomem(data->run->ctx);
    if (!status)
        status = plan_take(data, gb_score_card_apply(&data->quiet, card,
                                                     &table.table, s->parts,
                                                     s->points));
    if (!status)
        status = plan_value_targets(data, card, &table.table, s->points);
    if (!status)
        status = save_scores(data, card, &table, s);
    plan_table_clear(data, &table);
    for (size_t t = 0; t < data->targets.n && !status; t++)
        data->targets.items[t].score = s->points[t];
    return status;
}

gb_status plan_score(plan_data *data, json_t **result)
{
    scored s = { 0 };
    gb_score_card *card = NULL;
    json_t *density = NULL, *spots = NULL;
    int64_t sum = 0, highest = 0;
    gb_status status = plan_card(data, &card);

    if (!status)
        status = plan_value_calibrate(data);
    if (!status)
        status = score_targets(data, card, &s);
    for (size_t t = 0; t < data->targets.n && !status; t++) {
        sum += s.points[t];
        highest = s.points[t] > highest ? s.points[t] : highest;
    }
    if (!status)
        status = plan_density(data, &density);
    if (!status)
        status = plan_spots(data, &spots);
    if (!status)
        status = plan_json(
            data->run,
            json_pack("{s:I, s:I, s:I, s:O, s:O}", "targets",
                      (json_int_t)data->targets.n, "points", (json_int_t)sum,
                      "highest", (json_int_t)highest, "density", density,
                      "spots", spots),
            result);
    json_decref(density);
    json_decref(spots);
    gb_score_card_free(card);
    base_free(data->run->mem, s.parts);
    base_free(data->run->mem, s.points);
    base_free(data->run->mem, s.wide_parts);
    base_free(data->run->mem, s.customers);
    base_free(data->run->mem, s.names);
    return status;
}
