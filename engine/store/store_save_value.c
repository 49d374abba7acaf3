/*
 * store_save_value.c - what visits to targets, and customers, are worth.
 */
#include "store_rows.h"
#include "store_save.h"

#include <math.h>

static void add_whole(base_text *json, const char *key,
                      const char *const *names, const int64_t *parts, size_t n)
{
    base_text_format(json, "\"%s\":{", key);
    for (size_t p = 0; p < n; p++) {
        base_text_add(json, p ? "," : "");
        base_text_json(json, names[p]);
        base_text_append(json, ":", 1);
        base_text_int(json, parts[p]);
    }
    base_text_add(json, "}");
}

static void add_loyalty(base_text *json, const store_values *v, size_t i)
{
    base_text_add(json, ",\"loyalty\":{");
    for (size_t p = 0; p < v->n_loyalty; p++) {
        base_text_add(json, p ? "," : "");
        base_text_json(json, v->loyalty_names[p]);
        base_text_append(json, ":", 1);
        base_text_int(json, v->loyalty_parts[i * v->n_loyalty + p]);
    }
    base_text_add(json, "}");
}

static void add_urgency(base_text *json, const store_values *v, size_t i)
{
    base_text_add(json, ",\"urgency\":{");
    for (size_t p = 0; p < v->n_urgency; p++) {
        base_text_add(json, p ? "," : "");
        base_text_json(json, v->urgency_names[p]);
        base_text_add(json, ":");
        base_text_exact(json, v->urgency_parts[i * v->n_urgency + p]);
    }
    base_text_add(json, "}");
}

static gb_status write_parts(gb_workspace *ws, const store_values *v, size_t i,
                             base_text *json)
{
    base_text_reset(json);
    base_text_add(json, "{");
    add_whole(json, "contribution", v->contribution_names,
              v->contribution_parts + i * v->n_contribution,
              v->n_contribution);
    base_text_add(json, ",");
    add_whole(json, "at_stake", v->contribution_names,
              v->at_stake_parts + i * v->n_contribution, v->n_contribution);
    add_loyalty(json, v, i);
    add_urgency(json, v, i);
    base_text_add(json, "}");
    return json->is_short ? base_fail_nomem(ws->run->ctx) : GB_OK;
}

static void bind_loyalty(store_statement *st, int index, int32_t loyalty)
{
    if (loyalty >= 0)
        store_bind_int(st, index, loyalty);
    else
        store_bind_null(st, index);
}

static void bind_box(store_statement *st, int index, const char *box)
{
    if (box)
        store_bind_text(st, index, box);
    else
        store_bind_null(st, index);
}

static void bind_chance(store_statement *st, int index, double chance)
{
    if (isnan(chance))
        store_bind_null(st, index);
    else
        store_bind_real(st, index, chance);
}

static gb_status write_value(gb_workspace *ws, store_statement *st,
                             const store_values *v, size_t i, const char *day,
                             const base_text *json)
{
    gb_status status;

    store_bind_text(st, 1, day);
    store_bind_int(st, 2, v->customers[i]);
    store_bind_int(st, 3, v->card_points[i]);
    bind_chance(st, 4, v->chance[i]);
    store_bind_int(st, 5, v->contribution_fen[i]);
    store_bind_int(st, 6, v->at_stake_fen[i]);
    store_bind_real(st, 7, v->urgency[i]);
    bind_loyalty(st, 8, v->loyalty[i]);
    bind_box(st, 9, v->box[i]);
    store_bind_text(st, 10, json->chars);
    bind_chance(st, 11, v->card_chance[i]);
    status = store_run(ws, st);
    if (!status && store_changes(ws) != 1)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "customer %lld is no target of %s",
                           (long long)v->customers[i], day);
    return status;
}

