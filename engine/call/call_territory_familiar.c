/*
 * call_territory_familiar.c - see call_territory_familiar.h.
 */
#include "call_territory_familiar.h"


#include "call_file.h"
#include "grid_familiar.h"
#include "grid_median.h"

enum { DEFAULT_ITERATIONS = 40000000 };
static const double UNBOUND = 1e6;

typedef struct solve {
    call *c;
    gb_area_facts facts;
    grid_familiar_problem problem;
    double *tolerances; /* n_measures */
    uint32_t *owners;
    grid_familiar_value value;
    uint64_t n_priced;
    double cpu_s;
} solve;

static gb_status take_wishes(solve *x, const gb_area_file *file)
{
    call *c = x->c;
    const gb_areas *areas = gb_area_file_areas(file);
    const double *given = gb_area_file_tolerances(file);

    x->facts.size = sizeof x->facts;
    gb_area_file_facts(file, &x->facts);
    if (call_has(c, "territories")
        && (size_t)call_int(c, "territories") != x->facts.n_territories)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"territories\": the file knows %zu people, one for "
                         "each", x->facts.n_territories);
    if (areas->n_areas > GRID_MEDIAN_MOST)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "%zu areas with familiarity, at most %d are solved",
                         areas->n_areas, (int)GRID_MEDIAN_MOST);
    x->tolerances = base_alloc_array(c->mem, areas->n_measures,
                                     sizeof *x->tolerances);
    x->owners
        = base_alloc_array(c->mem, areas->n_areas, sizeof *x->owners);
    if (!x->tolerances || !x->owners)
        return base_fail_nomem(c->ctx);
    for (size_t m = 0; m < areas->n_measures; m++)
        x->tolerances[m] = m > 0 && call_has(c, "tolerance")
            ? call_real(c, "tolerance") : given[m];
    x->problem = (grid_familiar_problem){
        areas, x->facts.n_territories, x->tolerances,
        gb_area_file_familiarity(file), gb_area_file_distances(file)
    };
    return GB_OK;
}

static gb_status search(solve *x)
{
    const call *c = x->c;
    grid_familiar_options o = { c->seed, c->max_iterations, 1 };
    base_run run;
    gb_status status;

    if (!o.max_iterations && !c->time_limit_ms)
        o.max_iterations = DEFAULT_ITERATIONS;
    if (call_has(c, "starts"))
        o.n_starts = (uint32_t)call_int(c, "starts");
    else if (c->time_limit_ms && !c->max_iterations && c->n_threads > 1)
        o.n_starts = c->n_threads; /* each searches on its own */
    base_run_begin(&run, c->ctx, (base_limits){ c->time_limit_ms, 0,
                                                c->n_threads });
    base_run_phase(&run, GB_N("improving territories"), 0.02, 0.98,
                   o.n_starts);
    status = grid_familiar_solve(&run, &x->problem, &o, x->owners,
                                 &x->n_priced);
    if (!status)
        status = grid_familiar_measure(&run, &x->problem, x->owners,
                                       &x->value);
    return base_run_end(&run, status);
}

/* Each area in one territory, none empty, all connected. */
static gb_status check(solve *x)
{
    const size_t n_measures = x->problem.areas->n_measures;
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    double *wide = base_alloc_array(x->c->mem, n_measures, sizeof *wide);
    size_t n_found = 0;
    gb_status status;

    if (!wide)
        return base_fail_nomem(x->c->ctx);
    for (size_t m = 0; m < n_measures; m++)
        wide[m] = UNBOUND;
    rules.n_territories = x->problem.k;
    rules.tolerances = wide;
    status = gb_territory_check(x->c->ctx, x->problem.areas, &rules,
                                x->owners, NULL, 0, &n_found);
    base_free(x->c->mem, wide);
    if (!status && n_found)
        return base_fail(x->c->ctx, GB_ERR_INTERNAL,
                         "the check finds %zu faults in a plan that was "
                         "taken for valid", n_found);
    return status;
}

static json_t *describe(const solve *x)
{
    const grid_familiar_value *v = &x->value;

    return json_pack(
        "{s:b, s:s, s:s, s:f, s:f, s:f, s:f, s:I, s:I, s:I, s:I, s:f}",
        "valid", 1, "outcome",
        x->c->max_iterations || !x->c->time_limit_ms ? "iteration_limit"
                                                     : "time_limit",
        "goal", "familiar", "objective", v->objective, "imbalance",
        v->imbalance, "familiarity", v->familiarity, "compactness",
        v->compactness, "areas", (json_int_t)x->facts.n_areas, "territories",
        (json_int_t)x->problem.k, "parts", (json_int_t)x->problem.k,
        "iterations", (json_int_t)x->n_priced, "cpu_s", x->cpu_s);
}

static gb_status answer(solve *x, json_t **result)
{
    base_text text;
    gb_status status = call_result(x->c, result, describe(x));

    if (status)
        return status;
    base_text_init(&text, x->c->mem);
    for (size_t a = 0; a < x->facts.n_areas; a++)
        base_text_format(&text, "%u\n", x->owners[a]);
    status = call_file_give(x->c, *result, &text);
    base_text_clear(&text);
    return status;
}

gb_status call_territory_familiar(call *c, const gb_area_file *file,
                                  json_t **result)
{
    const double began_s = call_cpu_s();
    solve x = { .c = c };
    gb_status status = take_wishes(&x, file);

    if (!status)
        status = search(&x);
    if (!status)
        status = check(&x);
    x.cpu_s = call_cpu_s() - began_s;
    if (!status)
        status = answer(&x, result);
    base_free(c->mem, x.tolerances);
    base_free(c->mem, x.owners);
    return status;
}
