/*
 * call_visits.c - see call_visits.h.
 */
#include "call_visits.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "call_score_rows.h"

enum { DAY_S = 86400 };
enum { AT_CUSTOMER, AT_DATE, AT_TIME, AT_OUTCOME, AT_PLACE, AT_SEGMENT,
       N_COLUMNS };


int32_t visit_time(const char *text)
{
    const size_t n = text ? strlen(text) : 0;
    int32_t part[3] = { 0, 0, 0 };

    if (n != 5 && n != 8)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if ((i % 3 == 2) ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return -1;
        if (i % 3 != 2)
            part[i / 3] = 10 * part[i / 3] + text[i] - '0';
    }
    if (part[1] > 59 || part[2] > 59
        || part[0] * 3600 + part[1] * 60 + part[2] > DAY_S)
        return -1;
    return part[0] * 3600 + part[1] * 60 + part[2];
}

/* 1970-01-01 was a Thursday. */
static uint16_t kind_of(int32_t day)
{
    return ((day + 3) % 7 + 7) % 7 >= 5;
}

/* SIZE_MAX: at no hour that is asked about. */
static size_t slot_of(const visits *all, int32_t at_s)
{
    for (size_t i = 0; i < all->n_slots; i++)
        if (at_s >= all->borders_s[i] && at_s < all->borders_s[i + 1])
            return i;
    return SIZE_MAX;
}

/* Who refuses was there.  1, 0, or -1 for another word. */
static int outcome_of(const char *word)
{
    static const char *const met[]
        = { "met", "refused", "1", "true", "yes", "成功", "拒绝" };
    static const char *const absent[]
        = { "absent", "0", "false", "no", "不在" };

    for (size_t i = 0; word && i < COUNT_OF(met); i++)
        if (strcasecmp(word, met[i]) == 0)
            return 1;
    for (size_t i = 0; word && i < COUNT_OF(absent); i++)
        if (strcasecmp(word, absent[i]) == 0)
            return 0;
    return -1;
}

/* False: no memory. */
static bool number(call_names *names, const base_csv_row *row,
                   const score_column *column, uint32_t *out)
{
    const char *name = score_field_of(row, column);

    *out = VISIT_NONE;
    return !name || !*name || call_names_number(names, name, out);
}

/* The figures of a row; false: rejected. */
static bool take_figures(visits *out, const base_csv_row *row,
                         const score_column *columns, visit *v, int32_t *at_s)
{
    const char *const date = score_field_of(row, &columns[AT_DATE]);
    const char *const time = score_field_of(row, &columns[AT_TIME]);
    const char *const outcome = score_field_of(row, &columns[AT_OUTCOME]);
    const int met = outcome_of(outcome);

    *at_s = visit_time(time);
    v->is_met = met > 0;
    if (!date || !score_day_parse(date, &v->day))
        score_rejects_add(&out->rejects, row->line, "date", date,
                          GB_N("a date as 2026-03-02 is needed"));
    else if (*at_s < 0)
        score_rejects_add(&out->rejects, row->line, "at", time,
                          GB_N("a time of day as 09:30 is needed"));
    else if (met < 0)
        score_rejects_add(&out->rejects, row->line, "outcome", outcome,
                          GB_N("met, refused or absent is needed"));
    else
        return true;
    return false;
}

/* False: no memory. */
static bool take_visit(visits *out, const base_csv_row *row,
                       const score_column *columns)
{
    visit v = { .is_met = 0 };
    int32_t at_s;
    size_t slot;

    if (!take_figures(out, row, columns, &v, &at_s))
        return true;
    slot = slot_of(out, at_s);
    if (slot == SIZE_MAX) {
        out->n_outside++;
        return true;
    }
    v.band = (uint16_t)(kind_of(v.day) * out->n_slots + slot);
    return number(&out->customers, row, &columns[AT_CUSTOMER], &v.customer)
        && number(&out->places, row, &columns[AT_PLACE], &v.place)
        && number(&out->segments, row, &columns[AT_SEGMENT], &v.segment)
        && base_array_push(out->customers.chars.mem, &out->all, v);
}

static int by_time(const void *a, const void *b)
{
    const visit *one = a, *other = b;
    const int64_t parts[]
        = { (int64_t)one->day - other->day,
            (int64_t)one->customer - other->customer,
            (int64_t)one->band - other->band,
            (int64_t)one->place - other->place,
            (int64_t)one->segment - other->segment,
            (int64_t)one->is_met - other->is_met };

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i] != 0)
            return parts[i] < 0 ? -1 : 1;
    return 0;
}

gb_status visits_take(gb_context *ctx, base_csv *csv, const char *path,
                      visits *out)
{
    score_column columns[N_COLUMNS] = {
        { { "customer", "id", "customer_id", "ref" }, 0 },
        { { "date", "day" }, 0 },
        { { "at", "time", "hour" }, 0 },
        { { "outcome", "met", "result" }, 0 },
        { { "place", "place_id" }, 0 },
        { { "segment", "group" }, 0 },
    };
    base_csv_row row = { .found = BASE_CSV_ROW };
    gb_status status = score_heading_read(ctx, csv, path, columns, N_COLUMNS,
                                          AT_OUTCOME + 1);

    while (!status && row.found != BASE_CSV_END) {
        status = score_row_next(csv, &row, &out->rejects);
        if (!status && row.found == BASE_CSV_ROW
            && !take_visit(out, &row, columns))
            status = base_fail_nomem(ctx);
    }
    if (out->all.n > 0)
        qsort(out->all.items, out->all.n, sizeof *out->all.items, by_time);
    return status;
}

void visits_init(visits *all, base_mem *mem)
{
    *all = (visits){ .all = BASE_ARRAY_INIT };
    call_names_init(&all->customers, mem);
    call_names_init(&all->places, mem);
    call_names_init(&all->segments, mem);
}

void visits_clear(visits *all)
{
    base_array_clear(all->customers.chars.mem, &all->all);
    call_names_clear(&all->customers);
    call_names_clear(&all->places);
    call_names_clear(&all->segments);
}
