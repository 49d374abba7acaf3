/*
 * store_segment_functions.c - the functions of rules: what a clause calls.
 *
 * A function that fails writes its own message; SQLite then ends the scan, and
 * store_segment_facts.c hands that message on.
 */
#include "store_segment_look.h"

#include "base_check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static void report(store_facts *facts, sqlite3_context *sql, gb_status status)
{
    if (!facts->status) {
        facts->status = status;
        snprintf(facts->message, sizeof facts->message, "%s",
                 gb_last_error(facts->ctx));
    }
    sqlite3_result_error(sql, gb_last_error(facts->ctx), -1);
}

/* False with NULL or an error set as the result. */
static bool take_date(sqlite3_context *sql, sqlite3_value *value,
                      store_date *out)
{
    store_facts *facts = sqlite3_user_data(sql);
    const char *text;

    if (sqlite3_value_type(value) == SQLITE_NULL)
        return false;
    text = (const char *)sqlite3_value_text(value);
    if (text && store_date_parse(text, (size_t)sqlite3_value_bytes(value), out))
        return true;
    report(facts, sql,
           base_fail(facts->ctx, GB_ERR_DATA,
                     "\"%.40s\" is not a date as 2026-03-02",
                     text ? text : ""));
    return false;
}

static void months_since(sqlite3_context *sql, int n, sqlite3_value **values)
{
    const store_facts *facts = sqlite3_user_data(sql);
    store_date date;

    (void)n;
    if (take_date(sql, values[0], &date))
        sqlite3_result_int(sql, store_months_between(date, facts->as_of));
}

static void days_since(sqlite3_context *sql, int n, sqlite3_value **values)
{
    const store_facts *facts = sqlite3_user_data(sql);
    store_date date;

    (void)n;
    if (take_date(sql, values[0], &date))
        sqlite3_result_int(sql, facts->sets.as_of_day - store_day_of(date));
}

static void days_until(sqlite3_context *sql, int n, sqlite3_value **values)
{
    const store_facts *facts = sqlite3_user_data(sql);
    store_date date;

    (void)n;
    if (take_date(sql, values[0], &date))
        sqlite3_result_int(sql, store_day_of(date) - facts->sets.as_of_day);
}

static void as_of(sqlite3_context *sql, int n, sqlite3_value **values)
{
    const store_facts *facts = sqlite3_user_data(sql);

    (void)n;
    (void)values;
    sqlite3_result_text(sql, facts->sets.as_of, -1, SQLITE_STATIC);
}

static const char *text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);

    return text ? text : "";
}

/* The mask of the names, kept with the statement: looked up once a scan. */
static store_product_set *products_of(sqlite3_context *sql, int n,
                                      sqlite3_value **values)
{
    store_facts *facts = sqlite3_user_data(sql);
    store_product_set *set = sqlite3_get_auxdata(sql, 1);
    const char *names[16];
    gb_status status;

    if (set)
        return set;
    if (n - 1 > (int)COUNT_OF(names))
        n = (int)COUNT_OF(names) + 1;
    for (int i = 1; i < n; i++)
        names[i - 1] = text_of(values[i]);
    status = store_sets_products(&facts->sets, names, (size_t)n - 1, &set);
    if (status) {
        report(facts, sql, status);
        return NULL;
    }
    sqlite3_set_auxdata(sql, 1, set, NULL);
    return set;
}

static void held_by(sqlite3_context *sql, int n, sqlite3_value **values,
                    bool is_now)
{
    store_facts *facts = sqlite3_user_data(sql);
    const store_sets *sets = &facts->sets;
    const store_product_set *set;
    const uint64_t *held;
    size_t slot;
    int any = 0;

    if (n < 2) {
        report(facts, sql, base_fail(facts->ctx, GB_ERR_DATA,
                                     "no product is named"));
        return;
    }
    set = products_of(sql, n, values);
    if (!set)
        return;
    slot = store_sets_slot(sets, sqlite3_value_int64(values[0]));
    if (slot == SIZE_MAX) {
        sqlite3_result_int(sql, 0);
        return;
    }
    held = (is_now ? sets->now : sets->ever) + slot * sets->n_words;
    for (size_t w = 0; w < sets->n_words; w++)
        any |= (held[w] & set->mask[w]) != 0;
    sqlite3_result_int(sql, any);
}

