/*
 * route_bound_model.c - see route_bound_model.h.
 */
#include "route_bound_model.h"

#include <string.h>

#include "base_options.h"

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        const int64_t r = a % b;

        a = b;
        b = r;
    }
    return a;
}

/* --- vehicles ------------------------------------------------------------- */

static gb_status take_vehicles(gb_context *ctx, rb_model *m)
{
    const gb_route_problem *p = &m->problem;
    const char *raw = (const char *)p->vehicles;
    gb_status status = GB_OK;

    m->vehicles = base_alloc_array(m->mem, p->n_vehicles, sizeof *m->vehicles);
    if (!m->vehicles)
        return base_fail_nomem(ctx);
    for (uint32_t v = 0; v < p->n_vehicles && status == GB_OK; v++)
        status = base_options_take(ctx, &m->vehicles[v], sizeof *m->vehicles,
                                   raw + v * p->vehicles->size,
                                   sizeof(gb_route_vehicle));
    return status;
}

/* Bit c of row v: vehicle v may serve client c. */
static void fill_serves(const rb_model *m, uint64_t *serves)
{
    const gb_route_problem *p = &m->problem;

    for (uint32_t c = 0; c < p->n_clients; c++) {
        const uint64_t bit = UINT64_C(1) << (c % 64);
        const uint64_t needs = p->client_skills ? p->client_skills[c] : 0;

        if (!p->client_first_allowed) {
            for (uint32_t v = 0; v < p->n_vehicles; v++)
                if ((needs & ~m->vehicles[v].skills) == 0)
                    serves[v * m->n_words + c / 64] |= bit;
            continue;
        }
        for (uint32_t i = p->client_first_allowed[c];
             i < p->client_first_allowed[c + 1]; i++) {
            const uint32_t v = p->allowed_vehicles[i];

            if ((needs & ~m->vehicles[v].skills) == 0)
                serves[v * m->n_words + c / 64] |= bit;
        }
    }
}

static bool same_breaks(const gb_route_vehicle *a, const gb_route_vehicle *b)
{
    if (a->n_breaks != b->n_breaks)
        return false;
    for (uint32_t k = 0; k < a->n_breaks; k++)
        if (a->breaks[k].early_s != b->breaks[k].early_s
            || a->breaks[k].late_s != b->breaks[k].late_s
            || a->breaks[k].length_s != b->breaks[k].length_s)
            return false;
    return true;
}

static bool same_capacity(const rb_model *m, const gb_route_vehicle *a,
                          const gb_route_vehicle *b)
{
    const size_t bytes = m->problem.n_loads * sizeof(int64_t);

    if (!a->capacity || !b->capacity)
        return a->capacity == b->capacity;
    return bytes == 0 || memcmp(a->capacity, b->capacity, bytes) == 0;
}

/* In all that a route feels; who may be served is compared elsewhere. */
static bool same_vehicle(const rb_model *m, const gb_route_vehicle *a,
                         const gb_route_vehicle *b)
{
    return a->profile == b->profile && a->start_location == b->start_location
        && a->end_location == b->end_location
        && a->shift_start_s == b->shift_start_s
        && a->shift_end_s == b->shift_end_s
        && a->max_clients == b->max_clients
        && a->max_duration_s == b->max_duration_s
        && a->cost_per_s_milli == b->cost_per_s_milli
        && a->cost_per_m_milli == b->cost_per_m_milli
        && a->cost_per_travel_s_milli == b->cost_per_travel_s_milli
        && a->fixed_cost == b->fixed_cost
        && a->max_distance_m == b->max_distance_m
        && a->max_travel_s == b->max_travel_s
        && a->speed_permille == b->speed_permille
        && (a->day == b->day || m->problem.n_bundles == 0)
        && (a->prize_kind == b->prize_kind || m->problem.n_prize_kinds == 0)
        && same_capacity(m, a, b) && same_breaks(a, b);
}

static void find_kinds(rb_model *m, uint64_t *serves)
{
    const size_t bytes = m->n_words * sizeof *serves;

    for (uint32_t v = 0; v < m->problem.n_vehicles; v++) {
        const uint64_t *mine = serves + v * m->n_words;
        uint32_t k = 0;

        while (k < m->n_kinds
               && (!same_vehicle(m, &m->vehicles[m->kinds[k].vehicle],
                                 &m->vehicles[v])
                   || memcmp(serves + k * m->n_words, mine, bytes) != 0))
            k++;
        m->kind_of[v] = k;
        if (k < m->n_kinds) {
            m->kinds[k].count++;
            continue;
        }
        m->kinds[m->n_kinds++] = (rb_kind){ v, 1, 0 };
        memmove(serves + k * m->n_words, mine, bytes);
    }
}

