/*
 * call_territory_locate.c - territory.solve for a file of the capacitated
 * p-median, which knows no adjacency.
 */
#include "call_territory_locate.h"

#include <math.h>

#include <gridbeat/location.h>

#include "call_file.h"

enum { CODE_INFEASIBLE = 5 };
/* OR-Library's sets lie on a board of this size and count whole distances. */
static const double BOARD = 100;

typedef struct locating {
    call *c;
    const gb_areas *areas;
    gb_location_nodes nodes;
    size_t n_medians;
    int64_t *demands, *capacities;
    uint32_t *owners, *medians;
    gb_location_summary summary;
    double cpu_s;
} locating;

static bool is_on_board(const gb_areas *areas)
{
    for (size_t a = 0; a < areas->n_areas; a++) {
        const gb_point at = areas->centres[a];

        if (at.x_m < 0 || at.x_m > BOARD || floor(at.x_m) < at.x_m
            || at.y_m < 0 || at.y_m > BOARD || floor(at.y_m) < at.y_m)
            return false;
    }
    return true;
}

static gb_status take_nodes(locating *x, const gb_area_file *file)
{
    static const int32_t metrics[] = { GB_LOCATION_STRAIGHT,
                                       GB_LOCATION_WHOLE };
    const double *capacities = gb_area_file_capacities(file);
    const size_t n = x->areas->n_areas;
    const int choice = call_choice(x->c, "distances");

    x->demands = base_alloc_array(x->c->mem, n, sizeof *x->demands);
    x->capacities = base_alloc_array(x->c->mem, n, sizeof *x->capacities);
    x->owners = base_alloc_array(x->c->mem, n, sizeof *x->owners);
    x->medians
        = base_alloc_array(x->c->mem, x->n_medians, sizeof *x->medians);
    if (!x->demands || !x->capacities || !x->owners || !x->medians)
        return base_fail_nomem(x->c->ctx);
    for (size_t a = 0; a < n; a++) {
        x->demands[a] = llround(x->areas->activity[a]);
        x->capacities[a] = llround(capacities[a]);
    }
    x->nodes = (gb_location_nodes)GB_LOCATION_NODES_INIT;
    x->nodes.n_nodes = n;
    x->nodes.demands = x->demands;
    x->nodes.capacities = x->capacities;
    x->nodes.points = x->areas->centres;
    x->nodes.metric = choice >= 0 ? metrics[choice]
        : is_on_board(x->areas) ? GB_LOCATION_WHOLE : GB_LOCATION_STRAIGHT;
    return GB_OK;
}

static gb_status solve(locating *x)
{
    const call *c = x->c;
    gb_location_options o = GB_LOCATION_OPTIONS_INIT;

    o.seed = c->seed;
    o.max_iterations = c->max_iterations;
    o.time_limit_ms = c->time_limit_ms;
    o.n_threads = c->n_threads;
    if (call_has(c, "starts"))
        o.n_starts = (uint32_t)call_int(c, "starts");
    else if (c->time_limit_ms && !c->max_iterations)
        o.n_starts = c->n_threads; /* each searches on its own */
    x->summary.size = sizeof x->summary;
    return gb_location_solve(c->ctx, &x->nodes, x->n_medians, &o, x->owners,
                             x->medians, &x->summary);
}

/* What is handed out is measured by another way first. */
static gb_status check(locating *x)
{
    double objective;
    int64_t beyond;
    const gb_status status
        = gb_location_measure(x->c->ctx, &x->nodes, x->n_medians, x->owners,
                              NULL, &objective, &beyond);

    if (!status && (beyond != x->summary.beyond
                    || fabs(objective - x->summary.objective)
                        > 1e-9 * (1 + objective)))
        return base_fail(x->c->ctx, GB_ERR_INTERNAL,
                         "the plan does not measure what was told of it");
    return status;
}

static json_t *describe(const locating *x)
{
    const gb_location_summary *s = &x->summary;
    const bool is_bound = s->is_valid && s->bound > 0;
    json_t *medians = json_array();

    for (size_t i = 0; medians && i < x->n_medians; i++)
        if (!call_put(medians, NULL,
                      json_integer((json_int_t)x->medians[i]))) {
            json_decref(medians);
            medians = NULL;
        }
    if (!medians)
        return NULL;
    return json_pack(
        "{s:b, s:s, s:s, s:f, s:s, s:o, s:o, s:I, s:I, s:I, s:o, s:I, s:o, "
        "s:f}",
        "valid", (int)s->is_valid, "outcome", call_outcome_name(s->outcome), "goal",
        "median", "objective", s->objective, "objective_unit", "x m",
        "bound", is_bound ? json_real(s->bound) : json_null(), "gap",
        is_bound ? json_real(fmax(0, s->objective / s->bound - 1))
                 : json_null(),
        "areas", (json_int_t)x->nodes.n_nodes, "territories",
        (json_int_t)x->n_medians, "beyond", (json_int_t)s->beyond, "medians",
        medians, "iterations", (json_int_t)s->n_iterations, "first_valid_s",
        s->first_valid_s >= 0 ? json_real(s->first_valid_s) : json_null(),
        "cpu_s", x->cpu_s);
}

static gb_status answer(locating *x, json_t **result)
{
    base_text text;
    gb_status status = call_result(x->c, result, describe(x));

    if (status)
        return status;
    if (!x->summary.is_valid) {
        x->c->code = CODE_INFEASIBLE;
        return GB_OK;
    }
    base_text_init(&text, x->c->mem);
    for (size_t a = 0; a < x->nodes.n_nodes; a++)
        base_text_format(&text, "%u\n", x->owners[a]);
    status = call_file_give(x->c, *result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status take_wishes(locating *x, const gb_area_file *file)
{
    gb_area_facts facts = { .size = sizeof facts };
    call *c = x->c;

    gb_area_file_facts(file, &facts);
    x->n_medians = call_has(c, "territories")
        ? (size_t)call_int(c, "territories") : facts.n_territories;
    if (x->n_medians == 0)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"territories\" is needed: the file does not say "
                         "how many");
    if (x->n_medians > facts.n_areas)
        return base_fail(c->ctx, GB_ERR_INFEASIBLE,
                         "%zu territories cannot be made of %zu areas",
                         x->n_medians, facts.n_areas);
    if (call_has(c, "tolerance"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"tolerance\": the file gives capacities instead");
    return take_nodes(x, file);
}

gb_status call_territory_locate(call *c, const gb_area_file *file,
                                json_t **result)
{
    const double began_s = call_cpu_s();
    locating x = { .c = c, .areas = gb_area_file_areas(file) };
    gb_status status = take_wishes(&x, file);

    if (!status)
        status = solve(&x);
    if (!status)
        status = check(&x);
    x.cpu_s = call_cpu_s() - began_s;
    if (!status)
        status = answer(&x, result);
    base_free(c->mem, x.demands);
    base_free(c->mem, x.capacities);
    base_free(c->mem, x.owners);
    base_free(c->mem, x.medians);
    return status;
}