static void holds(sqlite3_context *sql, int n, sqlite3_value **values)
{
    held_by(sql, n, values, true);
}

static void ever_held(sqlite3_context *sql, int n, sqlite3_value **values)
{
    held_by(sql, n, values, false);
}

/* 0 without the tag. */
static uint32_t tag_value_of(sqlite3_context *sql, int n,
                             sqlite3_value **values, bool is_tiers,
                             store_tag_set **out)
{
    store_facts *facts = sqlite3_user_data(sql);
    store_tag_set *set = sqlite3_get_auxdata(sql, 1);
    size_t slot;

    *out = NULL;
    if (!set) {
        const gb_status status
            = store_sets_tag(&facts->sets, text_of(values[1]),
                             n > 2 ? text_of(values[2]) : NULL, is_tiers,
                             &set);

        if (status) {
            report(facts, sql, status);
            return 0;
        }
        sqlite3_set_auxdata(sql, 1, set, NULL);
    }
    *out = set;
    slot = store_sets_slot(&facts->sets, sqlite3_value_int64(values[0]));
    return slot == SIZE_MAX ? 0 : set->value_of[slot];
}

static void has_tag(sqlite3_context *sql, int n, sqlite3_value **values)
{
    store_tag_set *set;
    const uint32_t value = tag_value_of(sql, n, values, false, &set);

    if (set)
        sqlite3_result_int(sql, value > 0);
}

static void tag_value(sqlite3_context *sql, int n, sqlite3_value **values)
{
    store_tag_set *set;
    const uint32_t value = tag_value_of(sql, n, values, false, &set);

    if (set && value > 0)
        sqlite3_result_text(sql, set->values.items[value - 1], -1,
                            SQLITE_STATIC);
}

static void tier_of(sqlite3_context *sql, int n, sqlite3_value **values)
{
    store_tag_set *set;
    const uint32_t value = tag_value_of(sql, n, values, true, &set);

    if (set && value > 0)
        sqlite3_result_text(sql, set->values.items[value - 1], -1,
                            SQLITE_STATIC);
}

/* Coarse or missing locations are unknown: NULL. */
static bool is_located(const char *accuracy)
{
    return strcmp(accuracy, "exact") == 0 || strcmp(accuracy, "building") == 0
           || strcmp(accuracy, "compound") == 0;
}

static void within_area(sqlite3_context *sql, int n, sqlite3_value **values)
{
    store_facts *facts = sqlite3_user_data(sql);
    store_area_set *set = sqlite3_get_auxdata(sql, 2);
    const void *blob;
    gb_point at;
    int32_t srid;
    gb_status status = GB_OK;

    (void)n;
    if (!set) {
        status = store_sets_area(&facts->sets, text_of(values[2]), &set);
        if (!status)
            sqlite3_set_auxdata(sql, 2, set, NULL);
    }
    if (status) {
        report(facts, sql, status);
        return;
    }
    blob = sqlite3_value_blob(values[1]);
    if (!blob || !is_located(text_of(values[0])))
        return;
    status = geo_read_blob_point(facts->ctx, blob,
                                 (size_t)sqlite3_value_bytes(values[1]), &srid,
                                 &at);
    if (status)
        report(facts, sql, status);
    else
        sqlite3_result_int(sql, store_area_contains(set, at));
}

static void result_day(sqlite3_context *sql, int32_t day)
{
    char text[16];

    if (day != STORE_NO_DAY)
        sqlite3_result_text(sql, store_day_text(text, day), -1,
                            SQLITE_TRANSIENT);
}

/* The slot of the customer once the holdings are there; SIZE_MAX: reported. */
static size_t holding_slot(sqlite3_context *sql, sqlite3_value *customer)
{
    store_facts *facts = sqlite3_user_data(sql);
    const gb_status status = store_sets_need_holdings(&facts->sets);

    if (status) {
        report(facts, sql, status);
        return SIZE_MAX;
    }
    return store_sets_slot(&facts->sets, sqlite3_value_int64(customer));
}

