/*
 * call_travel.c - see call_travel.h.
 */
#include "call_travel.h"

#include <string.h>

#include "call_file.h"

/* The bands there are, below an error about one that is not. */
static void note_bands(call *c, const gb_roads *roads)
{
    base_text names;

    base_text_init(&names, c->mem);
    for (size_t i = 0; i < gb_roads_band_count(roads); i++) {
        gb_roads_band band = { .size = sizeof band };

        if (gb_roads_band_at(c->ctx, roads, i, &band) == GB_OK)
            base_text_format(&names, "%s%s", i ? ", " : "", band.name);
    }
    if (names.chars)
        call_note(c, GB_N("the index has: %s"), names.chars);
    base_text_clear(&names);
}

static bool has_band(gb_context *ctx, const gb_roads *roads, const char *name)
{
    for (size_t i = 0; i < gb_roads_band_count(roads); i++) {
        gb_roads_band band = { .size = sizeof band };

        if (gb_roads_band_at(ctx, roads, i, &band) == GB_OK
            && strcmp(band.name, name) == 0)
            return true;
    }
    return false;
}

/* Other speeds than those of the file, where they are asked for. */
static gb_status customise(call *c, call_travel *travel)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    char *profile = NULL;
    bool is_band_known;
    gb_status status = call_file_text(c, "profile", &profile);

    speeds.mode = (int32_t)travel->mode;
    speeds.profile_json = profile;
    speeds.band = call_text(c, "band");
    is_band_known = !speeds.band || profile
                    || has_band(c->ctx, travel->roads, speeds.band);
    if (!is_band_known)
        note_bands(c, travel->roads);
    if (!status)
        status = gb_roads_customise(c->ctx, travel->roads, &speeds,
                                    &travel->own);
    if (!status)
        travel->roads = travel->own;
    base_free(c->mem, profile);
    return status;
}

gb_status call_travel_open(call *c, call_travel *out)
{
    gb_status status;

    memset(out, 0, sizeof *out);
    gb_mode_parse(call_text(c, "mode"), &out->mode); /* one of the choices */
    status = call_roads(c, call_text(c, "roads"), &out->roads);
    if (!status && (call_has(c, "profile") || call_has(c, "band")))
        status = customise(c, out);
    return status;
}

void call_travel_close(call_travel *travel)
{
    gb_roads_close(travel->own);
    travel->own = NULL;
}

gb_status call_travel_snap(call *c, const call_travel *travel,
                           const gb_lonlat *at, size_t n, gb_roads_place *out)
{
    gb_snap_options options = GB_SNAP_OPTIONS_INIT;

    options.max_snap_m = call_real(c, "max_snap_m");
    return gb_roads_snap(c->ctx, travel->roads, travel->mode, at, n, &options,
                         out);
}

gb_status call_travel_snap_all(call *c, const call_travel *travel,
                               const call_points *points,
                               gb_roads_place **out)
{
    *out = base_alloc_array(c->mem, points->n, sizeof **out);
    if (!*out)
        return base_fail_nomem(c->ctx);
    return call_travel_snap(c, travel, points->at, points->n, *out);
}

bool call_put_set_aside(json_t *list, const call_points *points,
                        const gb_roads_place *places)
{
    for (size_t i = 0; i < points->n; i++)
        if (places[i].status != GB_SNAP_OK
            && !call_put(list, NULL, call_string(points->ids[i])))
            return false;
    return true;
}

const char *call_snap_word(int32_t status)
{
    static const char *const words[] = { "ok", "far", "invalid" };

    return status >= 0 && status < (int32_t)COUNT_OF(words) ? words[status]
                                                            : "invalid";
}
