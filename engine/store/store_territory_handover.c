/*
 * store_territory_handover.c - see store_territory_handover.h.
 */
#include "store_territory_handover.h"

#include "base_array.h"
#include "base_check.h"
#include "store_rows.h"

#include <stdio.h>
#include <string.h>

/*
 * All statements here know: ?1 who hands over, ?2 the day, ?3 the version in
 * force on it, ?4 one territory or NULL, ?5 who takes over.
 */
#define HANDED                                                                \
    "WITH handed AS (SELECT t.id AS id, t.ref AS ref, "                       \
    "t.branch_id AS branch_id, t.area_m2 AS area_m2, "                        \
    "t.activity AS activity, t.geom AS geom FROM territory t "                \
    "JOIN territory_owner o ON o.territory_id = t.id "                        \
    "WHERE t.territory_version_id = ?3 AND o.manager_id = ?1 "                \
    "AND o.from_date <= ?2 AND (o.to_date IS NULL OR o.to_date > ?2) "        \
    "AND (?4 IS NULL OR t.ref = ?4)), "                                       \
    "here AS (SELECT cc.customer_id AS customer_id, tc.cell_id AS cell_id, "  \
    "h.ref AS ref FROM handed h "                                             \
    "JOIN territory_cell tc ON tc.territory_id = h.id "                       \
    "JOIN customer_cell cc ON cc.cell_id = tc.cell_id) "

/* Is route r to go along?  Without ?4 all that is the manager's is. */
#define GOES_ALONG                                                            \
    "(NOT EXISTS (SELECT 1 FROM plan_route q WHERE q.plan_id = r.plan_id "    \
    "AND q.day = r.day AND q.manager_id = ?5) AND (?4 IS NULL OR NOT EXISTS " \
    "(SELECT 1 FROM plan_stop q WHERE q.plan_route_id = r.id "                \
    "AND q.customer_id NOT IN (SELECT customer_id FROM here))))"

#define ROUTES                                                                \
    "plan_route r JOIN plan p ON p.id = r.plan_id "                           \
    "AND p.state <> 'replaced' AND r.day >= ?2 AND r.manager_id = ?1"

/* A list of the pack: its columns are "name:type", the type s, i, r or j. */
typedef struct pack_list {
    const char *key, *columns, *sql;
} pack_list;

