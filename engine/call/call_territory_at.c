/*
 * call_territory_at.c - territory.at: whose territory a place lies in, or each
 * place of a file.
 */
#include "call_groups.h"

#include <math.h>

#include <gridbeat/territory_index.h>

#include "call_file.h"
#include "call_points.h"
#include "call_steps.h"
#include "geo_crs.h"

enum { CODE_FALSE = 1, N_REASONS = GB_POINT_INVALID + 1 };

static const char *const sentences[N_REASONS] = {
    [GB_POINT_INSIDE] = GB_N("in the territory"),
    [GB_POINT_BORDER]
    = GB_N("on the border: the first by reference of those that meet there "
           "has it"),
    [GB_POINT_NO_OWNER] = GB_N("in a territory that nobody has on that date"),
    [GB_POINT_OUTSIDE] = GB_N("in no territory"),
    [GB_POINT_INVALID] = GB_N("no place on the globe"),
};

static gb_status open_index(call *c, gb_territory_index **out)
{
    gb_territory_index_options options = GB_TERRITORY_INDEX_OPTIONS_INIT;

    options.date = call_text(c, "date");
    options.scope = c->scope_text;
    options.version = call_int(c, "number");
    return gb_territory_index_open(c->ctx, c->workspace, &options, out);
}

/* To WGS 84; what is no place stays as it is, and is told of as such. */
static gb_lonlat shift(const call *c, gb_lonlat at)
{
    gb_datum datum = GB_DATUM_WGS84;

    gb_datum_parse(call_text(c, "datum"), &datum); /* one of the choices */
    return geo_lonlat_is_sound(at)
               ? geo_datum_shift(datum, GB_DATUM_WGS84, at)
               : at;
}

/* What holds for the one and for the many. */
static json_t *describe_index(const gb_territory_index *index)
{
    gb_territory_index_info info = GB_TERRITORY_INDEX_INFO_INIT;

    gb_territory_index_about(index, &info);
    return json_pack("{s:I, s:s}", "version", (json_int_t)info.version,
                     "date", info.date);
}

/* ---- one place ---- */

static bool has_nearest(const gb_territory_answer *a)
{
    return a->reason == GB_POINT_OUTSIDE && a->other != GB_TERRITORY_NONE;
}

static gb_status one(call *c, const gb_territory_index *index, gb_lonlat at,
                     json_t *result)
{
    gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;
    json_t *more;

    at = shift(c, at);
    gb_territory_at_point(index, at, &a);
    c->code = a.manager[0] ? 0 : CODE_FALSE;
    more = json_pack(
        "{s:[f, f], s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "at",
        at.lon_deg, at.lat_deg, "reason", gb_point_reason_name(a.reason),
        "words", call_words(c, sentences[a.reason]), "on_border",
        (int)a.is_on_border, "territory", call_text_json(a.territory), "cell",
        call_text_json(a.cell), "branch", call_text_json(a.branch), "manager",
        call_text_json(a.manager), "neighbour",
        call_text_json(has_nearest(&a) ? "" : a.other_territory), "nearest",
        call_text_json(has_nearest(&a) ? a.other_territory : ""), "distance_m",
        has_nearest(&a) ? json_real(a.distance_m) : json_null());
    if (!more || json_object_update(result, more) != 0) {
        json_decref(more);
        return base_fail_nomem(c->ctx);
    }
    json_decref(more);
    return GB_OK;
}

/* ---- many places ---- */

static void put_row(base_text *text, const char *id, gb_lonlat at,
                    const gb_territory_answer *a)
{
    const char *const fields[] = { gb_point_reason_name(a->reason),
                                   a->territory, a->cell, a->branch,
                                   a->manager, a->other_territory };
    const bool is_place = a->reason != GB_POINT_INVALID;
    char number[40];

    base_text_csv(text, id);
    base_text_add(text, ",");
    base_text_add(text,
                  is_place ? base_real_text(number, at.lon_deg, 7) : "");
    base_text_add(text, ",");
    base_text_add(text,
                  is_place ? base_real_text(number, at.lat_deg, 7) : "");
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        base_text_add(text, ",");
        base_text_csv(text, fields[i]);
    }
    base_text_add(text, ",");
    if (has_nearest(a))
        base_text_add(text, base_real_text(number, a->distance_m, 1));
    base_text_add(text, "\n");
}

