/*
 * roads_api.c - implements gridbeat/roads.h.
 */
#include <gridbeat/roads.h>

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base_options.h"
#include "base_run.h"
#include "roads_api.h"
#include "roads_build.h"
#include "roads_check.h"
#include "roads_customise.h"
#include "roads_file.h"

static const char *const mode_names[GB_MODE_COUNT] = { "foot", "ebike",
                                                       "car" };

bool gb_mode_parse(const char *name, gb_mode *out)
{
    if (!name || !out)
        return false;
    if (strcasecmp(name, "e-bike") == 0)
        name = mode_names[GB_MODE_EBIKE];
    for (int m = 0; m < GB_MODE_COUNT; m++)
        if (strcasecmp(name, mode_names[m]) == 0) {
            *out = (gb_mode)m;
            return true;
        }
    return false;
}

const char *gb_mode_name(gb_mode mode)
{
    return (unsigned)mode < GB_MODE_COUNT ? mode_names[mode] : "?";
}

gb_status roads_check_mode_known(gb_context *ctx, int32_t mode)
{
    return mode >= 0 && mode < GB_MODE_COUNT
               ? GB_OK
               : base_fail(ctx, GB_ERR_ARGUMENT, "no such travel mode: %d",
                           mode);
}

gb_status roads_check_size(gb_context *ctx, const void *out, size_t first)
{
    size_t size;

    memcpy(&size, out, sizeof size);
    return size >= first && size <= 4096
               ? GB_OK
               : base_fail(ctx, GB_ERR_OPTIONS,
                           "a result struct of %zu bytes, expected %zu or more",
                           size, first);
}

void roads_give(void *out, const void *from, size_t known)
{
    size_t size;

    memcpy(&size, out, sizeof size);
    memcpy((char *)out + sizeof size, (const char *)from + sizeof size,
           (size < known ? size : known) - sizeof size);
}

static gb_status check_place(gb_context *ctx, const gb_roads *roads,
                             int32_t mode, const gb_roads_place *place,
                             const char *which, size_t i)
{
    if (place->status == GB_SNAP_FAR || place->status == GB_SNAP_INVALID)
        return GB_OK;
    if (place->status != GB_SNAP_OK)
        return base_fail(ctx, GB_ERR_ARGUMENT, "place %s %zu: never snapped",
                         which, i);
    if (place->mode != mode)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "place %s %zu: snapped for %s, asked for %s", which,
                         i, gb_mode_name((gb_mode)place->mode),
                         gb_mode_name((gb_mode)mode));
    if (place->link >= roads->map.n_links
        || place->along_cm > roads->map.links[place->link].cm)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "place %s %zu: not of this road index", which, i);
    return GB_OK;
}

gb_status roads_check_places(gb_context *ctx, const gb_roads *roads,
                             int32_t mode, const gb_roads_place *places,
                             size_t n, const char *which)
{
    gb_status status = GB_OK;

    if (n && !places)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no places %s", which);
    for (size_t i = 0; i < n && !status; i++)
        status = check_place(ctx, roads, mode, &places[i], which, i);
    return status;
}

/* ---- build ---- */

/* What the two builds have in common: options, report, profile. */
static gb_status take_build(gb_context *ctx, const char *out_path,
                            const gb_roads_options *options,
                            const gb_roads_report *report,
                            roads_profile *profile)
{
    gb_roads_options known;
    gb_status status = base_options_take(ctx, &known, sizeof known, options,
                                         sizeof known);

    if (!status && report)
        status = roads_check_size(ctx, report, sizeof *report);
    if (status)
        return status;
    if (!out_path || !*out_path)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a build needs the path of an index to write");
    if (known.ebike_contraflow < 0 || known.ebike_contraflow > 1)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "ebike_contraflow is %d, not 0 or 1",
                         known.ebike_contraflow);
    roads_profile_default(profile);
    if (known.profile_json)
        status = roads_profile_parse(ctx, known.profile_json, profile);
    if (known.ebike_contraflow)
        profile->modes[GB_MODE_EBIKE].contraflow = true;
    return status;
}

