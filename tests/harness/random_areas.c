#include "random_areas.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = RANDOM_AREAS_MOST, ARCS = RANDOM_AREAS_MOST * 24, PAIRS = 6 };

typedef struct random_areas_store {
    gb_point centres[MOST];
    double sizes[MOST], perimeters[MOST];
    double activity[RANDOM_MEASURES_MOST * MOST];
    uint32_t first[MOST + 1], neighbours[ARCS];
    double border[ARCS];
    uint8_t barriers[ARCS];
    double shares[RANDOM_TERRITORIES_MOST];
    double tolerances[RANDOM_MEASURES_MOST];
    uint32_t locks[MOST], seeds[RANDOM_TERRITORIES_MOST];
    uint32_t travel[RANDOM_TERRITORIES_MOST * MOST];
    uint32_t apart[2 * PAIRS], barred[2 * PAIRS], previous[MOST];
    uint8_t frozen[RANDOM_TERRITORIES_MOST];
    double familiarity[RANDOM_TERRITORIES_MOST * MOST];
    uint8_t link[MOST][MOST]; /* 0: none, else barrier + 1 */
    double length[MOST][MOST];
    int n_links[MOST];
} store;

uint32_t random_below(random_source *s, uint32_t bound)
{
    uint64_t z;

    if (s->bytes)
        return s->at < s->n_bytes ? s->bytes[s->at++] % bound : 0;
    z = (s->seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (uint32_t)((z >> 32) * bound >> 32);
}

static void join(store *d, uint32_t a, uint32_t b, uint8_t barrier,
                 double length)
{
    if (a == b || d->link[a][b] || d->n_links[a] >= 20 || d->n_links[b] >= 20)
        return;
    d->link[a][b] = d->link[b][a] = (uint8_t)(barrier + 1);
    d->length[a][b] = d->length[b][a] = length;
    d->n_links[a]++;
    d->n_links[b]++;
}

static uint8_t random_barrier(random_source *s)
{
    const uint32_t at = random_below(s, 20);

    return at == 0 ? GB_BARRIER_HARD : at < 4 ? GB_BARRIER_SOFT
                                              : GB_BARRIER_NONE;
}

/* A raster of the given width, joined to the left and upwards. */
static void join_raster(store *d, random_source *s, uint32_t n,
                        uint32_t width, uint32_t holes)
{
    for (uint32_t a = 0; a < n; a++) {
        d->centres[a].x_m = 100 * (a % width) + random_below(s, 60);
        d->centres[a].y_m = 100 * (double)(a / width) + random_below(s, 60);
        if (a % width > 0 && random_below(s, 100) >= holes)
            join(d, a, a - 1, random_barrier(s), 50 + random_below(s, 80));
        if (a >= width && random_below(s, 100) >= holes)
            join(d, a, a - width, random_barrier(s),
                 50 + random_below(s, 80));
        if (a > width && a % width > 0 && random_below(s, 4) == 0)
            join(d, a, a - width - 1, random_barrier(s),
                 random_below(s, 20));
    }
}

static void write_rows(store *d, uint32_t n)
{
    uint32_t at = 0;

    for (uint32_t a = 0; a < n; a++) {
        d->first[a] = at;
        d->perimeters[a] = 10;
        for (uint32_t b = 0; b < n; b++) {
            if (!d->link[a][b])
                continue;
            d->neighbours[at] = b;
            d->barriers[at] = (uint8_t)(d->link[a][b] - 1);
            d->border[at] = d->length[a][b];
            d->perimeters[a] += d->length[a][b];
            at++;
        }
        d->sizes[a] = 10000;
    }
    d->first[n] = at;
}

static random_areas tie(store *d, uint32_t n, uint32_t n_measures,
                        uint32_t k)
{
    random_areas made;

    memset(&made, 0, sizeof made);
    made.store = d;
    made.areas = (gb_areas){
        sizeof(gb_areas), n, n_measures, d->centres, d->sizes,
        d->perimeters, d->first, d->neighbours, d->border, d->barriers,
        d->activity };
    made.rules = (gb_territory_rules)GB_TERRITORY_RULES_INIT;
    made.rules.n_territories = k;
    made.rules.tolerances = d->tolerances;
    made.travel_s = d->travel;
    return made;
}

static void random_rules(random_areas *made, random_source *s)
{
    const size_t n = made->areas.n_areas;
    const uint32_t k = (uint32_t)made->rules.n_territories;
    store *d = made->store;

    for (size_t a = 0; a < n; a++)
        d->locks[a] = random_below(s, 12) == 0 ? random_below(s, k)
                                               : GB_GRID_NONE;
    for (uint32_t t = 0; t < k; t++) {
        d->shares[t] = 1 + random_below(s, 3);
        d->seeds[t] = random_below(s, 3) == 0
            ? random_below(s, (uint32_t)n) : GB_GRID_NONE;
        for (size_t a = 0; a < n; a++)
            d->travel[t * n + a] = random_below(s, 50) == 0
                ? GB_GRID_UNREACHABLE : 10 * random_below(s, 256);
    }
    if (random_below(s, 3) == 0)
        made->rules.shares = d->shares;
    if (random_below(s, 4) == 0)
        made->rules.locks = d->locks;
    if (random_below(s, 4) == 0)
        made->rules.seeds = d->seeds;
}

random_areas random_areas_new(random_source *s, uint32_t most_areas,
                              uint32_t most_territories)
{
    store *d = calloc(1, sizeof *d);
    const uint32_t n = 1 + random_below(s, most_areas < MOST ? most_areas
                                                             : MOST);
    const uint32_t width = 1 + random_below(s, n < 16 ? n : 16);
    const uint32_t n_measures = 1 + random_below(s, RANDOM_MEASURES_MOST);
    const uint32_t most_k
        = n < most_territories ? n : most_territories;
    const uint32_t k = 1 + random_below(s, most_k);
    const double unit = random_below(s, 3) == 0 ? 0.37 : 1;
    random_areas made;

    if (!d)
        abort();
    join_raster(d, s, n, width, random_below(s, 4) * 10);
    for (uint32_t i = random_below(s, 4); i > 0; i--)
        join(d, random_below(s, n), random_below(s, n), GB_BARRIER_NONE, 0);
    for (uint32_t i = 0; i < n_measures * n; i++)
        d->activity[i]
            = random_below(s, 6) == 0 ? 0 : unit * random_below(s, 20);
    for (uint32_t m = 0; m < n_measures; m++)
        d->tolerances[m] = 0.02 * random_below(s, 40);
    write_rows(d, n);
    made = tie(d, n, n_measures, k);
    random_rules(&made, s);
    return made;
}

random_areas random_areas_plain(uint64_t seed, uint32_t n_areas,
                                uint32_t n_territories, double tolerance)
{
    random_source s = { .seed = seed };
    store *d = calloc(1, sizeof *d);
    uint32_t width = 1;

    if (!d || n_areas > MOST)
        abort();
    while (width * width < n_areas)
        width++;
    join_raster(d, &s, n_areas, width, 0);
    for (uint32_t a = 0; a < n_areas; a++)
        for (uint32_t b = 0; b < n_areas; b++)
            if (d->link[a][b])
                d->link[a][b] = GB_BARRIER_NONE + 1;
    for (uint32_t a = 0; a < n_areas; a++)
        d->activity[a] = 5 + random_below(&s, 10);
    d->tolerances[0] = tolerance;
    write_rows(d, n_areas);
    for (uint32_t i = 0; i < n_territories * n_areas; i++)
        d->travel[i] = 60 + random_below(&s, 1200);
    return tie(d, n_areas, 1, n_territories);
}

static void random_pairs(random_areas *made, random_source *s)
{
    const uint32_t n = (uint32_t)made->areas.n_areas;
    const uint32_t k = (uint32_t)made->rules.n_territories;
    store *d = made->store;
    size_t n_apart = 0, n_barred = 0;

    for (uint32_t i = random_below(s, PAIRS); n > 1 && i > 0; i--) {
        const uint32_t a = random_below(s, n);

        d->apart[2 * n_apart] = a;
        d->apart[2 * n_apart++ + 1] = (a + 1 + random_below(s, n - 1)) % n;
    }
    for (uint32_t i = random_below(s, PAIRS); i > 0; i--) {
        d->barred[2 * n_barred] = random_below(s, n);
        d->barred[2 * n_barred++ + 1] = random_below(s, k);
    }
    if (random_below(s, 2)) {
        made->rules.apart = d->apart;
        made->rules.n_apart = n_apart;
    }
    if (random_below(s, 2)) {
        made->rules.barred = d->barred;
        made->rules.n_barred = n_barred;
    }
}

void random_change(random_areas *made, random_source *s)
{
    const size_t n = made->areas.n_areas, k = made->rules.n_territories;
    store *d = made->store;

    random_pairs(made, s);
    for (size_t i = 0; i < k * n; i++)
        d->familiarity[i] = random_below(s, 3) ? 0 : random_below(s, 30);
    if (random_below(s, 3) == 0)
        made->familiarity = d->familiarity;
    if (random_below(s, 2))
        return;
    made->previous = d->previous;
    for (size_t a = 0; a < n; a++)
        d->previous[a] = random_below(s, 12) == 0
            ? GB_GRID_NONE : random_below(s, (uint32_t)k + (k > 1));
    for (size_t t = 0; t < k; t++)
        d->frozen[t] = random_below(s, 3) == 0;
    if (random_below(s, 3) == 0)
        made->rules.frozen = d->frozen;
    if (random_below(s, 2))
        made->max_moved = 1 + random_below(s, (uint32_t)n / 2 + 1);
}

void random_areas_free(random_areas *areas)
{
    free(areas->store);
    memset(areas, 0, sizeof *areas);
}
