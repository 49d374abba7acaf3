/*
 * call_lead.c - lead.assign and lead.list: who gets a lead, by where it is.
 */
#include "call_groups.h"

#include <math.h>
#include <string.h>

#include <gridbeat/territory_index.h>

#include "call_points.h"
#include "call_territory.h"
#include "geo_crs.h"
#include "store_db.h"
#include "store_lead.h"

/* ---- assign ---- */

static gb_status read_places(call *c, call_points *points, gb_lonlat *at)
{
    if (call_has(c, "points") == call_has(c, "at"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "either a place (at) or a file (points) must be "
                         "given");
    if (call_has(c, "points"))
        return call_points_read(c, call_text(c, "points"), points);
    if (!call_has(c, "lead"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "which lead is it? a reference is needed");
    call_lonlat(c, "at", at);
    return GB_OK;
}

static gb_lonlat to_wgs84(const call *c, gb_lonlat at)
{
    gb_datum datum = GB_DATUM_WGS84;

    gb_datum_parse(call_text(c, "datum"), &datum);
    return geo_lonlat_is_sound(at)
               ? geo_datum_shift(datum, GB_DATUM_WGS84, at) : at;
}

/* Texts are those of the index, which outlives the leads. */
static store_lead answer(const gb_territory_index *index, const char *ref,
                         gb_lonlat at)
{
    gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;

    gb_territory_at_point(index, at, &a);
    return (store_lead){ .ref = ref, .territory = a.territory,
                         .cell = a.cell, .manager = a.manager,
                         .reason = gb_point_reason_name(a.reason),
                         .at = at };
}

static json_t *describe(const store_lead *l)
{
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "lead",
                     call_string(l->ref), "manager",
                     call_text_json(l->manager), "reason", l->reason,
                     "territory", call_text_json(l->territory), "cell",
                     call_text_json(l->cell), "lon",
                     call_real_json(l->at.lon_deg), "lat",
                     call_real_json(l->at.lat_deg));
}

/* Those who have an owner come first in the array: they are remembered. */
static gb_status save(call *c, const store_lead *leads, size_t n)
{
    base_run run;

    call_enter_store(c, &run);
    return call_leave_store(c, &run,
                            store_save_leads(c->workspace, leads, n));
}

static gb_status tell(call *c, const store_lead *leads, size_t n,
                      size_t n_saved, const char *date, json_t **result)
{
    json_t *list = json_array();
    size_t n_owned = 0;

    for (size_t i = 0; i < n; i++) {
        n_owned += leads[i].manager[0] != '\0';
        json_array_append_new(list, describe(&leads[i]));
    }
    c->code = n_owned < n ? CALL_CODE_FALSE : 0;
    return call_result(c, result,
                       json_pack("{s:s, s:I, s:I, s:I, s:o}", "date", date,
                                 "n", (json_int_t)n, "assigned",
                                 (json_int_t)n_owned, "saved",
                                 (json_int_t)n_saved, "leads", list));
}

static gb_status assign_all(call *c, const gb_territory_index *index,
                            const call_points *points, gb_lonlat at,
                            json_t **result)
{
    const size_t n = call_has(c, "at") ? 1 : points->n;
    gb_territory_index_info info = GB_TERRITORY_INDEX_INFO_INIT;
    store_lead *all = base_alloc_array(c->mem, n, sizeof *all);
    store_lead *owned = base_alloc_array(c->mem, n, sizeof *owned);
    size_t n_owned = 0;
    gb_status status = all && owned ? GB_OK : base_fail_nomem(c->ctx);

    gb_territory_index_about(index, &info);
    for (size_t i = 0; i < n && !status; i++) {
        all[i] = answer(index,
                        call_has(c, "at") ? call_text(c, "lead")
                                          : points->ids[i],
                        to_wgs84(c, call_has(c, "at") ? at
                                                      : points->at[i]));
        all[i].day = store_day_parse(info.date);
        if (all[i].manager[0])
            owned[n_owned++] = all[i];
    }
    if (!status && call_flag(c, "save"))
        status = save(c, owned, n_owned);
    if (!status)
        status = tell(c, all, n, call_flag(c, "save") ? n_owned : 0,
                      info.date, result);
    base_free(c->mem, all);
    base_free(c->mem, owned);
    return status;
}

static gb_status assign(call *c, json_t **result)
{
    gb_territory_index_options options = GB_TERRITORY_INDEX_OPTIONS_INIT;
    gb_territory_index *index = NULL;
    call_points points = { 0 };
    gb_lonlat at = { 0, 0 };
    gb_status status;

    base_arena_init(&points.arena, c->mem);
    options.date = call_text(c, "date");
    status = read_places(c, &points, &at);
    if (!status)
        status = gb_territory_index_open(c->ctx, c->workspace, &options,
                                         &index);
    if (!status)
        status = assign_all(c, index, &points, at, result);
    gb_territory_index_free(index);
    call_points_clear(c, &points);
    return status;
}

/* ---- list ---- */

static gb_status list(call *c, json_t **result)
{
    store_leads leads;
    json_t *rows = json_array();
    base_run run;
    gb_status status;

    memset(&leads, 0, sizeof leads);
    call_enter_store(c, &run);
    status = call_leave_store(c, &run,
                              store_load_leads(c->workspace,
                                               call_text(c, "manager"),
                                               &leads));
    for (size_t i = 0; i < leads.n && !status; i++) {
        json_t *row = describe(&leads.items[i]);

        if (row)
            call_put(row, "date", call_day_json(leads.items[i].day));
        json_array_append_new(rows, row);
    }
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:I, s:O}", "n",
                                       (json_int_t)leads.n, "leads", rows));
    json_decref(rows);
    store_leads_clear(&leads);
    return status;
}