static gb_status write_values(gb_workspace *ws, const store_values *v)
{
    store_statement *st = NULL;
    store_ids rows = { 0 };
    base_text json;
    char day[16];
    gb_status status = store_prepare(
        ws,
        "INSERT OR REPLACE INTO target_value SELECT id, ?3, ?4, ?11, ?5, ?6, "
        "?7, ?8, ?9, ?10 FROM target WHERE as_of = ?1 AND customer_id = ?2",
        &st);

    base_text_init(&json, ws->mem);
    store_day_text(day, v->on);
    if (!status)
        status = store_ids_build(ws, v->customers, v->n,
                                 sizeof *v->customers, &rows);
    for (size_t k = 0; k < rows.n && !status; k++) {
        const uint32_t i = rows.items[k].place;

        status = write_parts(ws, v, i, &json);
        if (!status)
            status = write_value(ws, st, v, i, day, &json);
        if (!status)
            status = base_poll(ws->run);
    }
    base_text_clear(&json);
    store_ids_clear(&rows);
    store_finalize(st);
    return status;
}

gb_status store_save_values(gb_workspace *ws, const store_values *values)
{
    const gb_status status = store_begin(ws);

    return status ? status : store_end(ws, write_values(ws, values));
}

static gb_status write_customers(gb_workspace *ws, const store_values *v)
{
    store_statement *st = NULL;
    store_ids rows = { 0 };
    char day[16];
    gb_status status = store_prepare(
        ws, "INSERT OR REPLACE INTO customer_value VALUES(?1, ?2, ?3, ?4, ?5, "
            "?6)", &st);

    if (!status)
        status = store_ids_build(ws, v->customers, v->n,
                                 sizeof *v->customers, &rows);
    store_day_text(day, v->on);
    for (size_t k = 0; k < rows.n && !status; k++) {
        const uint32_t i = rows.items[k].place;

        store_bind_int(st, 1, v->customers[i]);
        store_bind_text(st, 2, day);
        store_bind_int(st, 3, v->contribution_fen[i]);
        store_bind_int(st, 4, v->at_stake_fen[i]);
        bind_loyalty(st, 5, v->loyalty[i]);
        bind_box(st, 6, v->box[i]);
        status = store_run(ws, st);
        if (!status)
            status = base_poll(ws->run);
    }
    store_ids_clear(&rows);
    store_finalize(st);
    return status;
}

gb_status store_save_customer_values(gb_workspace *ws,
                                     const store_values *values)
{
    const gb_status status = store_begin(ws);

    return status ? status : store_end(ws, write_customers(ws, values));
}

static gb_status take_value(gb_workspace *ws, store_statement *st,
                            base_arena *arena, store_value *out)
{
    *out = (store_value){
        .is_there = true,
        .score = store_column_int(st, 0),
        .card_points = store_column_int(st, 1),
        .chance = store_column_is_null(st, 2) ? (double)NAN
                                              : store_column_real(st, 2),
        .contribution_fen = store_column_int(st, 3),
        .at_stake_fen = store_column_int(st, 4),
        .urgency = store_column_real(st, 5),
        .loyalty = store_column_is_null(st, 6)
                       ? -1 : (int32_t)store_column_int(st, 6),
        .box = store_row_text(arena, st, 7),
        .parts_json = store_row_text(arena, st, 8)
    };
    return out->box && out->parts_json ? GB_OK : base_fail_nomem(ws->run->ctx);
}

gb_status store_load_value(gb_workspace *ws, int32_t on,
                           const char *customer_ref, base_arena *arena,
                           store_value *out)
{
    store_statement *st = NULL;
    char day[16];
    bool has_row = false;
    gb_status status = store_prepare(
        ws,
        "SELECT t.score, v.card_points, v.chance, v.contribution_fen, "
        "v.at_stake_fen, v.urgency, v.loyalty, v.box, v.parts_json "
        "FROM target_value v JOIN target t ON t.id = v.target_id "
        "JOIN customer c ON c.id = t.customer_id "
        "WHERE t.as_of = ?1 AND c.ref = ?2",
        &st);

    if (!status) {
        store_bind_text(st, 1, store_day_text(day, on));
        store_bind_text(st, 2, customer_ref);
        status = store_step(ws, st, &has_row);
    }
    *out = (store_value){ .is_there = false };
    if (!status && has_row)
        status = take_value(ws, st, arena, out);
    store_finalize(st);
    return status;
}
