/*
 * call_territory_solve.c - territory.solve: divide the areas of a file,
 * without a workspace.
 *
 * For the moment (and the median of large graphs) the search knows mean centres
 * on the plane, while plans are compared about the best of their own areas on
 * the ellipsoid.  So the search is followed by rounds about fixed centres, the areas that are best for the
 * plan at hand: the distances to them then stand in for travel.  Small graphs
 * are begun again several times, as such rounds soon settle.
 */
#include "call_groups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gridbeat/grid.h>

#include "call_bound.h"
#include "call_file.h"
#include "call_territory_familiar.h"
#include "call_territory_locate.h"
#include "grid_door.h"
#include "grid_hess.h"
#include "grid_solve.h"

enum {
    CODE_INFEASIBLE = 5,
    MOST_SHOWN = 100,  /* findings in the answer */
    CENTRE_ROUNDS = 2, /* each with a share of the search of ... */
    CENTRE_PERCENT = 20,
    ABOUT_PERCENT = 5, /* of a search about own areas: its last round */
    LEAST_A_START = 5000, /* proposals */
    MOST_RESTARTS = 8,
    MOST_OF_MEDIAN = 2000, /* areas; see GB_TERRITORY_MEDIAN */
    MEDIAN_PROPOSALS = 40000000,
    PROPOSALS_ENOUGH = 2000, /* an area */
    PROPOSALS_A_MS = 4000,   /* as a thread does them */
    MOST_ENOUGH = 4
};
static const double TRAVEL_MOST = 1e9;
static const double DEFAULT_TOLERANCE = 0.05;
/* Seeds of restarts are no neighbours of those that callers take. */
static const uint64_t SEED_STEP = UINT64_C(0x9e3779b97f4a7c15);
static const double TRAVEL_WEIGHT = 1000; /* all else breaks ties */

typedef struct solve {
    call *c;
    gb_area_file *file;
    gb_area_facts facts;
    const gb_areas *areas;
    gb_territory_rules rules;
    double *tolerances; /* a measure */
    int goal;           /* place in the choices of "objective" */
    gb_territories *made;     /* the best so far */
    gb_territory_summary summary;
    uint32_t *owners, *centres, *travel; /* the last two for the moment */
    double about;   /* moment or median of `made`; the moment for other goals,
                       < 0: unknown */
    double worst_deviation;
    uint64_t n_iterations;
    double cpu_s;
} solve;

enum { GOAL_CUT, GOAL_BORDER, GOAL_MOMENT, GOAL_MEDIAN }; /* the choices */

static bool is_about_areas(const solve *s)
{
    return s->goal == GOAL_MOMENT || s->goal == GOAL_MEDIAN;
}

/* The search itself goes by the best areas: no rounds about centres. */
static bool is_searched_about(const solve *s)
{
    return s->goal == GOAL_MEDIAN && s->facts.n_areas <= MOST_OF_MEDIAN;
}

/* Places, or a plane of the file's own. */
static bool has_distances(const solve *s)
{
    return s->facts.has_places || s->facts.format != GB_AREA_FORMAT_TG1;
}

/* ---- what is asked for ---- */

static gb_status read_areas(solve *s)
{
    call *c = s->c;
    base_text bytes;
    gb_status status;

    base_text_init(&bytes, c->mem);
    status = call_file_read(c, call_text(c, "file"), &bytes);
    if (!status)
        status = gb_areas_read(c->ctx, call_text(c, "file"), bytes.chars,
                               bytes.n, GB_AREA_FORMAT_ANY, &s->file);
    base_text_clear(&bytes);
    if (status)
        return status;
    s->areas = gb_area_file_areas(s->file);
    s->facts.size = sizeof s->facts;
    gb_area_file_facts(s->file, &s->facts);
    return GB_OK;
}