/* ---- the table ---- */

static const call_param assign_params[] = {
    { .name = "lead", .type = CALL_TEXT, .is_positional = true,
      .help = GB_N("the reference of the lead") },
    { .name = "at", .type = CALL_LONLAT,
      .help = GB_N("a place, in the datum given") },
    { .name = "points", .type = CALL_PATH,
      .help = GB_N("CSV with the columns id, lon, lat: many leads instead") },
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("the day of territories and owners; else the first of the "
                   "active version") },
    { .name = "datum", .type = CALL_ENUM,
      .choices = "wgs84|gcj02|bd09|cgcs2000", .fallback = "wgs84",
      .help = GB_N("of the coordinates given") },
    { .name = "save", .type = CALL_BOOL, .fallback = "false",
      .help = GB_N("remember who got them") },
};
static const call_param list_params[] = {
    { .name = "manager", .type = CALL_TEXT, .help = GB_N("of one manager") },
};
static const call_column assign_columns[] = {
    { "lead", GB_N("lead"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "reason", GB_N("reason"), CALL_SHOW_PLAIN },
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "cell", GB_N("cell"), CALL_SHOW_PLAIN },
};
static const call_column list_columns[] = {
    { "lead", GB_N("lead"), CALL_SHOW_PLAIN },
    { "date", GB_N("day"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
    { "reason", GB_N("reason"), CALL_SHOW_PLAIN },
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "cell", GB_N("cell"), CALL_SHOW_PLAIN },
};
static const call_block assign_blocks[] = {
    { .text = GB_N("{assigned} of {n} leads have an owner on {date}, {saved} "
                   "were stored") },
    { .when = "leads", .rows = "leads", CALL_COLUMNS(assign_columns) },
};
static const call_block list_blocks[] = {
    { .when = "leads", .rows = "leads", CALL_COLUMNS(list_columns) },
};

static const call_method methods[] = {
    { .name = "lead.assign",
      .help = GB_N("Give leads to whose territory they lie in"),
      .workspace = CALL_WRITES, CALL_PARAMS(assign_params),
      CALL_BLOCKS(assign_blocks), .run = assign },
    { .name = "lead.list", .help = GB_N("List leads that were given"),
      .workspace = CALL_READS, CALL_PARAMS(list_params),
      CALL_BLOCKS(list_blocks), .run = list },
};
const call_group call_lead_group = CALL_GROUP(methods);
