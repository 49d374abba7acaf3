#include "route_case_parts.h"

#include <string.h>

typedef struct maker {
    route_case *made;
    case_draw_fn draw;
    void *source;
    uint32_t n, n_vehicles;
} maker;

static uint32_t draw(maker *m, uint32_t bound)
{
    return m->draw(m->source, bound);
}

static void add_loads(maker *m)
{
    route_case *made = m->made;

    for (uint32_t i = 0; i < m->n * CASE_LOADS; i++)
        made->load[i] = draw(m, 10);
    for (uint32_t v = 0; v < m->n_vehicles; v++) {
        for (uint32_t k = 0; k < CASE_LOADS; k++)
            made->capacity[v][k] = draw(m, 6 * (m->n + 1) / 2 + 4);
        made->vehicles[v].capacity = draw(m, 5) ? made->capacity[v] : NULL;
    }
    made->problem.n_loads = CASE_LOADS;
    made->problem.client_load = made->load;
}

static void add_skills(maker *m)
{
    route_case *made = m->made;

    for (uint32_t c = 0; c < m->n; c++)
        made->skills[c] = draw(m, 3) ? 0 : UINT64_C(1) << (draw(m, 3) * 31);
    for (uint32_t v = 0; v < m->n_vehicles; v++)
        for (uint32_t k = 0; k < 3; k++)
            if (draw(m, 2))
                made->vehicles[v].skills |= UINT64_C(1) << (k * 31);
    made->problem.client_skills = made->skills;
}

static void add_release(maker *m)
{
    for (uint32_t c = 0; c < m->n; c++)
        m->made->release_s[c]
            = draw(m, 3) ? -1000 : (int32_t)draw(m, 6000);
    m->made->problem.client_release_s = m->made->release_s;
}

static void add_after(maker *m)
{
    for (uint32_t c = 0; c < m->n; c++)
        m->made->after[c]
            = c > 0 && draw(m, 3) == 0 ? draw(m, c) : GB_ROUTE_NONE;
    /* Not only ever lower numbers: the last and the first change places. */
    for (uint32_t c = 0; c < m->n && m->n > 1; c++) {
        uint32_t *a = &m->made->after[c];

        if (*a == 0)
            *a = m->n - 1;
        else if (*a == m->n - 1)
            *a = 0;
    }
    if (m->n > 1) {
        const uint32_t first = m->made->after[0];

        m->made->after[0] = m->made->after[m->n - 1];
        m->made->after[m->n - 1] = first;
    }
    m->made->problem.client_after = m->made->after;
}

static void add_kinds(maker *m)
{
    route_case *made = m->made;
    const uint32_t n_slots = made->problem.n_slots ? CASE_SLOTS : 1;

    for (uint32_t i = 0; i < CASE_KINDS * m->n * n_slots; i++)
        made->kind_prize[i] = draw(m, 100);
    for (uint32_t v = 0; v < m->n_vehicles; v++)
        made->vehicles[v].prize_kind = draw(m, CASE_KINDS);
    made->problem.n_prize_kinds = CASE_KINDS;
    made->problem.client_kind_prize = made->kind_prize;
}

static void add_group_musts(maker *m)
{
    for (uint32_t c = 0; c < m->n; c++) {
        m->made->group[c]
            = draw(m, 2) ? draw(m, (c + 2) / 2) : GB_ROUTE_NONE;
        m->made->group_must[c] = draw(m, 2) == 0;
    }
    m->made->problem.client_group = m->made->group;
    m->made->problem.group_must = m->made->group_must;
}

static void add_limits(maker *m)
{
    for (uint32_t v = 0; v < m->n_vehicles; v++) {
        gb_route_vehicle *vehicle = &m->made->vehicles[v];

        vehicle->max_distance_m = draw(m, 2) ? 1000 + draw(m, 8000) : 0;
        vehicle->max_travel_s
            = draw(m, 2) ? 1000 + (int32_t)draw(m, 8000) : 0;
    }
}