static gb_status take_tolerances(solve *s)
{
    const double *given = gb_area_file_tolerances(s->file);
    const size_t n = s->areas->n_measures;

    s->tolerances = base_alloc_array(s->c->mem, n, sizeof *s->tolerances);
    if (!s->tolerances)
        return base_fail_nomem(s->c->ctx);
    for (size_t m = 0; m < n; m++) {
        s->tolerances[m] = given ? given[m] : DEFAULT_TOLERANCE;
        if (call_has(s->c, "tolerance") && !(s->facts.is_counted && m == 0))
            s->tolerances[m] = call_real(s->c, "tolerance");
    }
    s->rules.tolerances = s->tolerances;
    return GB_OK;
}

static gb_status take_wishes(solve *s)
{
    call *c = s->c;

    s->goal = call_choice(c, "objective");
    if (s->goal < 0)
        s->goal = s->facts.is_counted ? GOAL_MEDIAN : GOAL_CUT;
    s->rules = (gb_territory_rules)GB_TERRITORY_RULES_INIT;
    s->rules.n_territories = call_has(c, "territories")
        ? (size_t)call_int(c, "territories") : s->facts.n_territories;
    if (s->rules.n_territories == 0)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"territories\" is needed: the file does not say "
                         "how many");
    if (is_about_areas(s) && !has_distances(s))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "the areas have no places, so there are no "
                         "distances: take \"cut\" or \"border\"");
    return take_tolerances(s);
}

/* ---- the search ---- */

/*
 * Few searches of a middling graph, as many as have PROPOSALS_ENOUGH an area;
 * one about areas draws many starts by itself.
 */
static uint64_t starts_enough(const solve *s)
{
    const uint64_t each = PROPOSALS_ENOUGH * s->facts.n_areas;
    const uint64_t proposals = s->c->max_iterations
        ? s->c->max_iterations
        : PROPOSALS_A_MS * (uint64_t)s->c->time_limit_ms;
    const uint64_t starts = proposals / each;

    if (is_about_areas(s) || starts < 2)
        return 1;
    return starts < MOST_ENOUGH ? starts : MOST_ENOUGH;
}

/*
 * Small graphs are searched soon, and one search in ten may miss the best: so
 * the proposals are shared out over several.  The number does not depend on
 * the threads, unless time alone ends the search.
 */
static uint64_t default_starts(const solve *s)
{
    const call *c = s->c;
    const uint64_t n = s->facts.n_areas;
    uint64_t starts = n <= 200 ? 32 : n <= 1000 ? 8 : starts_enough(s);

    if (is_searched_about(s))
        starts = 1;
    if (c->max_iterations) {
        const uint64_t most = c->max_iterations / LEAST_A_START;

        return starts < most ? starts : most ? most : 1;
    }
    if (c->time_limit_ms && c->n_threads > 1)
        starts = (starts + c->n_threads - 1) / c->n_threads * c->n_threads;
    return starts;
}

static uint64_t all_starts(const solve *s)
{
    return call_has(s->c, "starts") ? (uint64_t)call_int(s->c, "starts")
                                    : default_starts(s);
}

/* How often a search with rounds about centres is begun. */
static uint64_t restarts(const solve *s)
{
    const uint64_t starts = all_starts(s) / (s->c->n_threads > 1
        && s->c->time_limit_ms && !s->c->max_iterations
            ? s->c->n_threads : 1);

    if (!is_about_areas(s) || is_searched_about(s) || starts < 2)
        return 1;
    return starts < MOST_RESTARTS ? starts : MOST_RESTARTS;
}

/* `percent` of what the caller allows to one restart. */
static gb_territory_options options_for(const solve *s, uint32_t percent,
                                        uint64_t seed)
{
    static const int32_t goals[] = { GB_TERRITORY_CUT, GB_TERRITORY_BORDER,
                                     GB_TERRITORY_MOMENT,
                                     GB_TERRITORY_MEDIAN };
    const call *c = s->c;
    const uint64_t starts = all_starts(s), n_restarts = restarts(s);
    uint64_t proposals = c->max_iterations;
    gb_territory_options o = GB_TERRITORY_OPTIONS_INIT;

    if (!proposals && !c->time_limit_ms)
        proposals = is_searched_about(s) ? MEDIAN_PROPOSALS
            : s->facts.n_areas > 1000
            ? 200 * (uint64_t)s->facts.n_areas : 800000;
    o.objective = goals[s->goal];
    o.seed = seed;
    o.n_threads = c->n_threads;
    o.n_starts = (uint32_t)(starts / n_restarts);
    if (proposals)
        o.max_iterations = proposals / starts / 100 * percent + 1;
    if (c->time_limit_ms)
        o.time_limit_ms = c->time_limit_ms * (int64_t)percent / 100
            / (int64_t)n_restarts + 1;
    return o;
}