gb_status gb_roads_build(gb_context *ctx, const char *osm_path,
                         const char *out_path,
                         const gb_roads_options *options,
                         gb_roads_report *report)
{
    roads_profile profile;
    gb_roads_report told = { .size = sizeof told };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!osm_path)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a build needs the path of a map");
    status = take_build(ctx, out_path, options, report, &profile);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = base_run_end(&run, roads_build_osm(&run, osm_path, out_path,
                                                &profile, &told));
    if (!status && report)
        roads_give(report, &told, sizeof told);
    return status;
}

gb_status gb_roads_build_links(gb_context *ctx, const gb_roads_links *links,
                               const char *out_path,
                               const gb_roads_options *options,
                               gb_roads_row_fn *on_row, void *user,
                               gb_roads_report *report)
{
    gb_roads_links known;
    roads_profile profile;
    gb_roads_report told = { .size = sizeof told };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!links)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a build needs the path of a table of links");
    status = base_options_take(ctx, &known, sizeof known, links,
                               sizeof known);
    if (!status && !known.links_path)
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "a build needs the path of a table of links");
    if (!status)
        status = take_build(ctx, out_path, options, report, &profile);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = base_run_end(&run, roads_build_links(&run, &known, out_path,
                                                  &profile, on_row, user,
                                                  &told));
    if (!status && report)
        roads_give(report, &told, sizeof told);
    return status;
}

/* ---- the index ---- */