static gb_status take_kinds(gb_context *ctx, rb_model *m)
{
    const uint32_t n = m->problem.n_vehicles;

    m->n_words = m->problem.n_clients / 64 + 1;
    m->kinds = base_alloc_array(m->mem, n, sizeof *m->kinds);
    m->kind_of = base_alloc_array(m->mem, n, sizeof *m->kind_of);
    m->serves = m->n_words && n > SIZE_MAX / m->n_words
        ? NULL
        : base_alloc_zeroed(m->mem, n * m->n_words, sizeof *m->serves);
    if (!m->kinds || !m->kind_of || !m->serves)
        return base_fail_nomem(ctx);
    fill_serves(m, m->serves);
    find_kinds(m, m->serves);
    return GB_OK;
}

static void find_days(rb_model *m)
{
    uint64_t days = 0;

    for (uint32_t k = 0; k < m->n_kinds; k++)
        days |= UINT64_C(1) << m->vehicles[m->kinds[k].vehicle].day;
    for (uint32_t d = 0; d < 64; d++)
        if ((days >> d) & 1)
            m->days[m->n_days++] = d;
    for (uint32_t k = 0; k < m->n_kinds; k++)
        while (m->days[m->kinds[k].day]
               != m->vehicles[m->kinds[k].vehicle].day)
            m->kinds[k].day++;
}

/* --- customers ------------------------------------------------------------ */

/* All prizes of a client: of each table one row of *n slots. */
static const int64_t *prize_row(const gb_route_problem *p, uint32_t table,
                                uint32_t client, uint32_t *n)
{
    *n = p->n_slots ? p->n_slots : 1;
    if (p->n_prize_kinds)
        return &p->client_kind_prize[((size_t)table * p->n_clients + client)
                                     * *n];
    if (p->n_slots)
        return &p->client_slot_prize[(size_t)client * *n];
    return p->client_prize ? &p->client_prize[client] : NULL;
}

static void look_at_prizes(rb_model *m, rb_customer *customer, uint32_t client)
{
    const gb_route_problem *p = &m->problem;
    const uint32_t n_tables = p->n_prize_kinds ? p->n_prize_kinds : 1;

    for (uint32_t t = 0; t < n_tables; t++) {
        uint32_t n;
        const int64_t *row = prize_row(p, t, client, &n);

        for (uint32_t s = 0; row && s < n; s++) {
            m->grain = gcd(m->grain, row[s] * 1000);
            if (row[s] * 1000 > customer->most_milli)
                customer->most_milli = row[s] * 1000;
        }
    }
}

uint32_t rb_musts_of(const rb_model *m, uint32_t client)
{
    const gb_route_problem *p = &m->problem;
    uint32_t n = p->client_must && p->client_must[client];

    if (p->client_group && p->group_must
        && p->client_group[client] != GB_ROUTE_NONE)
        n += p->group_must[p->client_group[client]] != 0;
    return n;
}

/* The patterns of a bundle by the index of the day; those on days that no
 * vehicle has are none. */
static void take_patterns(rb_model *m, rb_customer *customer, uint32_t bundle,
                          uint32_t *n_patterns)
{
    const gb_route_problem *p = &m->problem;

    customer->has_patterns = true;
    customer->first_pattern = *n_patterns;
    for (uint32_t i = p->bundle_first_pattern[bundle];
         i < p->bundle_first_pattern[bundle + 1]; i++) {
        uint64_t left = p->patterns[i], mine = 0;

        for (uint32_t d = 0; d < m->n_days; d++) {
            const uint64_t bit = UINT64_C(1) << m->days[d];

            if (left & bit)
                mine |= UINT64_C(1) << d;
            left &= ~bit;
        }
        if (left == 0)
            m->patterns[(*n_patterns)++] = mine;
    }
    customer->n_patterns = *n_patterns - customer->first_pattern;
}