static gb_status measure_about(solve *s, const gb_territories *made,
                               double *about)
{
    return (s->goal == GOAL_MEDIAN ? gb_territory_median
                                   : gb_territory_moment)(
        s->c->ctx, s->areas, gb_area_file_places(s->file),
        s->rules.n_territories, gb_territories_owners(made), s->centres,
        about);
}

/* Distances to the centres at hand, squared for the moment, in parts of the
 * largest. */
static void fill_travel(solve *s)
{
    const size_t n = s->facts.n_areas, k = s->rules.n_territories;
    const gb_lonlat *places = gb_area_file_places(s->file);
    double most = 1e-9;

    for (int is_second = 0; is_second < 2; is_second++)
        for (size_t t = 0; t < k; t++) {
            const grid_spot at = grid_spot_of(s->areas, places, s->centres[t]);

            for (size_t a = 0; a < n; a++) {
                const grid_spot from = grid_spot_of(s->areas, places, a);
                const double km2 = grid_spot_km2(&from, &at);
                const double far = s->goal == GOAL_MEDIAN ? sqrt(km2) : km2;

                if (is_second)
                    s->travel[t * n + a]
                        = (uint32_t)(far / most * TRAVEL_MOST);
                else
                    most = fmax(most, far);
            }
        }
}

static bool is_valid(const gb_territories *made)
{
    gb_territory_summary s = { .size = sizeof s };

    gb_territories_summary(made, &s);
    return s.is_valid;
}

/* The plan becomes the best so far, or is freed. */
static void take_if_better(solve *s, gb_territories *made, double about)
{
    if (s->made && (s->summary.is_valid != is_valid(made)
                        ? s->summary.is_valid : about >= s->about)) {
        gb_territories_free(made);
        return;
    }
    gb_territories_free(s->made);
    s->made = made;
    s->about = about;
    s->summary.size = sizeof s->summary;
    gb_territories_summary(made, &s->summary);
}

/* Build, and measure about the best areas, which become the centres. */
static gb_status build(solve *s, const gb_territory_options *o,
                       gb_territories **made, double *about)
{
    gb_territory_summary found = { .size = sizeof found };
    gb_status status
        = gb_territory_build(s->c->ctx, s->areas, &s->rules, o, made);

    if (status)
        return status;
    gb_territories_summary(*made, &found);
    s->n_iterations += found.n_iterations;
    *about = -1;
    if (has_distances(s))
        status = measure_about(s, *made, about);
    if (status) {
        gb_territories_free(*made);
        *made = NULL;
    }
    return status;
}

/* Go on from the plan about its own centres; takes the plan over. */
static gb_status round_about_centres(solve *s, uint64_t seed,
                                     gb_territories **plan, double *about)
{
    gb_territory_options o = options_for(s, CENTRE_PERCENT, seed);
    gb_territories *made = NULL;
    double next = INFINITY;
    gb_status status;

    fill_travel(s);
    o.max_iterations *= o.n_starts;
    o.n_starts = 1; /* it is warm: others would come to the same */
    o.travel_s = s->travel;
    o.travel_weight = TRAVEL_WEIGHT;
    o.previous = gb_territories_owners(*plan);
    o.stay_price = -1;
    status = build(s, &o, &made, &next);
    if (status)
        return status;
    if (is_valid(made) && next < *about) {
        gb_territories *before = *plan;

        *plan = made;
        *about = next;
        made = before;
    }
    gb_territories_free(made);
    return GB_OK;
}