gb_status gb_roads_open(gb_context *ctx, const char *path, gb_roads **out)
{
    base_enter(ctx);
    if (out)
        *out = NULL;
    if (!path || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no path of a road index, or nowhere to put it");
    return roads_file_open(ctx, path, out);
}

void gb_roads_close(gb_roads *roads)
{
    roads_file_close(roads);
}

static gb_roads_mode_info info_of(const gb_roads *roads, int mode)
{
    const roads_mode *m = &roads->modes[mode];

    return (gb_roads_mode_info){
        .nodes = m->states.n_states,
        .arcs = m->states.n_arcs,
        .links = m->metric.n_routable,
        .edges = m->hierarchy.up.n + m->hierarchy.down.n,
        .shortcuts = m->metric.up.n_arcs + m->metric.down.n_arcs,
        .open_m = m->metric.open_cm / 100,
        .routable_m = m->metric.routable_cm / 100,
        .is_turn_aware = roads->profile.modes[mode].is_turn_aware,
    };
}

gb_status gb_roads_info(gb_context *ctx, const gb_roads *roads,
                        gb_roads_facts *out)
{
    gb_roads_facts facts = { .size = sizeof facts, .version = ROADS_VERSION };
    gb_status status;

    base_enter(ctx);
    if (!roads || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index");
    status = roads_check_size(ctx, out, sizeof *out);
    if (status)
        return status;
    facts.ebike_contraflow = roads->profile.modes[GB_MODE_EBIKE].contraflow;
    memcpy(facts.hash, roads->hash, sizeof facts.hash);
    facts.south_west = roads_e7_lonlat(roads->south_west);
    facts.north_east = roads_e7_lonlat(roads->north_east);
    facts.file_bytes = roads->n_bytes;
    facts.lines = roads->lines.n_lines;
    facts.links = roads->map.n_links;
    facts.names = roads->map.n_names - (roads->map.n_names > 0);
    facts.restrictions = roads->map.n_bans;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        facts.modes[m] = info_of(roads, m);
    roads_give(out, &facts, sizeof facts);
    return GB_OK;
}

/* ---- lines ---- */

gb_status gb_roads_lines(gb_context *ctx, const gb_roads *roads,
                         gb_roads_line_set *out)
{
    base_enter(ctx);
    if (!roads || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index");
    *out = roads->lines;
    return GB_OK;
}

/* ---- profiles and hours ---- */

gb_status gb_roads_customise(gb_context *ctx, const gb_roads *roads,
                             const gb_roads_speeds *speeds, gb_roads **out)
{
    gb_roads_speeds known;
    roads_profile profile;
    base_run run;
    int band = -1;
    gb_status status;

    base_enter(ctx);
    if (out)
        *out = NULL;
    if (!roads || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, or nowhere to put another");
    status = base_options_take(ctx, &known, sizeof known, speeds,
                               sizeof known);
    if (!status && known.mode != -1)
        status = roads_check_mode_known(ctx, known.mode);
    if (status)
        return status;
    profile = roads->profile;
    if (known.profile_json)
        status = roads_profile_parse(ctx, known.profile_json, &profile);
    if (status)
        return status;
    if (known.band)
        band = roads_profile_band(&profile, known.band);
    if (known.band && band < 0)
        return base_fail(ctx, GB_ERR_DATA,
                         "the profile has no time band \"%s\"", known.band);
    if (!roads_profile_same_states(&roads->profile, &profile,
                                   roads->map.kinds, roads->map.n_kinds))
        return base_fail(ctx, GB_ERR_DATA,
                         "the profile differs in what is for a route's end "
                         "only, or in whether turns count: build the index "
                         "again with it");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run, roads_customise(&run, roads, known.mode,
                                              &profile, band, out));
}

gb_status gb_roads_save(gb_context *ctx, const gb_roads *roads,
                        const char *path)
{
    gb_roads copy;
    base_run run;

    base_enter(ctx);
    if (!roads || !path || !*path)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index, or no path");
    copy = *roads; /* its hash and size are the new file's */
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run, roads_file_write(&run, path, &copy));
}

size_t gb_roads_band_count(const gb_roads *roads)
{
    return roads ? (size_t)roads->profile.n_bands : 0;
}

gb_status gb_roads_band_at(gb_context *ctx, const gb_roads *roads, size_t i,
                           gb_roads_band *out)
{
    gb_roads_band band = { .size = sizeof band };
    const roads_band *from;
    gb_status status;

    base_enter(ctx);
    if (!roads || !out || i >= (size_t)roads->profile.n_bands)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no such time band");
    status = roads_check_size(ctx, out, sizeof *out);
    if (status)
        return status;
    from = &roads->profile.bands[i];
    memcpy(band.name, from->name, sizeof band.name);
    band.day_kinds = from->day_kinds;
    band.from_min = from->from_min;
    band.to_min = from->to_min;
    roads_give(out, &band, sizeof band);
    return GB_OK;
}

gb_status gb_roads_profile_json(gb_context *ctx, const gb_roads *roads,
                                size_t capacity, char *text, size_t *n_needed)
{
    roads_profile profile;
    base_text out;
    gb_status status = GB_OK;

    base_enter(ctx);
    if (!n_needed || (capacity && !text))
        return base_fail(ctx, GB_ERR_ARGUMENT, "nowhere to put a profile");
    *n_needed = 0;
    if (roads)
        profile = roads->profile;
    else
        roads_profile_default(&profile);
    base_text_init(&out, ctx->mem);
    roads_profile_write(&profile, &out);
    if (out.is_short)
        status = base_fail_nomem(ctx);
    else
        *n_needed = out.n + 1;
    if (!status && *n_needed > capacity)
        status = base_fail(ctx, GB_ERR_BUFFER,
                           "the profile has %zu bytes, there is room for %zu",
                           *n_needed, capacity);
    if (!status)
        memcpy(text, out.chars, *n_needed);
    base_text_clear(&out);
    return status;
}

int32_t gb_roads_arrival_s(const gb_roads_hours *hours, size_t n_hours,
                           int32_t depart_s)
{
    return hours && depart_s >= 0 ? roads_arrival_s(hours, n_hours, depart_s)
                                  : GB_ROADS_UNREACHABLE;
}

/* ---- checking ---- */

gb_status gb_roads_check(gb_context *ctx, const gb_roads *roads,
                         const gb_roads_check_options *options,
                         gb_roads_check_report *report)
{
    gb_roads_check_options known;
    gb_roads_check_report told = { .size = sizeof told };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!roads || !report)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index, or no report");
    status = base_options_take(ctx, &known, sizeof known, options,
                               sizeof known);
    if (!status)
        status = roads_check_size(ctx, report, sizeof *report);
    if (status)
        return status;
    if (known.n_pairs == 0)
        known.n_pairs = 1000;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("comparing with plain searches"), 0, 1,
                   GB_MODE_COUNT * known.n_pairs);
    status = roads_file_check_again(ctx, roads);
    for (int m = 0; m < GB_MODE_COUNT && !status; m++)
        status = roads_check_mode(&run, roads, (gb_mode)m, known.n_pairs,
                                  known.seed, &told);
    status = base_run_end(&run, status);
    if (!status)
        roads_give(report, &told, sizeof told);
    return status;
}