static void take_customers(rb_model *m, uint32_t *of_bundle)
{
    const gb_route_problem *p = &m->problem;
    uint32_t n_patterns = 0;

    for (uint32_t b = 0; b < p->n_bundles; b++)
        of_bundle[b] = GB_ROUTE_NONE;
    for (uint32_t c = 0; c < p->n_clients; c++) {
        const uint32_t bundle
            = p->n_bundles && p->client_bundle ? p->client_bundle[c]
                                               : GB_ROUTE_NONE;
        rb_customer *customer;

        if (bundle != GB_ROUTE_NONE && of_bundle[bundle] != GB_ROUTE_NONE) {
            m->customer_of[c] = of_bundle[bundle];
            m->customers[of_bundle[bundle]].n_visits++;
            continue;
        }
        m->customer_of[c] = m->n_customers;
        customer = &m->customers[m->n_customers++];
        customer->client = c;
        customer->n_visits = 1;
        customer->row = m->n_cover;
        customer->group = GB_ROUTE_NONE;
        customer->musts = rb_musts_of(m, c);
        look_at_prizes(m, customer, c);
        if (bundle != GB_ROUTE_NONE) {
            of_bundle[bundle] = m->customer_of[c];
            take_patterns(m, customer, bundle, &n_patterns);
        }
        m->n_cover += customer->has_patterns ? m->n_days : 1;
    }
}

/* Group rows for the groups that have members, in rising order. */
static gb_status take_groups(gb_context *ctx, rb_model *m)
{
    const gb_route_problem *p = &m->problem;
    uint32_t n = 0, *row_of;

    for (uint32_t c = 0; p->client_group && c < p->n_clients; c++)
        if (p->client_group[c] != GB_ROUTE_NONE && p->client_group[c] >= n)
            n = p->client_group[c] + 1;
    row_of = base_alloc_array(m->mem, n, sizeof *row_of);
    m->group_is_must = base_alloc_zeroed(m->mem, n, 1);
    if (!row_of || !m->group_is_must) {
        base_free(m->mem, row_of);
        return base_fail_nomem(ctx);
    }
    memset(row_of, 0xff, n * sizeof *row_of);
    for (uint32_t u = 0; n && u < m->n_customers; u++) {
        rb_customer *customer = &m->customers[u];
        const uint32_t group = p->client_group[customer->client];

        if (group == GB_ROUTE_NONE)
            continue;
        if (customer->has_patterns) {
            m->relaxed |= GB_ROUTE_RELAXED_PATTERNS;
            continue;
        }
        if (row_of[group] == GB_ROUTE_NONE)
            row_of[group] = m->n_cover + m->n_groups++;
        customer->group = row_of[group];
    }
    base_free(m->mem, row_of);
    return GB_OK;
}

static uint32_t most_bits(const rb_model *m, const rb_customer *customer)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < customer->n_patterns; i++) {
        const uint64_t pattern = m->patterns[customer->first_pattern + i];
        const uint32_t n = (uint32_t)__builtin_popcountll(pattern);

        if (n > most)
            most = n;
    }
    return most < customer->n_visits ? most : customer->n_visits;
}

/* Musts of a group: those of the member that counts for most. */
static uint32_t most_of_group(const rb_model *m, uint32_t row)
{
    uint32_t most = 0;

    for (uint32_t u = 0; u < m->n_customers; u++) {
        const rb_customer *customer = &m->customers[u];

        if (customer->group == row && customer->can_visit
            && customer->musts > most)
            most = customer->musts;
    }
    return most;
}

void rb_model_count_musts(rb_model *m)
{
    m->musts_sum = 0;
    for (uint32_t u = 0; u < m->n_customers; u++) {
        const rb_customer *customer = &m->customers[u];

        if (customer->can_visit && customer->group == GB_ROUTE_NONE)
            m->musts_sum += customer->musts
                * (customer->has_patterns ? most_bits(m, customer) : 1);
    }
    for (uint32_t g = 0; g < m->n_groups; g++)
        m->musts_sum += most_of_group(m, m->n_cover + g);
}

void rb_model_ask(rb_model *m, uint32_t n_musts)
{
    m->n_musts = n_musts;
    m->is_all_musts = n_musts >= m->musts_sum;
    for (uint32_t u = 0; u < m->n_customers; u++) {
        rb_customer *customer = &m->customers[u];

        customer->is_must = m->is_all_musts && customer->musts > 0
            && customer->can_visit && customer->group == GB_ROUTE_NONE;
        customer->min_bits = customer->is_must && customer->has_patterns
            ? most_bits(m, customer)
            : 0;
    }
    for (uint32_t g = 0; g < m->n_groups; g++)
        m->group_is_must[g]
            = m->is_all_musts && most_of_group(m, m->n_cover + g) > 0;
}