/* One search, and rounds about centres where the goal asks for them. */
static gb_status search_once(solve *s, uint64_t seed)
{
    const gb_territory_options o = options_for(
        s, s->travel ? 100 - CENTRE_ROUNDS * CENTRE_PERCENT : 100, seed);
    gb_territories *plan = NULL;
    double about = -1;
    gb_status status = build(s, &o, &plan, &about);

    for (int i = 0; !status && s->travel && i < CENTRE_ROUNDS
                    && is_valid(plan); i++)
        status = round_about_centres(s, seed, &plan, &about);
    if (status)
        gb_territories_free(plan);
    else
        take_if_better(s, plan, about);
    return status;
}

/*
 * Few areas: a search that goes by the best own areas itself.  Its plan is
 * made whole by a last round about its centres.
 */
static gb_status search_about(solve *s, uint32_t *owners, bool *is_found)
{
    gb_context *ctx = s->c->ctx;
    gb_territory_options o = options_for(s, 100 - ABOUT_PERCENT, s->c->seed);
    gb_territory_options resolved;
    gb_territories *made = NULL;
    gb_territory_rules rules;
    grid_result result = { 0 };
    gb_areas areas;
    base_run run;
    double about;
    gb_status status = grid_door_areas(ctx, &areas, s->areas);

    o.max_iterations *= all_starts(s);
    o.time_limit_ms *= (int64_t)restarts(s);
    o.n_starts = 1;
    if (!status)
        status = grid_door_rules(ctx, &areas, &rules, &s->rules);
    if (!status)
        status = grid_door_options(ctx, &areas, &rules, &resolved, &o);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ resolved.time_limit_ms,
                                             resolved.max_iterations,
                                             resolved.n_threads });
    status = grid_solve_about(&run, &areas, gb_area_file_places(s->file),
                              &rules, &resolved, s->goal == GOAL_MOMENT,
                              owners, &result);
    s->n_iterations += result.n_priced;
    *is_found = !status && grid_is_valid(result.excess);
    if (!*is_found)
        return status;
    o = options_for(s, ABOUT_PERCENT, s->c->seed);
    o.previous = owners;
    o.n_starts = 1;
    status = build(s, &o, &made, &about);
    if (!status)
        take_if_better(s, made, about);
    return status;
}

static gb_status search(solve *s)
{
    const size_t n = s->facts.n_areas, k = s->rules.n_territories;
    const uint64_t n_restarts = restarts(s);
    gb_status status = GB_OK;
    bool is_found = false;

    if (k > n)
        return base_fail(s->c->ctx, GB_ERR_INFEASIBLE,
                         "%zu territories cannot be made of %zu areas", k, n);
    s->centres = base_alloc_array(s->c->mem, k, sizeof *s->centres);
    if (is_about_areas(s) && !is_searched_about(s))
        s->travel = base_alloc_array(s->c->mem, k * n, sizeof *s->travel);
    if (!s->centres
        || (is_about_areas(s) && !is_searched_about(s) && !s->travel))
        return base_fail_nomem(s->c->ctx);
    if (s->travel && n <= GRID_ABOUT_MOST && k > 1) {
        uint32_t *owners = base_alloc_array(s->c->mem, n, sizeof *owners);

        status = owners ? search_about(s, owners, &is_found)
                        : base_fail_nomem(s->c->ctx);
        base_free(s->c->mem, owners);
    }
    for (uint64_t i = 0; !status && !is_found && i < n_restarts; i++)
        status = search_once(s, s->c->seed + i * SEED_STEP);
    return status;
}

/* ---- the plan ---- */

/* From the file again: what was written is what is held to the rules. */
static gb_status read_plan(solve *s, const char *path)
{
    call *c = s->c;
    const size_t n = s->facts.n_areas;
    base_text text;
    gb_status status;
    size_t a = 0;

    base_text_init(&text, c->mem);
    status = call_file_read(c, path, &text);
    s->owners = base_alloc_array(c->mem, n, sizeof *s->owners);
    if (!status && !s->owners)
        status = base_fail_nomem(c->ctx);
    for (char *at = text.chars; !status && at && *at; a++) {
        char *end = strchr(at, '\n');
        int64_t owner;

        if (end)
            *end++ = '\0';
        if (a >= n || !base_parse_int(at, &owner) || owner < 0
            || owner > UINT32_MAX)
            break;
        s->owners[a] = (uint32_t)owner;
        at = end;
    }
    base_text_clear(&text);
    return status || a == n ? status
                            : base_fail(c->ctx, GB_ERR_INTERNAL,
                                        "%s: not what was written", path);
}

