/*
 * call_score_rows.c - see call_score_rows.h.
 */
#include "call_score_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "store_date.h"

static const double MOST_AMOUNT = 1e15;

static const char *const NOT_NUMBER = GB_N("not a number");

static bool add_id(base_text *ids, const char *id, uint64_t line)
{
    if (id)
        base_text_add(ids, id);
    else
        base_text_format(ids, "line:%llu", (unsigned long long)line);
    base_text_append(ids, "", 1);
    return !ids->is_short;
}

/* ---- customers ---- */

enum { COLUMN_X, COLUMN_TX, COLUMN_T, COLUMN_M, COLUMN_ID, N_COLUMNS };

typedef struct customers_growing {
    BASE_ARRAY(double) figures[4];
    BASE_ARRAY(size_t) id_at;
    BASE_ARRAY(size_t) kept_at;
    size_t n_columns; /* of the heading */
} customers_growing;

static const char *check_figures(const double f[4], score_wanted wanted,
                                 int *which)
{
    *which = COLUMN_X;
    if (!(f[COLUMN_X] >= 0 && f[COLUMN_X] <= 1e9)
        || f[COLUMN_X] > floor(f[COLUMN_X]))
        return GB_N("a whole number from 0 to 1e9 is needed");
    *which = COLUMN_M;
    if (!(fabs(f[COLUMN_M]) <= MOST_AMOUNT)
        || ((wanted & SCORE_WANTS_AMOUNTS) && f[COLUMN_M] < 0))
        return GB_N("an amount from 0 to 1e15 is needed");
    if (!(wanted & SCORE_WANTS_TIMES))
        return NULL;
    *which = COLUMN_T;
    if (!(f[COLUMN_T] >= 0 && f[COLUMN_T] <= 1e12))
        return GB_N("a time from 0 to 1e12 is needed");
    *which = COLUMN_TX;
    if (!(f[COLUMN_TX] >= 0 && f[COLUMN_TX] <= f[COLUMN_T]))
        return GB_N("the last transaction must lie between the first and the "
                    "end: a time from 0 to T is needed");
    if (f[COLUMN_X] < 1 && f[COLUMN_TX] > 0)
        return GB_N("who has no repeats has 0 here");
    return NULL;
}

/* A row's figures; absent columns are 0. */
static bool take_figures(const base_csv_row *row, const score_column *columns,
                         score_wanted wanted, double f[4],
                         score_rejects *rejects)
{
    const char *why;
    int which;

    for (int i = 0; i < 4; i++) {
        const char *text = score_field_of(row, &columns[i]);

        f[i] = 0;
        if (columns[i].place == SIZE_MAX
            || (i == COLUMN_M && text && !*text
                && (!(wanted & SCORE_WANTS_AMOUNTS) || f[COLUMN_X] < 1)))
            continue;
        if (!text || !base_parse_real(text, &f[i])) {
            score_rejects_add(rejects, row->line, columns[i].names[0], text,
                              NOT_NUMBER);
            return false;
        }
    }
    why = check_figures(f, wanted, &which);
    if (why)
        score_rejects_add(rejects, row->line, columns[which].names[0],
                          score_field_of(row, &columns[which]), why);
    return !why;
}

static void hand_over_customers(customers_growing *g,
                                const score_column *columns,
                                score_customers *out)
{
    double **const to[] = { &out->x, &out->t_x, &out->T, &out->m };

    for (int i = 0; i < 4; i++) {
        out->n = g->id_at.n;
        if (columns[i].place == SIZE_MAX)
            continue;
        *to[i] = g->figures[i].items;
        g->figures[i].items = NULL;
    }
    out->id_at = g->id_at.items;
    g->id_at.items = NULL;
    out->kept_at = g->kept_at.items;
    g->kept_at.items = NULL;
}

/* The row as it stands, with as many fields as the heading. */
static bool keep_row(base_mem *mem, customers_growing *g, base_text *kept,
                     const base_csv_row *row)
{
    if (!base_array_push(mem, &g->kept_at, kept->n))
        return false;
    for (size_t i = 0; i < g->n_columns; i++) {
        base_text_add(kept, i ? "," : "");
        base_text_csv(kept, i < row->n_fields ? row->fields[i] : "");
    }
    base_text_append(kept, "", 1);
    return !kept->is_short;
}

