/*
 * roads_file_profile.c - see roads_file_profile.h.
 */
#include "roads_file_profile.h"

#include <string.h>

#include "base_check.h"

/* One walk over all fields serves both directions. */
typedef struct walk {
    uint8_t *at;
    bool is_reading;
    bool is_good;
} walk;

static void bytes(walk *w, void *field, size_t n)
{
    if (w->is_reading)
        memcpy(field, w->at, n);
    else
        memcpy(w->at, field, n);
    w->at += n;
}

/* Read as a byte: another value than these two is none of a bool. */
static void flag(walk *w, bool *field)
{
    uint8_t byte = w->is_reading ? 0 : *field;

    bytes(w, &byte, 1);
    w->is_good &= byte <= 1;
    if (w->is_reading)
        *field = byte == 1;
}

/* Neither negative nor out of all bounds; false for what is no number. */
static void number(walk *w, double *field)
{
    bytes(w, field, sizeof *field);
    w->is_good &= *field >= 0 && *field <= 1e9;
}

static void mode(walk *w, roads_mode_profile *m)
{
    bytes(w, m->speed_dkmh, sizeof m->speed_dkmh);
    bytes(w, m->own_dkmh, sizeof m->own_dkmh);
    bytes(w, m->is_end, sizeof m->is_end);
    bytes(w, &m->is_end_private, 1);
    bytes(w, &m->is_end_destination, 1);
    number(w, &m->limit_share);
    flag(w, &m->limit_raises);
    bytes(w, &m->push_dkmh, 2);
    bytes(w, &m->slowest_dkmh, 2);
    bytes(w, &m->fastest_dkmh, 2);
    flag(w, &m->contraflow);
    flag(w, &m->is_turn_aware);
    number(w, &m->turns.turn_s);
    number(w, &m->turns.bias);
    number(w, &m->turns.u_turn_s);
    flag(w, &m->turns.u_turn_anywhere);
    number(w, &m->turns.signal_s);
}

static void band(walk *w, roads_band *b)
{
    bytes(w, b->name, sizeof b->name);
    bytes(w, &b->day_kinds, 1);
    bytes(w, &b->from_min, 2);
    bytes(w, &b->to_min, 2);
    for (int m = 0; m < GB_MODE_COUNT; m++)
        for (int c = 0; c < ROADS_CLASS_COUNT; c++)
            number(w, &b->factor[m][c]);
    w->is_good &= b->name[sizeof b->name - 1] == '\0';
}

static bool walk_all(roads_profile *profile, uint8_t *at, bool is_reading)
{
    walk w = { at, is_reading, true };
    uint8_t n_bands = (uint8_t)profile->n_bands;

    for (int m = 0; m < GB_MODE_COUNT; m++)
        mode(&w, &profile->modes[m]);
    for (int b = 0; b < ROADS_MAX_BANDS; b++)
        band(&w, &profile->bands[b]);
    bytes(&w, &n_bands, 1);
    profile->n_bands = n_bands;
    assert(w.at == at + ROADS_FILE_PROFILE_BYTES);
    return w.is_good && n_bands <= ROADS_MAX_BANDS;
}

void roads_file_profile_put(const roads_profile *profile,
                            uint8_t out[ROADS_FILE_PROFILE_BYTES])
{
    roads_profile copy = *profile;

    /* What lies behind a name's end, and behind the last band, is nothing. */
    for (int b = 0; b < ROADS_MAX_BANDS; b++) {
        const size_t n = strnlen(copy.bands[b].name, ROADS_MAX_BAND_NAME - 1);

        memset(copy.bands[b].name + n, 0, ROADS_MAX_BAND_NAME - n);
        if (b >= copy.n_bands)
            memset(&copy.bands[b], 0, sizeof copy.bands[b]);
    }
    (void)walk_all(&copy, out, false);
}

bool roads_file_profile_get(const uint8_t from[ROADS_FILE_PROFILE_BYTES],
                            roads_profile *out)
{
    uint8_t copy[ROADS_FILE_PROFILE_BYTES];

    memcpy(copy, from, sizeof copy);
    memset(out, 0, sizeof *out);
    return walk_all(out, copy, true);
}
