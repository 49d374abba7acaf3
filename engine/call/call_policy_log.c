/*
 * call_policy_log.c - see call_policy_log.h.
 */
#include "call_policy_log.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ACTIONS = 200 };
enum { AT_ACTION, AT_PROPENSITY, AT_REWARD, AT_UNIT, N_FIXED };
static const double MAX_PROPENSITY = 1, MIN_PROPENSITY = 1e-9;

/* ---- reading ---- */

static size_t name_columns(policy_log *p, score_column *columns)
{
    const policy_wish *wish = &p->wish;

    columns[AT_ACTION].names[0] = wish->action;
    columns[AT_PROPENSITY].names[0] = wish->propensity;
    columns[AT_REWARD].names[0] = wish->reward;
    columns[AT_UNIT].names[0] = wish->unit;
    for (size_t i = 0; i < wish->n_columns; i++)
        columns[N_FIXED + i].names[0] = wish->columns[i];
    for (size_t i = 0; i < wish->n_strata; i++)
        columns[N_FIXED + wish->n_columns + i].names[0] = wish->strata[i];
    return N_FIXED + wish->n_columns + wish->n_strata;
}

/* Each column that was named must be there, but that of the unit, which has a
 * name of its own where none was given. */
static gb_status find_columns(policy_log *p, base_csv *csv, const char *path,
                              score_column *columns, size_t n)
{
    gb_context *ctx = p->ctx;
    gb_status status = score_heading_read(ctx, csv, path, columns, n, AT_UNIT);

    for (size_t i = N_FIXED; i < n && !status; i++)
        if (columns[i].place == SIZE_MAX)
            status = base_fail(ctx, GB_ERR_DATA,
                               "%s: line 1: there is no column \"%s\"", path,
                               columns[i].names[0]);
    return status;
}

/* The row's figures; false: rejected. */
static bool take_figures(policy_log *p, const base_csv_row *row,
                         const score_column *columns, double *propensity,
                         double *reward)
{
    const char *action = score_field_of(row, &columns[AT_ACTION]);
    const char *chance = score_field_of(row, &columns[AT_PROPENSITY]);
    const char *worth = score_field_of(row, &columns[AT_REWARD]);

    if (!action || !*action)
        score_rejects_add(&p->rejects, row->line, columns[AT_ACTION].names[0],
                          action, GB_N("what was done is needed"));
    else if (!chance || !base_parse_real(chance, propensity)
             || !(*propensity >= MIN_PROPENSITY
                  && *propensity <= MAX_PROPENSITY))
        score_rejects_add(&p->rejects, row->line,
                          columns[AT_PROPENSITY].names[0], chance,
                          GB_N("a probability above 0, at most 1, is needed"));
    else if (!worth || !base_parse_real(worth, reward)
             || fabs(*reward) > 1e15)
        score_rejects_add(&p->rejects, row->line, columns[AT_REWARD].names[0],
                          worth, GB_N("a number is needed"));
    else
        return true;
    return false;
}

static bool has_all_choices(policy_log *p, const base_csv_row *row,
                            const score_column *columns)
{
    for (size_t i = 0; i < p->wish.n_columns; i++) {
        const char *cell = score_field_of(row, &columns[N_FIXED + i]);

        if (cell && *cell)
            continue;
        score_rejects_add(&p->rejects, row->line, p->columns[i].name, cell,
                          GB_N("what the strategy would do is needed"));
        return false;
    }
    return true;
}

/* All fields of the strata as one name. */
static bool take_stratum(policy_log *p, const base_csv_row *row,
                         const score_column *columns, uint32_t *out)
{
    base_text key;
    bool is_taken;

    base_text_init(&key, p->mem);
    for (size_t i = 0; i < p->wish.n_strata; i++) {
        const char *field
            = score_field_of(row, &columns[N_FIXED + p->wish.n_columns + i]);

        base_text_csv(&key, field ? field : "");
        base_text_add(&key, ",");
    }
    is_taken = !key.is_short
               && call_names_number(&p->strata, key.chars ? key.chars : "",
                                    out);
    base_text_clear(&key);
    return is_taken;
}