static void find_grain(rb_model *m)
{
    const gb_route_problem *p = &m->problem;

    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const gb_route_vehicle *v = &m->vehicles[m->kinds[k].vehicle];

        m->grain = gcd(m->grain, v->cost_per_s_milli);
        m->grain = gcd(m->grain, v->cost_per_travel_s_milli);
        if (p->profiles[v->profile].metres)
            m->grain = gcd(m->grain, v->cost_per_m_milli);
        m->grain = gcd(m->grain, v->fixed_cost * 1000);
        if (p->profiles[v->profile].cost)
            m->grain = gcd(m->grain, 1000);
    }
    if (m->grain == 0)
        m->grain = 1000;
}

static void find_relaxed(rb_model *m)
{
    const gb_route_problem *p = &m->problem;
    uint32_t r = 0;

    for (uint32_t k = 0; k < m->n_kinds; k++) {
        const gb_route_vehicle *v = &m->vehicles[m->kinds[k].vehicle];

        if (v->n_breaks > RB_MOST_BREAKS)
            r |= GB_ROUTE_RELAXED_BREAKS;
        if (v->cost_per_s_milli)
            r |= GB_ROUTE_RELAXED_WAITING;
        if (v->max_duration_s)
            r |= GB_ROUTE_RELAXED_DURATION;
        if (p->profiles[v->profile].n_bands)
            r |= GB_ROUTE_RELAXED_BANDS;
    }
    for (uint32_t v = 0; v < p->n_vehicles; v++)
        if (m->vehicles[v].must_use)
            r |= GB_ROUTE_RELAXED_MUST_USE;
    if (p->n_slots)
        r |= GB_ROUTE_RELAXED_WAITING;
    if (p->client_release_s)
        r |= GB_ROUTE_RELAXED_RELEASE;
    for (uint32_t c = 0; p->client_after && c < p->n_clients; c++)
        if (p->client_after[c] != GB_ROUTE_NONE)
            r |= GB_ROUTE_RELAXED_AFTER;
    if (p->longest_per_s_milli || p->spread_per_s_milli)
        r |= GB_ROUTE_RELAXED_BALANCE;
    m->relaxed |= r;
}

static gb_status build(gb_context *ctx, rb_model *m)
{
    const gb_route_problem *p = &m->problem;
    const uint32_t n_patterns
        = p->n_bundles ? p->bundle_first_pattern[p->n_bundles] : 0;
    uint32_t *of_bundle;
    gb_status status = take_vehicles(ctx, m);

    if (status == GB_OK)
        status = take_kinds(ctx, m);
    if (status)
        return status;
    find_days(m);
    m->customers
        = base_alloc_zeroed(m->mem, p->n_clients, sizeof *m->customers);
    m->customer_of
        = base_alloc_array(m->mem, p->n_clients, sizeof *m->customer_of);
    m->patterns = base_alloc_array(m->mem, n_patterns, sizeof *m->patterns);
    of_bundle = base_alloc_array(m->mem, p->n_bundles, sizeof *of_bundle);
    if (m->customers && m->customer_of && m->patterns && of_bundle) {
        take_customers(m, of_bundle);
        status = take_groups(ctx, m);
        m->n_rows = m->n_cover + m->n_groups + 1;
        find_grain(m);
        find_relaxed(m);
    } else {
        status = base_fail_nomem(ctx);
    }
    base_free(m->mem, of_bundle);
    return status;
}

gb_status rb_model_build(gb_context *ctx, const gb_route_problem *given,
                         rb_model *m)
{
    gb_status status;

    memset(m, 0, sizeof *m);
    m->mem = ctx->mem;
    status = base_options_take(ctx, &m->problem, sizeof m->problem, given,
                               sizeof(gb_route_problem));
    if (status == GB_OK)
        status = build(ctx, m);
    if (status)
        rb_model_clear(m);
    return status;
}

void rb_model_clear(rb_model *m)
{
    base_free(m->mem, m->vehicles);
    base_free(m->mem, m->kinds);
    base_free(m->mem, m->kind_of);
    base_free(m->mem, m->serves);
    base_free(m->mem, m->customers);
    base_free(m->mem, m->customer_of);
    base_free(m->mem, m->patterns);
    base_free(m->mem, m->group_is_must);
    memset(m, 0, sizeof *m);
}