static bool keep_figures(base_mem *mem, customers_growing *g,
                         const double f[4])
{
    for (int i = 0; i < 4; i++)
        if (!base_array_push(mem, &g->figures[i], f[i]))
            return false;
    return true;
}

static size_t count_columns(const base_text *heading)
{
    bool is_quoted = false;
    size_t n = 1;

    for (size_t i = 0; i < heading->n; i++) {
        is_quoted ^= heading->chars[i] == '"';
        n += !is_quoted && heading->chars[i] == ',';
    }
    return n;
}

gb_status score_customers_read(gb_context *ctx, base_mem *mem, base_csv *csv,
                               const char *path, score_wanted wanted,
                               score_customers *out, score_rejects *rejects)
{
    score_column columns[N_COLUMNS] = {
        { { "x", "frequency" }, 0 },
        { { "t_x", "recency" }, 0 },
        { { "T" }, 0 },
        { { "m", "zbar", "mean", "monetary_value", "amount" }, 0 },
        { { "id", "customer", "customer_id", "ref" }, 0 },
    };
    customers_growing g = { .id_at = BASE_ARRAY_INIT };
    gb_status status;

    memset(out, 0, sizeof *out);
    memset(rejects, 0, sizeof *rejects);
    base_text_init(&out->ids, mem);
    base_text_init(&out->heading, mem);
    base_text_init(&out->kept, mem);
    status = score_heading_keep(ctx, csv, path, columns, N_COLUMNS,
                                wanted & SCORE_WANTS_TIMES ? COLUMN_T + 1 : 1,
                                wanted & SCORE_KEEPS_ROWS ? &out->heading
                                                          : NULL);
    g.n_columns = count_columns(&out->heading);
    if (!status && (wanted & SCORE_WANTS_AMOUNTS)
        && columns[COLUMN_M].place == SIZE_MAX)
        status = base_fail(ctx, GB_ERR_DATA,
                           "%s: line 1: there is no column \"%s\"", path, "m");
    while (!status) {
        base_csv_row row;
        double f[4];

        status = score_row_next(csv, &row, rejects);
        if (status || row.found == BASE_CSV_END)
            break;
        if (!take_figures(&row, columns, wanted, f, rejects))
            continue;
        if (!keep_figures(mem, &g, f)
            || !base_array_push(mem, &g.id_at, out->ids.n)
            || !add_id(&out->ids, score_field_of(&row, &columns[COLUMN_ID]),
                       row.line)
            || ((wanted & SCORE_KEEPS_ROWS)
                && !keep_row(mem, &g, &out->kept, &row)))
            status = base_fail_nomem(ctx);
    }
    if (!status)
        hand_over_customers(&g, columns, out);
    for (int i = 0; i < 4; i++)
        base_array_clear(mem, &g.figures[i]);
    base_array_clear(mem, &g.id_at);
    base_array_clear(mem, &g.kept_at);
    if (status)
        score_customers_clear(mem, out);
    return status;
}

void score_customers_clear(base_mem *mem, score_customers *customers)
{
    base_free(mem, customers->x);
    base_free(mem, customers->t_x);
    base_free(mem, customers->T);
    base_free(mem, customers->m);
    base_free(mem, customers->id_at);
    base_free(mem, customers->kept_at);
    base_text_clear(&customers->ids);
    base_text_clear(&customers->heading);
    base_text_clear(&customers->kept);
    memset(customers, 0, sizeof *customers);
}

/* ---- transactions ---- */

enum { LOG_ID, LOG_DATE, LOG_AMOUNT, LOG_STARTED, N_LOG };

typedef struct log_growing {
    BASE_ARRAY(uint32_t) customer;
    BASE_ARRAY(int32_t) day;
    BASE_ARRAY(double) amount;
} log_growing;

bool score_day_parse(const char *text, int32_t *day)
{
    const size_t n = strlen(text);
    char dashed[11];
    store_date date;

    if (n == 8 && strspn(text, "0123456789") == 8) {
        memcpy(dashed, text, 4);
        memcpy(dashed + 5, text + 4, 2);
        memcpy(dashed + 8, text + 6, 2);
        dashed[4] = dashed[7] = '-';
        text = dashed;
    } else if (n < 10 || (n > 10 && text[10] != ' ' && text[10] != 'T')) {
        return false;
    }
    if (!store_date_parse(text, 10, &date))
        return false;
    *day = store_day_of(date);
    return true;
}