/* A row without a unit is one of its own. */
static bool take_unit(policy_log *p, const base_csv_row *row,
                      const score_column *columns, uint32_t *out)
{
    const char *unit = score_field_of(row, &columns[AT_UNIT]);
    char own[40];

    snprintf(own, sizeof own, "\n%llu", (unsigned long long)row->line);
    return call_names_number(&p->units, unit && *unit ? unit : own, out);
}

/* False: no memory. */
static bool take_row(policy_log *p, const base_csv_row *row,
                     const score_column *columns)
{
    base_mem *mem = p->mem;
    double propensity = 0, reward = 0;
    uint32_t action, unit, stratum;

    if (!take_figures(p, row, columns, &propensity, &reward)
        || !has_all_choices(p, row, columns))
        return true;
    if (!call_names_number(&p->actions,
                           score_field_of(row, &columns[AT_ACTION]), &action)
        || !take_unit(p, row, columns, &unit)
        || !take_stratum(p, row, columns, &stratum)
        || !base_array_push(mem, &p->action, action)
        || !base_array_push(mem, &p->unit, unit)
        || !base_array_push(mem, &p->stratum, stratum)
        || !base_array_push(mem, &p->propensity, propensity)
        || !base_array_push(mem, &p->reward, reward))
        return false;
    for (size_t i = 0; i < p->wish.n_columns; i++) {
        uint32_t cell;

        if (!call_names_number(&p->columns[i].texts,
                               score_field_of(row, &columns[N_FIXED + i]),
                               &cell)
            || !base_array_push(mem, &p->columns[i].cells, cell))
            return false;
    }
    p->n++;
    return true;
}

static gb_status read_rows(policy_log *p, base_csv *csv, const char *path)
{
    score_column columns[N_FIXED + POLICY_MOST_COLUMNS + POLICY_MOST_STRATA]
        = { 0 };
    const size_t n = name_columns(p, columns);
    base_csv_row row;
    gb_status status = find_columns(p, csv, path, columns, n);

    if (!status)
        status = score_row_next(csv, &row, &p->rejects);
    while (!status && row.found == BASE_CSV_ROW) {
        status = take_row(p, &row, columns) ? GB_OK
                                            : base_fail_nomem(p->ctx);
        if (!status)
            status = score_row_next(csv, &row, &p->rejects);
    }
    p->n_logged = (uint32_t)p->actions.at.n;
    return status;
}

/* ---- strategies as probabilities ---- */

/* "visit", or "visit=.7;sms=.3": the action, or each with its share. */
static gb_status take_share(policy_log *p, const policy_column *s,
                            const char *text, size_t n, double *row)
{
    char name[200];
    const char *equals = memchr(text, '=', n);
    const size_t length = equals ? (size_t)(equals - text) : n;
    double share = 1;
    uint32_t action = 0;

    if (length == 0 || length >= sizeof name || n - length > 40)
        return base_fail(p->ctx, GB_ERR_DATA,
                         "strategy %s: \"%.40s\" is no action", s->name, text);
    if (equals) {
        memcpy(name, equals + 1, n - length - 1);
        name[n - length - 1] = '\0';
        if (!base_parse_real(name, &share) || !(share >= 0 && share <= 1))
            return base_fail(p->ctx, GB_ERR_DATA,
                             "strategy %s: \"%.40s\" is no probability",
                             s->name, name);
    }
    memcpy(name, text, length);
    name[length] = '\0';
    if (!call_names_number(&p->actions, name, &action))
        return base_fail_nomem(p->ctx);
    if (action >= MOST_ACTIONS)
        return base_fail(p->ctx, GB_ERR_DATA,
                         "more than %d actions: are they the right columns?",
                         (int)MOST_ACTIONS);
    row[action] += share;
    return GB_OK;
}

