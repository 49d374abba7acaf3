/*
 * store_save_presence.c - see store_presence.h.
 */
#include "store_presence.h"

static gb_status save_run(gb_workspace *ws, const store_presence *p)
{
    store_statement *st = NULL;
    char day[16];
    gb_status status = store_prepare(
        ws,
        "INSERT OR REPLACE INTO presence_run(id, as_of, n_visits, n_met, "
        "n_untimed, half_life_days, slots_json, profiles_json, "
        "strengths_json) VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, store_day_text(day, p->on));
    store_bind_int(st, 2, p->n_visits);
    store_bind_int(st, 3, p->n_met);
    store_bind_int(st, 4, p->n_untimed);
    store_bind_real(st, 5, p->half_life_days);
    store_bind_text(st, 6, p->slots_json);
    store_bind_text(st, 7, p->profiles_json);
    store_bind_text(st, 8, p->strengths_json);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}

static gb_status save_odds(gb_workspace *ws,
                           bool (*next)(void *user, store_odds *row),
                           void *user)
{
    store_statement *st = NULL;
    store_odds row;
    gb_status status = store_exec(ws, "DELETE FROM presence_odds");

    if (!status)
        status = store_prepare(
            ws, "INSERT INTO presence_odds VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &st);
    while (!status && next(user, &row)) {
        store_bind_text(st, 1, row.level);
        store_bind_int(st, 2, row.unit_id);
        store_bind_text(st, 3, row.day_kind);
        store_bind_int(st, 4, row.from_s);
        store_bind_real(st, 5, row.visits);
        store_bind_real(st, 6, row.met);
        store_bind_real(st, 7, row.odds);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    store_finalize(st);
    return status;
}

gb_status store_save_presence(gb_workspace *ws, const store_presence *presence,
                              bool (*next)(void *user, store_odds *row),
                              void *user)
{
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = save_run(ws, presence);
    if (!status)
        status = save_odds(ws, next, user);
    return store_end(ws, status);
}