static gb_status check_plan(solve *s)
{
    call *c = s->c;
    const uint32_t *owners = gb_territories_owners(s->made);
    const char *path = call_text(c, "out");
    size_t n_found = 0;
    gb_status status = GB_OK;

    if (path) {
        status = read_plan(s, path);
        owners = s->owners;
    }
    if (!status)
        status = gb_territory_check(c->ctx, s->areas, &s->rules, owners, NULL,
                                    0, &n_found);
    if (!status && n_found)
        status = base_fail(c->ctx, GB_ERR_INTERNAL,
                           "the check finds %zu faults in a plan that was "
                           "taken for valid", n_found);
    return status;
}

static gb_status give_plan(solve *s, json_t *result)
{
    const uint32_t *owners = gb_territories_owners(s->made);
    base_text text;
    gb_status status;

    base_text_init(&text, s->c->mem);
    for (size_t a = 0; a < s->facts.n_areas; a++)
        base_text_format(&text, "%u\n", owners[a]);
    status = call_file_give(s->c, result, &text);
    base_text_clear(&text);
    return status ? status : check_plan(s);
}

/* ---- the answer ---- */

static double objective_of(const solve *s)
{
    switch (s->goal) {
    case GOAL_CUT:
        return (double)s->summary.n_cut;
    case GOAL_BORDER:
        return s->summary.border_m;
    default: /* as its unit says */
        return s->goal == GOAL_MOMENT ? s->about / 1e6 : s->about;
    }
}

/* Connected parts of all territories together, and the worst deviation. */
static gb_status count_parts(solve *s, json_int_t *n_parts)
{
    const size_t k = s->rules.n_territories;
    const size_t n_measures = s->areas->n_measures;
    gb_territory_measure *m = base_alloc_array(s->c->mem, k, sizeof *m);
    double *deviation
        = base_alloc_array(s->c->mem, k, n_measures * sizeof *deviation);
    gb_status status = GB_OK;

    if (!m || !deviation)
        status = base_fail_nomem(s->c->ctx);
    else
        status = gb_territory_measures(s->c->ctx, s->areas, &s->rules,
                                       gb_territories_owners(s->made), m,
                                       NULL, deviation);
    s->worst_deviation = 0;
    for (size_t i = 0; !status && i < k * n_measures; i++)
        if (!s->facts.is_counted || i % n_measures != 0)
            s->worst_deviation
                = fmax(s->worst_deviation, fabs(deviation[i]));
    *n_parts = 0;
    for (size_t t = 0; !status && t < k; t++)
        *n_parts += (json_int_t)m[t].n_parts;
    base_free(s->c->mem, m);
    base_free(s->c->mem, deviation);
    return status;
}