static void next_maturity_on(sqlite3_context *sql, int n,
                             sqlite3_value **values)
{
    const store_facts *facts = sqlite3_user_data(sql);
    const size_t slot = holding_slot(sql, values[0]);

    (void)n;
    if (slot != SIZE_MAX)
        result_day(sql, facts->sets.next_maturity_on[slot]);
}

static void next_maturity_fen(sqlite3_context *sql, int n,
                              sqlite3_value **values)
{
    const store_facts *facts = sqlite3_user_data(sql);
    const size_t slot = holding_slot(sql, values[0]);

    (void)n;
    if (slot != SIZE_MAX)
        sqlite3_result_int64(sql, facts->sets.next_maturity_fen[slot]);
}

static void n_products(sqlite3_context *sql, int n, sqlite3_value **values)
{
    const store_facts *facts = sqlite3_user_data(sql);
    const size_t slot = holding_slot(sql, values[0]);
    int count = 0;

    (void)n;
    if (slot == SIZE_MAX)
        return;
    for (size_t w = 0; w < facts->sets.n_words; w++) {
        uint64_t bits = facts->sets.now[slot * facts->sets.n_words + w];

        for (; bits; bits &= bits - 1)
            count++;
    }
    sqlite3_result_int(sql, count);
}

static void appointment_on(sqlite3_context *sql, int n,
                           sqlite3_value **values)
{
    store_facts *facts = sqlite3_user_data(sql);
    const gb_status status = store_sets_need_appointments(&facts->sets);
    size_t slot;

    (void)n;
    if (status) {
        report(facts, sql, status);
        return;
    }
    slot = store_sets_slot(&facts->sets, sqlite3_value_int64(values[0]));
    if (slot != SIZE_MAX)
        result_day(sql, facts->sets.appointment_on[slot]);
}

static void grade(sqlite3_context *sql, int n, sqlite3_value **values)
{
    store_facts *facts = sqlite3_user_data(sql);
    const gb_status status = store_sets_need_grades(&facts->sets);
    size_t slot;

    (void)n;
    if (status) {
        report(facts, sql, status);
        return;
    }
    slot = store_sets_slot(&facts->sets, sqlite3_value_int64(values[0]));
    if (slot != SIZE_MAX && facts->sets.grade_of[slot])
        sqlite3_result_text(
            sql, facts->sets.grades.items[facts->sets.grade_of[slot] - 1], -1,
            SQLITE_STATIC);
}

static void org_path(sqlite3_context *sql, int n, sqlite3_value **values)
{
    store_facts *facts = sqlite3_user_data(sql);
    const gb_status status = store_sets_need_orgs(&facts->sets);
    const int64_t id = sqlite3_value_int64(values[0]);

    (void)n;
    if (status)
        report(facts, sql, status);
    else if (id > 0 && (uint64_t)id < facts->sets.org_paths.n
             && facts->sets.org_paths.items[id])
        sqlite3_result_text(sql, facts->sets.org_paths.items[id], -1,
                            SQLITE_STATIC);
}

gb_status store_look_add_functions(store_facts *facts)
{
    static const struct {
        const char *name;
        int n_args;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        { "months_since", 1, months_since },
        { "days_since", 1, days_since },
        { "days_until", 1, days_until },
        { "as_of", 0, as_of },
        { "gbi_holds", -1, holds },
        { "gbi_ever_held", -1, ever_held },
        { "gbi_has_tag", 2, has_tag },
        { "gbi_has_tag", 3, has_tag },
        { "gbi_tag_value", 2, tag_value },
        { "gbi_tier_of", 2, tier_of },
        { "gbi_within_area", 3, within_area },
        { "gbi_next_maturity_on", 1, next_maturity_on },
        { "gbi_next_maturity_fen", 1, next_maturity_fen },
        { "gbi_n_products", 1, n_products },
        { "gbi_appointment_on", 1, appointment_on },
        { "gbi_grade", 1, grade },
        { "gbi_org_path", 1, org_path },
    };

    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        const int code = sqlite3_create_function_v2(
            facts->reader->db, functions[i].name, functions[i].n_args,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC, facts, functions[i].call,
            NULL, NULL, NULL);

        if (code)
            return store_fail(facts->reader, "adding a function");
    }
    return GB_OK;
}