static const pack_list lists[] = {
    { "territories",
      "territory:s branch:s work:r area_m2:r cells:i customers:i targets:i "
      "outline:j",
      HANDED "SELECT h.ref, b.ref, h.activity, h.area_m2, "
             "(SELECT count(*) FROM territory_cell c "
             "WHERE c.territory_id = h.id), "
             "(SELECT count(*) FROM here x WHERE x.ref = h.ref), "
             "(SELECT count(*) FROM here x JOIN target g "
             "ON g.customer_id = x.customer_id AND g.as_of = "
             "(SELECT max(as_of) FROM target) WHERE x.ref = h.ref), "
             "AsGeoJSON(ST_Transform(h.geom, 4326), 6) "
             "FROM handed h JOIN branch b ON b.id = h.branch_id "
             "ORDER BY h.ref" },
    { "cells", "cell:s territory:s area_m2:r customers:i lon:r lat:r",
      HANDED "SELECT c.ref, h.ref, c.area_m2, (SELECT count(*) FROM here x "
             "WHERE x.cell_id = c.id), "
             "ST_X(ST_Transform(ST_PointOnSurface(c.geom), 4326)), "
             "ST_Y(ST_Transform(ST_PointOnSurface(c.geom), 4326)) "
             "FROM handed h JOIN territory_cell tc ON tc.territory_id = h.id "
             "JOIN cell c ON c.id = tc.cell_id ORDER BY h.ref, c.ref" },
    { "appointments", "day:s from_s:i to_s:i customer:s territory:s",
      HANDED "SELECT a.day, a.from_s, a.to_s, c.ref, x.ref "
             "FROM appointment a JOIN customer c ON c.id = a.customer_id "
             "LEFT JOIN here x ON x.customer_id = a.customer_id "
             "WHERE a.day >= ?2 AND (CASE WHEN a.manager_id IS NULL "
             "THEN x.ref IS NOT NULL ELSE a.manager_id = ?1 "
             "AND (?4 IS NULL OR x.ref IS NOT NULL) END) "
             "ORDER BY a.day, a.from_s, c.ref" },
    { "stops",
      "day:s seq:i customer:s place:s start_s:i end_s:i must:i plan_again:i",
      HANDED "SELECT r.day, s.seq, c.ref, l.ref, s.start_s, s.end_s, "
             "s.is_must, NOT " GOES_ALONG " FROM " ROUTES " "
             "JOIN plan_stop s ON s.plan_route_id = r.id "
             "JOIN customer c ON c.id = s.customer_id "
             "LEFT JOIN place l ON l.id = s.place_id "
             "WHERE ?4 IS NULL OR s.customer_id IN "
             "(SELECT customer_id FROM here) ORDER BY r.day, s.seq" },
    { "leads", "lead:s day:s territory:s cell:s",
      HANDED "SELECT l.ref, l.day, l.territory_ref, l.cell_ref FROM lead l "
             "WHERE l.manager_id = ?1 AND (?4 IS NULL OR l.territory_ref = ?4"
             ") AND ?5 > 0 ORDER BY l.day, l.ref" },
    { "links", "customer:s by:s reason:s",
      HANDED "SELECT c.ref, 'assignment', a.reason FROM customer_assignment a "
             "JOIN customer c ON c.id = a.customer_id WHERE a.manager_id = ?1 "
             "AND (a.to_date IS NULL OR a.to_date > ?2) AND (?4 IS NULL OR "
             "c.id IN (SELECT customer_id FROM here)) UNION ALL "
             "SELECT c.ref, r.role, NULL FROM customer_relation r "
             "JOIN customer c ON c.id = r.customer_id WHERE r.manager_id = ?1 "
             "AND (?4 IS NULL OR c.id IN (SELECT customer_id FROM here)) "
             "AND ?5 > 0 ORDER BY 1, 2" },
    { "visits", "customer:s territory:s cell:s day:s manager:s outcome:s",
      HANDED "SELECT c.ref, x.ref, k.ref, v.day, m.ref, v.outcome "
             "FROM here x JOIN visit v ON v.customer_id = x.customer_id "
             "JOIN customer c ON c.id = x.customer_id "
             "JOIN cell k ON k.id = x.cell_id "
             "LEFT JOIN manager m ON m.id = v.manager_id "
             "WHERE v.day < ?2 AND ?5 > 0 "
             "ORDER BY x.ref, c.ref, v.day" },
    /* When somebody was met before: on which day of the week, and at which
     * hour, that of the visit, or else by the plan of that day. */
    { "contacts",
      "customer:s territory:s place:s grade:s window_from_s:i window_to_s:i "
      "visits:i met:i last_visit:s best_weekday:i best_hour:i",
      HANDED "SELECT c.ref, x.ref, l.ref, g.grade, c.window_from_s, "
             "c.window_to_s, count(v.id), sum(v.outcome = 'met'), max(v.day), "
             "(SELECT (CAST(strftime('%w', w.day) AS INTEGER) + 6) % 7 + 1 "
             "FROM visit w WHERE w.customer_id = c.id AND w.outcome = 'met' "
             "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), "
             "(SELECT coalesce(w.at_s, (SELECT s.start_s FROM plan_route r "
             "JOIN plan_stop s ON s.plan_route_id = r.id "
             "AND s.customer_id = w.customer_id WHERE r.day = w.day "
             "LIMIT 1)) / 3600 AS hour FROM visit w "
             "WHERE w.customer_id = c.id AND w.outcome = 'met' "
             "GROUP BY hour HAVING hour IS NOT NULL "
             "ORDER BY count(*) DESC, hour LIMIT 1) "
             "FROM here x JOIN customer c ON c.id = x.customer_id "
             "LEFT JOIN place l ON l.id = c.place_id "
             "LEFT JOIN customer_grade g ON g.customer_id = c.id "
             "LEFT JOIN visit v ON v.customer_id = c.id AND v.day < ?2 "
             "WHERE ?5 > 0 GROUP BY c.id HAVING count(v.id) > 0 "
             "OR c.window_from_s IS NOT NULL ORDER BY x.ref, c.ref" },
};

typedef struct handing {
    gb_workspace *ws;
    gb_context *ctx;
    const store_handover *h;
    int64_t from, to, version;
    char day[16];
} handing;

/* The highest number that a statement has decides which may be bound. */
static gb_status prepare(const handing *k, const char *sql,
                         store_statement **st)
{
    const gb_status status = store_prepare(k->ws, sql, st);

    if (status)
        return status;
    store_bind_int(*st, 1, k->from);
    store_bind_text(*st, 2, k->day);
    store_bind_int(*st, 3, k->version);
    store_bind_text(*st, 4, k->h->territory);
    if (strstr(sql, "?5"))
        store_bind_int(*st, 5, k->to);
    return GB_OK;
}

/* ------------------------------------------------------------------- pack -- */

static json_t *value_of(store_statement *st, int column, char type)
{
    json_t *value;

    if (store_column_is_null(st, column))
        return json_null();
    if (type == 'i')
        return json_integer((json_int_t)store_column_int(st, column));
    if (type == 'r')
        return json_real(store_column_real(st, column));
    if (type != 'j')
        return json_string(store_column_text(st, column));
    value = json_loads(store_column_text(st, column), 0, NULL);
    return value ? value : json_null();
}