static gb_status put_counts(call *c, json_t *result, const size_t n[],
                            size_t n_points)
{
    bool is_ok = call_put(result, "points", json_integer((json_int_t)n_points));

    for (int32_t r = 0; r < N_REASONS && is_ok; r++)
        is_ok = call_put(result, gb_point_reason_name(r),
                         json_integer((json_int_t)n[r]));
    return is_ok ? GB_OK : base_fail_nomem(c->ctx);
}

static gb_status many(call *c, const gb_territory_index *index,
                      const call_points *points, json_t *result)
{
    size_t n[N_REASONS] = { 0 };
    base_text text;
    gb_status status;

    base_text_init(&text, c->mem);
    base_text_add(&text, "id,lon,lat,reason,territory,cell,branch,manager,"
                         "other_territory,distance_m\n");
    for (size_t i = 0; i < points->n && !text.is_short; i++) {
        const gb_lonlat at = shift(c, points->at[i]);
        gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;

        gb_territory_at_point(index, at, &a);
        n[a.reason]++;
        put_row(&text, points->ids[i], at, &a);
    }
    status = put_counts(c, result, n, points->n);
    if (!status)
        status = call_file_give(c, result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status read_points(call *c, call_points *points)
{
    if (call_has(c, "points") == call_has(c, "at"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "either a place (at) or a file (points) must be "
                         "given");
    return call_has(c, "points")
               ? call_points_read(c, call_text(c, "points"), points)
               : GB_OK;
}

static gb_status run(call *c, json_t **result)
{
    gb_territory_index *index = NULL;
    call_points points = { 0 };
    gb_lonlat at = { 0, 0 };
    gb_status status;

    base_arena_init(&points.arena, c->mem);
    status = read_points(c, &points);
    if (!status)
        status = open_index(c, &index);
    if (!status)
        status = call_result(c, result, describe_index(index));
    if (!status)
        status = call_lonlat(c, "at", &at) ? one(c, index, at, *result)
                                           : many(c, index, &points, *result);
    gb_territory_index_free(index);
    call_points_clear(c, &points);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "at", .type = CALL_LONLAT,
      .help = GB_N("a place, in the datum given") },
    { .name = "points", .type = CALL_PATH,
      .help = GB_N("CSV with the columns id, lon, lat: many places instead") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("CSV for the answers to a file; else to the console") },
    { .name = "date", .type = CALL_DATE,
      .help = GB_N("the day of territories and owners; else the first of the "
                   "active version") },
    { .name = "number", .type = CALL_INT, .min = 1, .max = INT64_MAX,
      .help = GB_N("a version; else the one in force") },
    { .name = "datum", .type = CALL_ENUM,
      .choices = "wgs84|gcj02|bd09|cgcs2000", .fallback = "wgs84",
      .help = GB_N("of the coordinates given") },
};
static const call_column owner_columns[] = {
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "cell", GB_N("cell"), CALL_SHOW_PLAIN },
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "manager", GB_N("manager"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "words", .text = GB_N("{words}") },
    { .when = "territory", CALL_COLUMNS(owner_columns) },
    { .when = "nearest",
      .text = GB_N("the nearest is {nearest}, {distance_m:m} away") },
    { .when = "neighbour", .text = GB_N("on the other side: {neighbour}") },
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file",
      .text = GB_N("{points} places: {inside} in a territory, {border} on a "
                   "border, {no_owner} without an owner, {outside} outside, "
                   "{invalid} no places; {file}") },
};

static const call_method methods[] = {
    { .name = "territory.at",
      .help = GB_N("Tell whose territory a place lies in"),
      .workspace = CALL_READS, .is_scoped = true, CALL_PARAMS(params),
      CALL_BLOCKS(blocks), .run = run },
};
const call_group call_territory_at_group = CALL_GROUP(methods);
