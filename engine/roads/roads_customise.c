/*
 * roads_customise.c - see roads_customise.h.
 */
#include "roads_customise.h"

#include <stdatomic.h>
#include <string.h>
#include <xxhash.h>

#include "roads_file.h"

struct roads_weights {
    atomic_uint count;
    base_mem *mem; /* counted */
    roads_metric_built built;
};

roads_weights *roads_weights_ref(roads_weights *weights)
{
    if (weights)
        atomic_fetch_add(&weights->count, 1);
    return weights;
}

void roads_weights_unref(roads_weights *weights)
{
    base_mem *mem;

    if (!weights || atomic_fetch_sub(&weights->count, 1) > 1)
        return;
    mem = weights->mem;
    roads_metric_clear(mem, &weights->built);
    base_free(mem, weights);
    base_mem_unref(mem);
}

static gb_status weigh_mode(base_run *run, gb_roads *roads, gb_mode mode,
                            int band)
{
    roads_mode *m = &roads->modes[mode];
    roads_weights *weights = base_alloc_zeroed(run->mem, 1, sizeof *weights);
    gb_status status;

    if (!weights)
        return base_fail_nomem(run->ctx);
    atomic_init(&weights->count, 1);
    weights->mem = base_mem_ref(run->mem);
    status = roads_metric_weigh(run, &roads->map, &m->states, &roads->profile,
                                mode, band, &weights->built);
    if (!status)
        status = roads_metric_customise(run, &m->states, &m->hierarchy,
                                        &weights->built);
    if (status) {
        roads_weights_unref(weights);
        return status;
    }
    roads_weights_unref(m->weights);
    m->weights = weights;
    m->metric = weights->built.view;
    m->band = band;
    return GB_OK;
}

/* An index is named by its file and by its weights. */
static void name_index(gb_roads *roads)
{
    struct {
        uint8_t hash[sizeof roads->hash];
        XXH128_canonical_t weights[GB_MODE_COUNT][2];
    } parts;
    XXH128_canonical_t name;

    memset(&parts, 0, sizeof parts);
    memcpy(parts.hash, roads->hash, sizeof parts.hash);
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const roads_metric *metric = &roads->modes[m].metric;

        if (!roads->modes[m].weights)
            continue;
        XXH128_canonicalFromHash(
            &parts.weights[m][0],
            XXH3_128bits(metric->street_weights,
                         2 * roads->map.n_links
                             * sizeof *metric->street_weights));
        XXH128_canonicalFromHash(
            &parts.weights[m][1],
            XXH3_128bits(metric->turn_weights,
                         ROADS_TURN_COUNT * sizeof *metric->turn_weights));
    }
    XXH128_canonicalFromHash(&name, XXH3_128bits(&parts, sizeof parts));
    memset(roads->hash, 0, sizeof roads->hash);
    memcpy(roads->hash, &name, sizeof name);
}

/*
 * The bands are those of all modes.  A mode that stays as it is, weighed for
 * one of them, must find it among the new ones as it was.
 */
static gb_status keep_band(base_run *run, gb_roads *own,
                           const roads_profile *profile, gb_mode mode)
{
    int32_t *band = &own->modes[mode].band;
    const roads_band *old = &own->profile.bands[*band < 0 ? 0 : *band];
    int found;

    if (*band < 0)
        return GB_OK;
    found = roads_profile_band(profile, old->name);
    if (found < 0
        || memcmp(old->factor[mode], profile->bands[found].factor[mode],
                  sizeof old->factor[mode]) != 0)
        return base_fail(run->ctx, GB_ERR_DATA,
                         "%s has the speeds of the time band \"%s\", which "
                         "the profile changes: change all modes at once",
                         gb_mode_name(mode), old->name);
    *band = found;
    return GB_OK;
}

gb_status roads_customise(base_run *run, const gb_roads *roads, int mode,
                          const roads_profile *profile, int band,
                          gb_roads **out)
{
    gb_roads *own = base_alloc(run->mem, sizeof *own);
    const int first = mode < 0 ? 0 : mode;
    const int last = mode < 0 ? GB_MODE_COUNT - 1 : mode;
    gb_status status = GB_OK;

    if (!own)
        return base_fail_nomem(run->ctx);
    *own = *roads;
    own->mem = base_mem_ref(run->mem);
    roads_mapping_ref(own->mapping);
    for (int m = 0; m < GB_MODE_COUNT; m++)
        roads_weights_ref(own->modes[m].weights);
    for (int m = 0; m < GB_MODE_COUNT && !status; m++)
        if (m < first || m > last)
            status = keep_band(run, own, profile, (gb_mode)m);
    memcpy(own->profile.bands, profile->bands, sizeof profile->bands);
    own->profile.n_bands = profile->n_bands;
    base_run_phase(run, GB_N("weighing the streets"), 0, 1,
                   (uint64_t)(last - first + 1));
    for (int m = first; m <= last && !status; m++) {
        own->profile.modes[m] = profile->modes[m];
        status = weigh_mode(run, own, (gb_mode)m, band);
        if (!status)
            status = base_poll(run);
    }
    if (status) {
        roads_file_close(own);
        return status;
    }
    name_index(own);
    *out = own;
    return GB_OK;
}

/* ---- hours ---- */

enum { DAY_S = 86400 };

int32_t roads_arrival_s(const gb_roads_hours *hours, size_t n_hours,
                        int32_t depart_s)
{
    double now = depart_s, left = 1; /* share of the trip */
    const int64_t n_rounds = 366 * (int64_t)n_hours;
    size_t i = 0;

    if (n_hours == 0)
        return GB_ROADS_UNREACHABLE;
    while (i + 1 < n_hours
           && hours[i + 1].from_s <= (int32_t)(depart_s % DAY_S))
        i++;
    for (int64_t round = 0; round < n_rounds; round++) {
        const double day = floor(now / DAY_S) * DAY_S;
        const double end =
            i + 1 < n_hours ? day + hours[i + 1].from_s : day + DAY_S;
        const double travel = hours[i].travel_s;

        if (hours[i].travel_s != GB_ROADS_UNREACHABLE) {
            if (now + left * travel <= end)
                return now + left * travel + 0.5 < GB_ROADS_UNREACHABLE
                           ? (int32_t)(now + left * travel + 0.5)
                           : GB_ROADS_UNREACHABLE;
            left -= (end - now) / travel;
        }
        now = end;
        i = i + 1 < n_hours ? i + 1 : 0;
    }
    return GB_ROADS_UNREACHABLE;
}
