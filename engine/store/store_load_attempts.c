/*
 * store_load_attempts.c - see store_presence.h.
 */
#include "store_presence.h"

#include "base_array.h"
#include "store_query.h"

#include <string.h>

/* A line of the calendar for everybody, else Monday to Friday. */
#define IS_WORKDAY(day)                                                       \
    "coalesce((SELECT d.is_working FROM calendar_day d WHERE d.day = " day    \
    " AND coalesce(d.manager_id, 0) = 0), strftime('%w', " day               \
    ") NOT IN ('0', '6'))"

static const char attempts_sql[]
    = "SELECT v.customer_id, c.place_id, v.day, v.at_s, "
      "v.outcome <> 'absent', " IS_WORKDAY("v.day") " "
      "FROM visit v JOIN customer c ON c.id = v.customer_id "
      "WHERE v.day >= ?1 AND v.day < ?2";

typedef BASE_ARRAY(store_attempt) attempt_list;

static gb_status read_attempts(gb_workspace *ws, store_statement *st,
                               attempt_list *rows, size_t *n_untimed)
{
    gb_status status = GB_OK;

    while (store_next(ws, st, &status)) {
        const store_attempt a
            = { .customer_id = store_column_int(st, 0),
                .place_id = store_column_int(st, 1),
                .day = store_row_day(st, 2),
                .at_s = store_row_time(st, 3),
                .is_met = store_column_int(st, 4) != 0,
                .is_workday = store_column_int(st, 5) != 0 };

        if (a.at_s == STORE_NO_TIME || store_column_is_null(st, 4))
            ++*n_untimed;
        else if (!base_array_push(ws->mem, rows, a))
            status = base_fail_nomem(ws->run->ctx);
        if (!status)
            status = base_poll(ws->run);
    }
    return status;
}

gb_status store_load_attempts(gb_workspace *ws, store_scope scope,
                              int32_t since, int32_t on, store_attempts *out)
{
    attempt_list rows = BASE_ARRAY_INIT;
    store_statement *st = NULL;
    char from[16], to[16];
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = store_scope_prepare(ws, attempts_sql, "c", scope,
                                 " ORDER BY v.day, v.customer_id", &st);
    if (!status) {
        store_bind_text(st, 1, store_day_text(from, since));
        store_bind_text(st, 2, store_day_text(to, on));
        status = read_attempts(ws, st, &rows, &out->n_untimed);
    }
    store_finalize(st);
    out->n = rows.n;
    out->items = store_row_list(&out->arena, rows.items, rows.n,
                                sizeof *rows.items);
    if (!status && !out->items)
        status = base_fail_nomem(ws->run->ctx);
    base_array_clear(ws->mem, &rows);
    if (status)
        store_attempts_clear(out);
    return status;
}

void store_attempts_clear(store_attempts *attempts)
{
    if (attempts->arena.mem)
        base_arena_clear(&attempts->arena);
    memset(attempts, 0, sizeof *attempts);
}

gb_status store_after_visits(gb_workspace *ws, int32_t *day)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(ws, "SELECT max(day) FROM visit", &st);

    *day = 0;
    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status && has_row && !store_column_is_null(st, 0))
        *day = store_row_day(st, 0) + 1;
    store_finalize(st);
    return status;
}

gb_status store_is_workday(gb_workspace *ws, int32_t day, bool *out)
{
    store_statement *st = NULL;
    char text[16];
    bool has_row = false;
    gb_status status = store_prepare(ws, "SELECT " IS_WORKDAY("?1"), &st);

    *out = true;
    if (!status) {
        store_bind_text(st, 1, store_day_text(text, day));
        status = store_step(ws, st, &has_row);
    }
    if (!status && has_row)
        *out = store_column_int(st, 0) != 0;
    store_finalize(st);
    return status;
}

gb_status store_mark_tagged(gb_workspace *ws, const char *tag,
                            const store_ids *ids, uint32_t mark,
                            uint32_t *marks)
{
    const char *value = strchr(tag, '=');
    store_statement *st = NULL;
    base_text name;
    gb_status status = store_prepare(
        ws,
        "SELECT ct.customer_id FROM tag g "
        "JOIN customer_tag ct ON ct.tag_id = g.id AND ct.value = ?2 "
        "WHERE g.tag = ?1",
        &st);

    base_text_init(&name, ws->mem);
    base_text_append(&name, tag, value ? (size_t)(value - tag) : strlen(tag));
    if (!status && name.is_short)
        status = base_fail_nomem(ws->run->ctx);
    if (!status) {
        store_bind_text(st, 1, name.chars);
        store_bind_text(st, 2, value ? value + 1 : "");
    }
    while (store_next(ws, st, &status)) {
        const uint32_t i = store_ids_find(ids, store_column_int(st, 0));

        if (i != STORE_NONE)
            marks[i] = mark;
    }
    store_finalize(st);
    base_text_clear(&name);
    return status;
}

gb_status store_find_customer(gb_workspace *ws, const char *ref,
                              store_scope scope, int64_t *id,
                              int64_t *place_id)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status
        = store_scope_prepare(ws, "SELECT c.id, c.place_id FROM customer c "
                                  "WHERE c.ref = ?1", "c", scope, "", &st);

    if (!status) {
        store_bind_text(st, 1, ref);
        status = store_step(ws, st, &has_row);
    }
    if (!status && has_row) {
        *id = store_column_int(st, 0);
        *place_id = store_column_int(st, 1);
    } else if (!status) {
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no customer \"%s\", or outside the scope",
                           ref);
    }
    store_finalize(st);
    return status;
}