static void add_speed(maker *m)
{
    static const uint32_t speeds[] = { 0, 700, 1000, 1300, 1777, 333 };

    for (uint32_t v = 0; v < m->n_vehicles; v++)
        m->made->vehicles[v].speed_permille = speeds[draw(m, 6)];
}

static void add_bands(maker *m)
{
    route_case *made = m->made;
    const size_t n = made->problem.n_locations;
    const bool has_gaps = draw(m, 4) == 0;

    for (uint32_t b = 0; b < CASE_BANDS; b++)
        made->band_start_s[b] = (int32_t)draw(m, 2000) + 3500 * (int32_t)b;
    for (uint32_t f = 0; f < 2; f++) {
        if (f == 1 && draw(m, 2))
            continue; /* this profile stays the same all day */
        for (uint32_t b = 0; b < CASE_BANDS; b++) {
            const int32_t percent = 60 + (int32_t)draw(m, 120);

            for (size_t i = 0; i < n * n; i++) {
                const int32_t s = made->seconds[f][i];

                made->band[f][b][i]
                    = s == GB_ROUTE_UNREACHABLE ? s : s * percent / 100;
                if (has_gaps && i % n != i / n && draw(m, 30) == 0)
                    made->band[f][b][i] = GB_ROUTE_UNREACHABLE;
            }
            made->band_seconds[f][b] = made->band[f][b];
        }
        made->profiles[f].seconds = made->band[f][0];
        made->profiles[f].n_bands = CASE_BANDS;
        made->profiles[f].band_start_s = made->band_start_s;
        made->profiles[f].band_seconds = made->band_seconds[f];
    }
}

static void add_leg_cost(maker *m)
{
    const size_t n = m->made->problem.n_locations;

    for (size_t i = 0; i < n * n; i++)
        m->made->leg_cost[i] = (int32_t)draw(m, 40);
    m->made->profiles[draw(m, 2)].cost = m->made->leg_cost;
}

static void add_balance(maker *m)
{
    m->made->problem.longest_per_s_milli = draw(m, 3) ? 1 + draw(m, 20) : 0;
    m->made->problem.spread_per_s_milli = draw(m, 2) ? 1 + draw(m, 20) : 0;
}

/* Client c as another visit to the customer of client `of`. */
static void make_alike(maker *m, uint32_t c, uint32_t of)
{
    route_case *made = m->made;
    const uint32_t n = m->n, n_slots = made->problem.n_slots ? CASE_SLOTS : 1;
    const bool has_kinds = made->problem.n_prize_kinds > 0;

    made->location[c] = made->location[of];
    made->place[c] = made->place[of];
    made->service_s[c] = made->service_s[of];
    made->must[c] = made->must[of];
    made->prize[c] = made->prize[of];
    made->skills[c] = made->skills[of];
    made->release_s[c] = made->release_s[of];
    memcpy(&made->slot_prize[c * CASE_SLOTS], &made->slot_prize[of * CASE_SLOTS],
           CASE_SLOTS * sizeof *made->slot_prize);
    memcpy(&made->load[c * CASE_LOADS], &made->load[of * CASE_LOADS],
           CASE_LOADS * sizeof *made->load);
    for (uint32_t k = 0; k < CASE_KINDS && has_kinds; k++)
        memcpy(&made->kind_prize[(k * n + c) * n_slots],
               &made->kind_prize[(k * n + of) * n_slots],
               n_slots * sizeof *made->kind_prize);
    made->group[c] = made->group[of] = GB_ROUTE_NONE;
    made->after[c] = made->after[of] = GB_ROUTE_NONE;
    for (uint32_t b = 0; b < n; b++)
        if (made->after[b] == c || made->after[b] == of)
            made->after[b] = GB_ROUTE_NONE;
}