/* What stands in a cell, into a row of MOST_ACTIONS. */
static gb_status take_cell(policy_log *p, const policy_column *s,
                           const char *text, double *row)
{
    double sum = 0;
    gb_status status = GB_OK;

    memset(row, 0, MOST_ACTIONS * sizeof *row);
    while (*text && !status) {
        const size_t n = strcspn(text, ";");

        if (n > 0)
            status = take_share(p, s, text, n, row);
        text += n + (text[n] == ';');
    }
    for (size_t a = 0; a < MOST_ACTIONS; a++)
        sum += row[a];
    if (!status && fabs(sum - 1) > 1e-6)
        status = base_fail(p->ctx, GB_ERR_DATA,
                           "strategy %s: the probabilities of a row are not "
                           "1 in sum", s->name);
    return status;
}

/* First all actions are learnt, as their number is the width of all rows. */
static gb_status learn_actions(policy_log *p)
{
    double row[MOST_ACTIONS];
    gb_status status = GB_OK;

    if (p->actions.at.n > MOST_ACTIONS)
        return base_fail(p->ctx, GB_ERR_DATA,
                         "more than %d actions: are they the right columns?",
                         (int)MOST_ACTIONS);
    for (size_t i = 0; i < p->wish.n_columns && !status; i++)
        for (uint32_t t = 0;
             t < p->columns[i].texts.at.n && !status; t++)
            status = take_cell(p, &p->columns[i],
                               call_names_name(&p->columns[i].texts, t), row);
    return status;
}

size_t policy_log_n_strategies(const policy_log *p)
{
    return p->wish.n_columns + p->n_logged;
}

gb_status policy_log_lay_out(policy_log *p, size_t number, double *out)
{
    const size_t width = p->actions.at.n;
    const policy_column *s = &p->columns[number < p->wish.n_columns ? number : 0];
    double *rows;
    gb_status status = GB_OK;

    memset(out, 0, p->n * width * sizeof *out);
    if (number >= p->wish.n_columns) {
        for (size_t i = 0; i < p->n; i++)
            out[i * width + (number - p->wish.n_columns)] = 1;
        return GB_OK;
    }
    rows = base_alloc_array(p->mem, s->texts.at.n,
                            MOST_ACTIONS * sizeof *rows);
    if (!rows)
        return base_fail_nomem(p->ctx);
    for (uint32_t t = 0; t < s->texts.at.n && !status; t++)
        status = take_cell(p, s, call_names_name(&s->texts, t),
                           rows + t * MOST_ACTIONS);
    for (size_t i = 0; i < p->n && !status; i++)
        memcpy(out + i * width, rows + s->cells.items[i] * MOST_ACTIONS,
               width * sizeof *out);
    base_free(p->mem, rows);
    return status;
}

/* ---- in all ---- */

gb_status policy_log_take(gb_context *ctx, base_csv *csv, const char *path,
                          const policy_wish *wish, policy_log *p)
{
    gb_status status;

    memset(p, 0, sizeof *p);
    p->ctx = ctx;
    p->mem = ctx->mem;
    p->wish = *wish;
    call_names_init(&p->actions, p->mem);
    call_names_init(&p->units, p->mem);
    call_names_init(&p->strata, p->mem);
    for (size_t i = 0; i < wish->n_columns; i++) {
        p->columns[i].name = wish->columns[i];
        call_names_init(&p->columns[i].texts, p->mem);
    }
    status = read_rows(p, csv, path);
    return status ? status : learn_actions(p);
}

void policy_log_clear(policy_log *p)
{
    base_mem *mem = p->mem;

    for (size_t i = 0; i < p->wish.n_columns; i++) {
        base_array_clear(mem, &p->columns[i].cells);
        call_names_clear(&p->columns[i].texts);
    }
    call_names_clear(&p->actions);
    call_names_clear(&p->units);
    call_names_clear(&p->strata);
    base_array_clear(mem, &p->action);
    base_array_clear(mem, &p->unit);
    base_array_clear(mem, &p->stratum);
    base_array_clear(mem, &p->propensity);
    base_array_clear(mem, &p->reward);
}