static bool is_theirs(const char *started)
{
    return strcasecmp(started, "customer") == 0 || strcmp(started, "1") == 0
           || strcasecmp(started, "true") == 0 || strcmp(started, "客户") == 0;
}

/* The figures of a row; false: rejected. */
static bool take_event(const base_csv_row *row, const score_column *columns,
                       int32_t *day, double *amount, score_rejects *rejects)
{
    const char *id = score_field_of(row, &columns[LOG_ID]);
    const char *date = score_field_of(row, &columns[LOG_DATE]);
    const char *money = score_field_of(row, &columns[LOG_AMOUNT]);

    *amount = 0;
    if (!id || !*id) {
        score_rejects_add(rejects, row->line, "id", id,
                          GB_N("a customer is needed"));
        return false;
    }
    if (!date || !score_day_parse(date, day)) {
        score_rejects_add(rejects, row->line, "date", date,
                          GB_N("a date as 2026-03-02 is needed"));
        return false;
    }
    if (columns[LOG_AMOUNT].place == SIZE_MAX || (money && !*money))
        return true;
    if (!money || !base_parse_real(money, amount)
        || !(fabs(*amount) <= MOST_AMOUNT)) {
        score_rejects_add(rejects, row->line, "amount", money, NOT_NUMBER);
        return false;
    }
    return true;
}

static gb_status add_event(gb_context *ctx, base_mem *mem, log_growing *g,
                           const base_csv_row *row, const score_column *columns,
                           score_log *out, score_rejects *rejects)
{
    const char *started = score_field_of(row, &columns[LOG_STARTED]);
    uint32_t customer;
    int32_t day = 0;
    double amount;

    if (columns[LOG_STARTED].place != SIZE_MAX
        && (!started || !is_theirs(started))) {
        out->n_not_theirs++;
        return GB_OK;
    }
    if (!take_event(row, columns, &day, &amount, rejects))
        return GB_OK;
    if (!call_names_number(&out->names, score_field_of(row, &columns[LOG_ID]),
                           &customer)
        || !base_array_push(mem, &g->customer, customer)
        || !base_array_push(mem, &g->day, day)
        || !base_array_push(mem, &g->amount, amount))
        return base_fail_nomem(ctx);
    if (out->n++ == 0)
        out->first_day = out->last_day = day;
    out->first_day = day < out->first_day ? day : out->first_day;
    out->last_day = day > out->last_day ? day : out->last_day;
    return GB_OK;
}

static void hand_over_log(log_growing *g, bool has_amounts, score_log *out)
{
    out->n_customers = out->names.at.n;
    out->customer = g->customer.items;
    out->day = g->day.items;
    g->customer.items = NULL;
    g->day.items = NULL;
    if (has_amounts) {
        out->amount = g->amount.items;
        g->amount.items = NULL;
    }
}

gb_status score_log_read(gb_context *ctx, base_mem *mem, base_csv *csv,
                         const char *path, score_log *out,
                         score_rejects *rejects)
{
    score_column columns[N_LOG] = {
        { { "id", "customer", "customer_id", "ref" }, 0 },
        { { "date", "day", "occurred_on" }, 0 },
        { { "amount", "spend", "dollar_value" }, 0 },
        { { "started_by", "initiated_by", "initiator" }, 0 },
    };
    log_growing g = { .customer = BASE_ARRAY_INIT };
    gb_status status =
        score_heading_read(ctx, csv, path, columns, N_LOG, LOG_DATE + 1);

    memset(out, 0, sizeof *out);
    memset(rejects, 0, sizeof *rejects);
    call_names_init(&out->names, mem);
    while (!status) {
        base_csv_row row;

        status = score_row_next(csv, &row, rejects);
        if (status || row.found == BASE_CSV_END)
            break;
        status = add_event(ctx, mem, &g, &row, columns, out, rejects);
    }
    if (!status)
        hand_over_log(&g, columns[LOG_AMOUNT].place != SIZE_MAX, out);
    base_array_clear(mem, &g.customer);
    base_array_clear(mem, &g.day);
    base_array_clear(mem, &g.amount);
    if (status)
        score_log_clear(mem, out);
    return status;
}

void score_log_clear(base_mem *mem, score_log *log)
{
    base_free(mem, log->customer);
    base_free(mem, log->day);
    base_free(mem, log->amount);
    call_names_clear(&log->names);
    memset(log, 0, sizeof *log);
}