/* Windows and leave of all clients again, each bundle's as its first one's. */
static void copy_rows(maker *m, const uint32_t *first_of)
{
    static route_case was;
    route_case *made = m->made;
    uint32_t n_windows = 0, n_allowed = 0;

    was = *made;
    for (uint32_t c = 0; c < m->n; c++) {
        const uint32_t of = first_of[c];

        made->first_window[c] = n_windows;
        for (uint32_t i = was.first_window[of]; i < was.first_window[of + 1];
             i++)
            made->windows[n_windows++] = was.windows[i];
        made->first_allowed[c] = n_allowed;
        for (uint32_t i = was.first_allowed[of]; i < was.first_allowed[of + 1];
             i++)
            made->allowed[n_allowed++] = was.allowed[i];
    }
    made->first_window[m->n] = n_windows;
    made->first_allowed[m->n] = n_allowed;
}

static uint32_t count_days(uint64_t days)
{
    uint32_t n = 0;

    for (; days; days &= days - 1)
        n++;
    return n;
}

static void add_bundles(maker *m)
{
    route_case *made = m->made;
    uint32_t first_of[CASE_CLIENTS], n_patterns = 0, n_bundles = 0;

    for (uint32_t c = 0; c < m->n; c++) {
        first_of[c] = c;
        made->bundle[c] = GB_ROUTE_NONE;
    }
    for (uint32_t c = 0; c < m->n;) {
        const uint32_t n_visits = 1 + draw(m, 3);

        if (n_visits + c > m->n || draw(m, 2)) {
            c++;
            continue;
        }
        for (uint32_t i = c; i < c + n_visits; i++) {
            make_alike(m, i, c);
            first_of[i] = c;
            made->bundle[i] = n_bundles;
        }
        made->first_pattern[n_bundles++] = n_patterns;
        for (uint64_t days = 1; days < 1 << CASE_DAYS; days++)
            if (count_days(days) == n_visits
                || (count_days(days) < n_visits && draw(m, 3) == 0))
                made->patterns[n_patterns++] = days;
        made->first_pattern[n_bundles] = n_patterns;
        c += n_visits;
    }
    copy_rows(m, first_of);
    for (uint32_t v = 0; v < m->n_vehicles; v++)
        made->vehicles[v].day = draw(m, CASE_DAYS);
    made->problem.n_bundles = n_bundles;
    if (n_bundles > 0) {
        made->problem.client_bundle = made->bundle;
        made->problem.bundle_first_pattern = made->first_pattern;
        made->problem.patterns = made->patterns;
    }
}

void route_case_add(route_case *made, route_case_size size,
                    case_draw_fn draw_fn, void *source)
{
    maker m = { made, draw_fn, source, size.n_clients, size.n_vehicles };
    static const struct {
        uint32_t feature;
        void (*add)(maker *m);
    } parts[] = {
        { CASE_HAS_LOADS, add_loads },
        { CASE_HAS_SKILLS, add_skills },
        { CASE_HAS_RELEASE, add_release },
        { CASE_HAS_AFTER, add_after },
        { CASE_HAS_KINDS, add_kinds },
        { CASE_HAS_GROUP_MUST, add_group_musts },
        { CASE_HAS_LIMITS, add_limits },
        { CASE_HAS_SPEED, add_speed },
        { CASE_HAS_BANDS, add_bands },
        { CASE_HAS_LEG_COST, add_leg_cost },
        { CASE_HAS_BALANCE, add_balance },
        { CASE_HAS_BUNDLES, add_bundles }, /* last: copies what is there */
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (size.features & parts[i].feature)
            parts[i].add(&m);
    for (uint32_t v = 0; v < size.n_vehicles; v++) {
        if (size.features & CASE_HAS_MUST_USE)
            made->vehicles[v].must_use = draw(&m, 2) == 0;
        if (size.features & CASE_HAS_TRAVEL_COST)
            made->vehicles[v].cost_per_travel_s_milli = draw(&m, 20);
    }
}