static json_t *row_of(store_statement *st, const char *columns)
{
    json_t *row = json_object();
    int column = 0;

    for (const char *from = columns; row && *from;) {
        const char *colon = strchr(from, ':');
        char key[32];

        snprintf(key, sizeof key, "%.*s", (int)(colon - from), from);
        if (json_object_set_new(row, key, value_of(st, column++, colon[1]))) {
            json_decref(row);
            return NULL;
        }
        from = colon + 2;
        from += *from == ' ';
    }
    return row;
}

static gb_status add_list(handing *k, const pack_list *list, json_t *pack)
{
    store_statement *st = NULL;
    json_t *rows = json_array();
    gb_status status = rows ? prepare(k, list->sql, &st)
                            : base_fail_nomem(k->ctx);

    while (store_next(k->ws, st, &status)) {
        if (json_array_append_new(rows, row_of(st, list->columns)))
            status = base_fail_nomem(k->ctx);
        if (!status)
            status = base_poll(k->ws->run);
    }
    store_finalize(st);
    if (!status && json_object_set_new(pack, list->key, rows))
        return base_fail_nomem(k->ctx);
    if (status)
        json_decref(rows);
    return status;
}

static gb_status make_pack(handing *k, json_t **pack)
{
    gb_status status = GB_OK;

    *pack = json_pack("{s:s, s:s, s:s, s:I, s:b}", "from", k->h->from, "to",
                      k->h->to, "on", k->day, "version",
                      (json_int_t)k->version, "dry_run",
                      (int)k->h->is_dry_run);
    if (!*pack)
        return base_fail_nomem(k->ctx);
    for (size_t i = 0; i < COUNT_OF(lists) && !status; i++)
        status = add_list(k, &lists[i], *pack);
    return status;
}

/* ---------------------------------------------------------------- changes -- */

static gb_status run(handing *k, const char *sql)
{
    store_statement *st = NULL;
    gb_status status = prepare(k, sql, &st);

    if (!status)
        status = store_run(k->ws, st);
    store_finalize(st);
    return status;
}

/* First what is found by the routes as they are, then the routes. */
static gb_status change_tasks(handing *k)
{
    static const char *const steps[] = {
        HANDED "UPDATE plan_state SET manager_id = ?5 WHERE manager_id = ?1 "
               "AND plan_stop_id IN (SELECT s.id FROM " ROUTES " "
               "JOIN plan_stop s ON s.plan_route_id = r.id "
               "WHERE " GOES_ALONG ")",
        HANDED "UPDATE plan_state SET manager_id = ?5 WHERE manager_id = ?1 "
               "AND plan_stop_id IS NULL AND plan_id IN (SELECT id FROM plan "
               "WHERE from_date >= ?2 AND state <> 'replaced') "
               "AND target_id IN (SELECT g.id FROM target g JOIN here x "
               "ON x.customer_id = g.customer_id)",
        HANDED "UPDATE plan_route SET manager_id = ?5 WHERE id IN "
               "(SELECT r.id FROM " ROUTES " WHERE " GOES_ALONG ")",
        HANDED "UPDATE appointment SET manager_id = ?5 WHERE manager_id = ?1 "
               "AND day >= ?2 AND (?4 IS NULL OR customer_id IN "
               "(SELECT customer_id FROM here)) AND ?3 > 0",
        HANDED "UPDATE lead SET manager_id = ?5 WHERE manager_id = ?1 "
               "AND (?4 IS NULL OR territory_ref = ?4) AND ?2 IS NOT NULL "
               "AND ?3 > 0",
    };
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && !status; i++)
        status = run(k, steps[i]);
    return status;
}

typedef struct owned {
    int64_t territory;
    char from[16], to[16]; /* to: "" for open */
} owned;

typedef BASE_ARRAY(owned) owned_array;

/* Of the versions that are in force on the day or later. */
static gb_status read_owned(handing *k, owned_array *spans)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        "SELECT t.id, o.from_date, o.to_date FROM territory_owner o "
        "JOIN territory t ON t.id = o.territory_id "
        "JOIN territory_version v ON v.id = t.territory_version_id "
        "WHERE o.manager_id = ?1 AND (o.to_date IS NULL OR o.to_date > ?2) "
        "AND (v.state = 'approved' OR (v.state IN ('active', 'retired') "
        "AND v.from_date IS NOT NULL "
        "AND (v.to_date IS NULL OR v.to_date > ?2))) "
        "AND (?3 IS NULL OR t.ref = ?3) ORDER BY t.id, o.from_date",
        &st);

    if (!status) {
        store_bind_int(st, 1, k->from);
        store_bind_text(st, 2, k->day);
        store_bind_text(st, 3, k->h->territory);
    }
    while (store_next(k->ws, st, &status)) {
        owned span = { .territory = store_column_int(st, 0) };
        const char *to = store_column_text(st, 2);

        snprintf(span.from, sizeof span.from, "%s", store_column_text(st, 1));
        snprintf(span.to, sizeof span.to, "%s", to ? to : "");
        if (!base_array_push(k->ws->mem, spans, span))
            status = base_fail_nomem(k->ctx);
    }
    store_finalize(st);
    return status;
}