/* A sentence each, with its numbers. */
static json_t *describe_findings(const solve *s)
{
    json_t *list = json_array();
    size_t n;
    const gb_territory_finding *f = gb_territories_findings(s->made, &n);

    for (size_t i = 0; list && i < n && i < MOST_SHOWN; i++) {
        char text[600];

        if (gb_territory_finding_text(s->c->ctx, &f[i], text, sizeof text,
                                      NULL)
            || !call_put(list, NULL,
                         json_pack("{s:I, s:o}", "kind",
                                   (json_int_t)f[i].kind, "text",
                                   call_string(text)))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *known_real(bool is_known, double value)
{
    return is_known ? json_real(value) : json_null();
}

static json_t *describe(const solve *s, json_int_t n_parts)
{
    static const char *const units[] = { "adjacencies", "m", "1e6 x km2",
                                         "x km" };
    static const char *const on_plane[] = { "adjacencies", "m", "1e6 x m2",
                                            "x m" };
    static const char *const goals[] = { "cut", "border", "moment",
                                         "median" };
    const gb_territory_summary *m = &s->summary;
    json_t *findings = describe_findings(s);

    if (!findings)
        return NULL;
    return json_pack(
        "{s:b, s:s, s:s, s:f, s:s, s:f, s:f, s:I, s:I, s:I, s:I, s:o, s:o, "
        "s:o, s:I, s:o, s:f, s:o}",
        "valid", (int)m->is_valid, "outcome", call_outcome_name(m->outcome), "goal",
        goals[s->goal], "objective", objective_of(s), "objective_unit",
        (s->facts.has_places ? units : on_plane)[s->goal], "tolerance",
        s->tolerances[s->areas->n_measures - 1], "worst_deviation",
        s->worst_deviation, "areas", (json_int_t)m->n_areas, "territories",
        (json_int_t)m->n_territories, "parts", n_parts, "cut",
        (json_int_t)m->n_cut, "border_m",
        known_real(s->facts.has_borders, m->border_m), "polsby_popper",
        known_real(m->polsby_popper > 0, m->polsby_popper), "moment",
        known_real(s->about >= 0 && s->goal != GOAL_MEDIAN, s->about / 1e6), "iterations",
        (json_int_t)s->n_iterations, "first_valid_s",
        known_real(m->first_valid_s >= 0, m->first_valid_s), "cpu_s",
        s->cpu_s, "findings", findings);
}

/* The plan that the proof has met becomes the plan: built from it, and left as
 * it is. */
static gb_status adopt(solve *s, const uint32_t *owners)
{
    gb_territory_options o = options_for(s, 1, s->c->seed);
    gb_territories *made = NULL;
    double about = -1;
    gb_status status;

    o.previous = owners;
    o.max_iterations = 1;
    o.n_starts = 1;
    status = build(s, &o, &made, &about);
    if (status)
        return status;
    if (is_about_areas(s)) {
        take_if_better(s, made, about);
        return GB_OK;
    }
    gb_territories_free(s->made);
    s->made = NULL;
    take_if_better(s, made, about);
    return GB_OK;
}

/* How much better any plan could be; a better one is taken. */
static gb_status prove(solve *s, json_t **described)
{
    static const int32_t objectives[] = { GB_TERRITORY_CUT,
                                          GB_TERRITORY_BORDER,
                                          GB_TERRITORY_MOMENT,
                                          GB_TERRITORY_MEDIAN };
    call *c = s->c;
    const call_bound_task task = {
        .areas = s->areas, .places = gb_area_file_places(s->file),
        .rules = &s->rules, .objective = objectives[s->goal],
        .plan = gb_territories_owners(s->made),
        .time_limit_ms = c->time_limit_ms
    };
    gb_bound_result found;
    uint32_t *owners
        = base_alloc_array(c->mem, s->facts.n_areas, sizeof *owners);
    gb_status status = owners ? call_bound_prove(c, &task, &found, owners,
                                                 described)
                              : base_fail_nomem(c->ctx);

    if (!status && found.has_plan)
        status = adopt(s, owners);
    base_free(c->mem, owners);
    return status;
}

static gb_status answer(solve *s, json_t *bound, json_t **result)
{
    json_int_t n_parts = 0;
    gb_status status = count_parts(s, &n_parts);

    if (!status)
        status = call_result(s->c, result, describe(s, n_parts));
    if (!status && bound
        && (json_object_set(*result, "bound",
                            json_object_get(bound, "lower"))
            || json_object_set(*result, "gap",
                               json_object_get(bound, "above"))
            || json_object_set(*result, "proof", bound)))
        status = base_fail_nomem(s->c->ctx);
    if (status)
        return status;
    /* A plan that breaks a rule is told of and never written. */
    if (!s->summary.is_valid) {
        s->c->code = CODE_INFEASIBLE;
        return GB_OK;
    }
    return give_plan(s, *result);
}

static gb_status run(call *c, json_t **result)
{
    const double began_s = call_cpu_s();
    solve s = { .c = c };
    json_t *bound = NULL;
    gb_status status = read_areas(&s);

    if (!status && (s.facts.format == GB_AREA_FORMAT_CPMP
                    || s.facts.has_familiarity)) {
        status = (s.facts.has_familiarity ? call_territory_familiar
                                          : call_territory_locate)(
            c, s.file, result);
        gb_area_file_free(s.file);
        return status;
    }
    if (!status)
        status = take_wishes(&s);
    if (!status)
        status = search(&s);
    if (!status && call_flag(c, "bound") && s.summary.is_valid)
        status = prove(&s, &bound);
    s.cpu_s = call_cpu_s() - began_s;
    if (!status)
        status = answer(&s, bound, result);
    json_decref(bound);
    base_free(c->mem, s.tolerances);
    base_free(c->mem, s.owners);
    base_free(c->mem, s.centres);
    base_free(c->mem, s.travel);
    gb_territories_free(s.made);
    gb_area_file_free(s.file);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "file", .type = CALL_PATH, .is_required = true,
      .is_positional = true,
      .help = GB_N("areas with their adjacency (data/FORMATS.md)") },
    { .name = "territories", .type = CALL_INT, .min = 1, .max = INT32_MAX,
      .help = GB_N("how many; else as many as the file says") },
    { .name = "tolerance", .type = CALL_RATIO,
      .help = GB_N("how far from the mean a territory may be; else as the "
                   "file says, or 5 %") },
    { .name = "objective", .type = CALL_ENUM, .choices = "cut|border|moment|median",
      .help = GB_N("what is to be least; else by the format of the file") },
    { .name = "distances", .type = CALL_ENUM, .choices = "straight|whole",
      .help = GB_N("of a capacitated p-median: whole ones lose what is behind "
                   "the point; else by the size of the board") },
    { .name = "starts", .type = CALL_INT, .min = 1, .max = 4096,
      .help = GB_N("independent searches that share the iterations") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the plan: the number of its territory for each area") },
    { .name = "bound", .type = CALL_BOOL,
      .help = GB_N("prove how far above the best possible the plan is at "
                   "most; takes up to the time limit once more") },
};
static const call_column columns[] = {
    { "goal", GB_N("objective"), CALL_SHOW_PLAIN },
    { "objective", GB_N("its value"), CALL_SHOW_PLAIN },
    { "objective_unit", GB_N("its unit"), CALL_SHOW_PLAIN },
    { "worst_deviation", GB_N("worst deviation"), CALL_SHOW_RATIO },
    { "imbalance", GB_N("beyond the tolerances"), CALL_SHOW_PLAIN },
    { "familiarity", GB_N("levels of familiarity"), CALL_SHOW_PLAIN },
    { "compactness", GB_N("distances"), CALL_SHOW_PLAIN },
    { "territories", GB_N("territories"), CALL_SHOW_PLAIN },
    { "parts", GB_N("connected parts"), CALL_SHOW_PLAIN },
    { "cut", GB_N("adjacencies cut"), CALL_SHOW_PLAIN },
    { "border_m", GB_N("border"), CALL_SHOW_M },
    { "polsby_popper", GB_N("Polsby-Popper, mean"), CALL_SHOW_PLAIN },
    { "moment", GB_N("moment (1e6 x km2)"), CALL_SHOW_PLAIN },
    { "bound", GB_N("no plan is below"), CALL_SHOW_PLAIN },
    { "gap", GB_N("above it at most by"), CALL_SHOW_RATIO },
    { "cpu_s", GB_N("CPU time"), CALL_SHOW_SECONDS },
};
static const call_column finding_columns[] = {
    { "text", GB_N("why there is no plan"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "valid", CALL_COLUMNS(columns) },
    { .when = "findings", .rows = "findings",
      CALL_COLUMNS(finding_columns) },
    { .when = "proof.closed", .text = GB_N("no plan is better: proven") },
    { .when = "proof.above",
      .text = GB_N("at most {proof.above:ratio} above the best possible") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "territory.solve",
      .help = GB_N("Divide the areas of a file into territories"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_territory_solve_group = CALL_GROUP(methods);