static gb_status change_span(handing *k, const owned *span)
{
    const bool is_cut = strcmp(span->from, k->day) < 0;
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        is_cut ? "UPDATE territory_owner SET to_date = ?3 "
                 "WHERE territory_id = ?1 AND from_date = ?2 AND ?4 > 0"
               : "UPDATE territory_owner SET manager_id = ?4 "
                 "WHERE territory_id = ?1 AND from_date = ?2 "
                 "AND ?3 IS NOT NULL",
        &st);

    if (!status) {
        store_bind_int(st, 1, span->territory);
        store_bind_text(st, 2, span->from);
        store_bind_text(st, 3, k->day);
        store_bind_int(st, 4, k->to);
        status = store_run(k->ws, st);
    }
    store_finalize(st);
    st = NULL;
    if (status || !is_cut)
        return status;
    status = store_prepare(
        k->ws, "INSERT INTO territory_owner VALUES(?1, ?2, ?3, ?4)", &st);
    if (!status) {
        store_bind_int(st, 1, span->territory);
        store_bind_int(st, 2, k->to);
        store_bind_text(st, 3, k->day);
        store_bind_text(st, 4, span->to[0] ? span->to : NULL);
        status = store_run(k->ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status change_owners(handing *k)
{
    owned_array spans = BASE_ARRAY_INIT;
    gb_status status = read_owned(k, &spans);

    for (size_t i = 0; i < spans.n && !status; i++)
        status = change_span(k, &spans.items[i]);
    base_array_clear(k->ws->mem, &spans);
    return status;
}

/* ------------------------------------------------------------------ whole -- */

static gb_status find_manager(handing *k, const char *ref, int64_t *id)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status
        = store_prepare(k->ws, "SELECT id FROM manager WHERE ref = ?1", &st);

    if (status)
        return status;
    store_bind_text(st, 1, ref);
    status = store_step(k->ws, st, &has_row);
    if (!status && has_row)
        *id = store_column_int(st, 0);
    store_finalize(st);
    return status || has_row
               ? status
               : base_fail(k->ctx, GB_ERR_NOT_FOUND,
                           "there is no manager \"%s\"", ref);
}

static gb_status find_version(handing *k)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(
        k->ws,
        "SELECT id FROM territory_version WHERE state IN ('active', "
        "'retired') AND from_date <= ?1 AND (to_date IS NULL OR to_date > ?1)"
        " ORDER BY id DESC LIMIT 1",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, k->day);
    status = store_step(k->ws, st, &has_row);
    if (!status && has_row)
        k->version = store_column_int(st, 0);
    store_finalize(st);
    return status || has_row
               ? status
               : base_fail(k->ctx, GB_ERR_NOT_FOUND,
                           "no territories are in force on %s", k->day);
}

static gb_status check_something(handing *k, const json_t *pack)
{
    if (json_array_size(json_object_get(pack, "territories")) > 0)
        return GB_OK;
    return k->h->territory
               ? base_fail(k->ctx, GB_ERR_STATE,
                           "territory %s is not %s's on %s",
                           k->h->territory, k->h->from, k->day)
               : base_fail(k->ctx, GB_ERR_STATE,
                           "%s has no territory on %s", k->h->from, k->day);
}

static gb_status hand_over(handing *k, json_t **pack)
{
    gb_status status = find_manager(k, k->h->from, &k->from);

    if (!status)
        status = find_manager(k, k->h->to, &k->to);
    if (!status && k->from == k->to)
        status = base_fail(k->ctx, GB_ERR_ARGUMENT,
                           "%s cannot hand over to himself", k->h->from);
    if (!status)
        status = find_version(k);
    if (!status)
        status = make_pack(k, pack);
    if (!status)
        status = check_something(k, *pack);
    if (status || k->h->is_dry_run)
        return status;
    status = change_tasks(k);
    return status ? status : change_owners(k);
}

gb_status store_handover_do(gb_workspace *ws, const store_handover *handover,
                            json_t **pack)
{
    handing k = { .ws = ws, .ctx = ws->run->ctx, .h = handover };
    gb_status status = store_begin(ws);

    *pack = NULL;
    store_day_text(k.day, handover->on);
    if (!status)
        status = store_end(ws, hand_over(&k, pack));
    if (status) {
        json_decref(*pack);
        *pack = NULL;
    }
    return status;
}
