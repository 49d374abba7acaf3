/*
 * call_territory_bound.c - territory.bound: what no plan can be below, for the
 * areas of a file or for a version of a workspace.
 */
#include "call_bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "call_file.h"
#include "call_groups.h"
#include "call_territory.h"
#include "plan_bound.h"
#include "store_db.h"
#include "store_save.h"

enum { SEARCH_PERCENT = 25 }; /* of the time, where no plan is given */
static const double DEFAULT_TOLERANCE = 0.05;
static const double SAME = 1e-9; /* a ratio */

/* The choices of "objective", in their order. */
static const int32_t objectives[]
    = { GB_TERRITORY_CUT, GB_TERRITORY_BORDER, GB_TERRITORY_MOMENT,
        GB_TERRITORY_MEDIAN };

/* ---- what all bounds have in common ---- */

const char *call_bound_goal(int32_t objective)
{
    static const char *const names[] = { "moment", "border", "cut", "median" };

    return names[objective];
}

const char *call_bound_unit(int32_t objective, bool has_places)
{
    switch (objective) {
    case GB_TERRITORY_CUT:
        return "adjacencies";
    case GB_TERRITORY_BORDER:
        return "m";
    case GB_TERRITORY_MEDIAN:
        return has_places ? "x km" : "x m";
    default:
        return has_places ? "1e6 x km2" : "1e6 x m2";
    }
}

static double in_unit(int32_t objective, double value)
{
    return objective == GB_TERRITORY_MOMENT ? value / 1e6 : value;
}

static json_t *finite(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *describe(const call_bound_task *task, const gb_bound_result *r)
{
    static const char *const methods[] = { "none", "count", "spectral",
                                           "lagrangian", "branched",
                                           "frontier" };
    const int32_t goal = task->objective;
    const double plan = task->is_of_plan ? r->given : r->upper;
    const bool has_gap = isfinite(plan) && !r->is_infeasible;
    const bool is_closed = r->is_closed && plan <= r->upper * (1 + SAME);

    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:s, s:s, "
        "s:o, s:I, s:I, s:f}",
        "goal", call_bound_goal(goal), "unit",
        call_bound_unit(goal, task->places != NULL), "lower",
        finite(in_unit(goal, r->lower)), "upper",
        finite(in_unit(goal, r->upper)), "plan", finite(in_unit(goal, plan)),
        "gap",
        has_gap ? json_real(is_closed || plan <= 0 ? 0 : 1 - r->lower / plan)
                : json_null(),
        "above",
        has_gap && r->lower > 0
            ? json_real(is_closed ? 0 : plan / r->lower - 1) : json_null(),
        "closed", (int)is_closed, "infeasible", (int)r->is_infeasible,
        "better_plan", (int)r->has_plan, "relaxed", (int)r->is_relaxed,
        "proof", methods[r->method], "outcome", call_outcome_name(r->outcome),
        "root_lower", finite(in_unit(goal, r->root_lower)), "iterations",
        (json_int_t)r->n_iterations, "nodes", (json_int_t)r->n_nodes,
        "seconds", r->seconds);
}

gb_status call_bound_prove(call *c, const call_bound_task *task,
                           gb_bound_result *found, uint32_t *owners,
                           json_t **described)
{
    gb_bound_options o = GB_BOUND_OPTIONS_INIT;
    gb_status status;

    o.objective = task->objective;
    o.plan = task->plan;
    o.time_limit_ms = task->time_limit_ms;
    o.max_iterations = task->max_iterations;
    o.seed = c->seed;
    o.n_threads = c->n_threads;
    *found = (gb_bound_result){ .size = sizeof *found };
    status = gb_territory_bound(c->ctx, task->areas, task->places, task->rules,
                                &o, found, owners);
    if (status)
        return status;
    *described = describe(task, found);
    return *described ? GB_OK : base_fail_nomem(c->ctx);
}

/* ---- a file ---- */

typedef struct job {
    call *c;
    gb_area_file *file;
    gb_area_facts facts;
    gb_territory_rules rules;
    double *tolerances;
    uint32_t *plan;   /* n_areas: given or found */
    uint32_t *better; /* n_areas */
    bool has_plan;
    call_bound_task task;
} job;

static gb_status read_areas(job *j)
{
    call *c = j->c;
    char *bytes = NULL;
    gb_status status = call_file_text(c, "file", &bytes);

    if (!status)
        status = gb_areas_read(c->ctx, call_text(c, "file"), bytes,
                               strlen(bytes), GB_AREA_FORMAT_ANY, &j->file);
    base_free(c->mem, bytes);
    if (status)
        return status;
    j->task.areas = gb_area_file_areas(j->file);
    j->task.places = gb_area_file_places(j->file);
    j->facts.size = sizeof j->facts;
    gb_area_file_facts(j->file, &j->facts);
    return GB_OK;
}

static gb_status take_rules(job *j)
{
    call *c = j->c;
    const double *given = gb_area_file_tolerances(j->file);
    const size_t n = j->task.areas->n_measures;
    const int goal = call_choice(c, "objective");

    j->task.objective = goal >= 0 ? objectives[goal]
        : j->facts.is_counted     ? GB_TERRITORY_MEDIAN : GB_TERRITORY_CUT;
    j->rules = (gb_territory_rules)GB_TERRITORY_RULES_INIT;
    j->rules.n_territories = call_has(c, "territories")
        ? (size_t)call_int(c, "territories") : j->facts.n_territories;
    if (j->rules.n_territories == 0)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "\"territories\" is needed: the file does not say "
                         "how many");
    if ((j->task.objective == GB_TERRITORY_MOMENT
         || j->task.objective == GB_TERRITORY_MEDIAN)
        && !j->facts.has_places && j->facts.format == GB_AREA_FORMAT_TG1)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "the areas have no places, so there are no "
                         "distances: take \"cut\" or \"border\"");
    j->tolerances = base_alloc_array(c->mem, n, sizeof *j->tolerances);
    if (!j->tolerances)
        return base_fail_nomem(c->ctx);
    for (size_t m = 0; m < n; m++) {
        j->tolerances[m] = given ? given[m] : DEFAULT_TOLERANCE;
        if (call_has(c, "tolerance") && !(j->facts.is_counted && m == 0))
            j->tolerances[m] = call_real(c, "tolerance");
    }
    j->rules.tolerances = j->tolerances;
    j->task.rules = &j->rules;
    return GB_OK;
}

/* The number of its territory on a line for each area. */
static gb_status read_plan(job *j)
{
    call *c = j->c;
    const size_t n = j->facts.n_areas;
    char *text = NULL, *at;
    gb_status status = call_file_text(c, "plan", &text);
    size_t a = 0;

    for (at = text; !status && at && *at; a++) {
        char *end = strchr(at, '\n');
        int64_t owner;

        if (end)
            *end++ = '\0';
        if (a >= n || !base_parse_int(at, &owner) || owner < 0
            || owner > UINT32_MAX)
            break;
        j->plan[a] = (uint32_t)owner;
        at = end;
    }
    if (!status && (a != n || (at && *at)))
        status = base_fail(c->ctx, GB_ERR_DATA,
                           "%s:%zu: a plan has the number of a territory on a "
                           "line for each of the %zu areas",
                           call_text(c, "plan"), a + 1, n);
    base_free(c->mem, text);
    j->has_plan = !status;
    return status;
}

static gb_status find_plan(job *j)
{
    call *c = j->c;
    gb_territory_options o = GB_TERRITORY_OPTIONS_INIT;
    gb_territory_summary s = { .size = sizeof s };
    gb_territories *made = NULL;
    gb_status status;

    o.objective = j->task.objective;
    o.seed = c->seed;
    o.n_threads = c->n_threads;
    o.n_starts = j->facts.n_areas <= 1000 ? 8 : 1;
    o.time_limit_ms = c->time_limit_ms * SEARCH_PERCENT / 100;
    status = gb_territory_build(c->ctx, j->task.areas, &j->rules, &o, &made);
    if (status)
        return status;
    gb_territories_summary(made, &s);
    j->has_plan = s.is_valid;
    memcpy(j->plan, gb_territories_owners(made),
           j->facts.n_areas * sizeof *j->plan);
    gb_territories_free(made);
    return GB_OK;
}

static gb_status give_plan(job *j, json_t *result)
{
    base_text text;
    gb_status status;

    if (!call_has(j->c, "out") || !j->has_plan)
        return GB_OK;
    base_text_init(&text, j->c->mem);
    for (size_t a = 0; a < j->facts.n_areas; a++)
        base_text_format(&text, "%u\n", j->plan[a]);
    status = call_file_give(j->c, result, &text);
    base_text_clear(&text);
    return status;
}

static gb_status prove(job *j, double began_s, json_t **result)
{
    call *c = j->c;
    gb_bound_result found;
    json_t *made = NULL;
    gb_status status;

    j->task.plan = j->has_plan ? j->plan : NULL;
    j->task.is_of_plan = call_has(c, "plan");
    j->task.time_limit_ms = c->time_limit_ms
        - (call_has(c, "plan") ? 0
                               : c->time_limit_ms * SEARCH_PERCENT / 100);
    j->task.max_iterations = c->max_iterations;
    status = call_bound_prove(c, &j->task, &found, j->better, &made);
    if (status)
        return status;
    if (found.has_plan) {
        memcpy(j->plan, j->better, j->facts.n_areas * sizeof *j->plan);
        j->has_plan = true;
    }
    if (found.is_infeasible)
        c->code = CALL_CODE_MUST;
    if (!call_put(made, "areas", json_integer((json_int_t)j->facts.n_areas))
        || !call_put(made, "territories",
                     json_integer((json_int_t)j->rules.n_territories))
        || !call_put(made, "cpu_s", json_real(call_cpu_s() - began_s))) {
        json_decref(made);
        return base_fail_nomem(c->ctx);
    }
    status = call_result(c, result, made);
    return status ? status : give_plan(j, *result);
}

static gb_status bound_file(call *c, json_t **result)
{
    const double began_s = call_cpu_s();
    job j = { .c = c };
    gb_status status = read_areas(&j);

    if (!status)
        status = take_rules(&j);
    if (!status) {
        j.plan = base_alloc_array(c->mem, j.facts.n_areas, sizeof *j.plan);
        j.better = base_alloc_array(c->mem, j.facts.n_areas,
                                    sizeof *j.better);
        if (!j.plan || !j.better)
            status = base_fail_nomem(c->ctx);
    }
    if (!status && j.rules.n_territories <= j.facts.n_areas)
        status = call_has(c, "plan") ? read_plan(&j) : find_plan(&j);
    if (!status)
        status = prove(&j, began_s, result);
    base_free(c->mem, j.plan);
    base_free(c->mem, j.better);
    base_free(c->mem, j.tolerances);
    gb_area_file_free(j.file);
    return status;
}

/* ---- a version ---- */

/* A version: each branch by itself, with the cells that it has. */
typedef struct version_job {
    store_figures figures;
    int64_t version;
    int32_t objective;
    json_t *rows;      /* one a branch */
    double lower, plan; /* sums; in the unit that is shown */
    double tolerance, worst;
    size_t n_areas, n_territories, n_parts;
    uint64_t n_nodes;
    bool is_closed, is_infeasible, has_plans;
    const char *measure;
} version_job;

static gb_status load_version(call *c, version_job *j)
{
    base_run run;
    gb_status status;

    j->version = call_int(c, "number");
    call_enter_store(c, &run);
    status = store_begin_read(c->workspace);
    if (!status) {
        if (!j->version)
            status = store_version_find(c->workspace, "active", &j->version);
        if (!status)
            status = store_load_figures(c->workspace, j->version,
                                        STORE_NO_DAY, &j->figures);
        status = store_end(c->workspace, status);
    }
    return call_leave_store(c, &run, status);
}

/* The i-th territory is the first of its branch. */
static bool is_first(const store_figures *f, size_t i)
{
    for (size_t t = 0; t < i; t++)
        if (strcmp(f->items[t].branch, f->items[i].branch) == 0)
            return false;
    return true;
}

static bool is_asked_for(const call *c, const version_job *j, size_t i)
{
    const char *branch = call_text(c, "branch");

    return is_first(&j->figures, i)
        && (!branch || strcmp(branch, j->figures.items[i].branch) == 0);
}

static gb_status add_part(version_job *j, const char *branch,
                          const plan_bound_ground *g,
                          const gb_bound_result *r, bool has_plan,
                          json_t *row)
{
    j->n_areas += g->areas.n_areas;
    j->n_territories += g->rules.n_territories;
    j->tolerance = fmax(j->tolerance, g->tolerance);
    j->worst = fmax(j->worst, g->worst);
    j->measure = g->measure;
    j->n_nodes += r->n_nodes;
    j->is_infeasible = j->is_infeasible || r->is_infeasible;
    j->is_closed = j->is_closed && has_plan
        && json_is_true(json_object_get(row, "closed"));
    j->has_plans = j->has_plans && has_plan;
    if (!r->is_infeasible)
        j->lower += in_unit(j->objective, r->lower);
    if (has_plan)
        j->plan += in_unit(j->objective, r->given);
    return call_put(row, "branch", json_string(branch))
                   && call_put(row, "territories",
                               json_integer(
                                   (json_int_t)g->rules.n_territories))
                   && call_put(row, "valid", json_boolean(has_plan))
                   && json_array_append(j->rows, row) == 0
               ? GB_OK : GB_ERR_NOMEM;
}

static gb_status prove_branch(call *c, version_job *j, const char *branch)
{
    plan_bound_ground ground;
    call_bound_task task = { .areas = &ground.areas, .rules = &ground.rules,
                             .objective = j->objective, .is_of_plan = true,
                             .max_iterations = c->max_iterations };
    gb_bound_result found;
    json_t *row = NULL;
    size_t n_found = 0;
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = call_leave_store(
        c, &run,
        plan_bound_prepare(&run, &j->figures, branch,
                           call_has(c, "tolerance")
                               ? call_real(c, "tolerance") : -1, &ground));
    if (c->time_limit_ms > 0)
        task.time_limit_ms = c->time_limit_ms / (int64_t)j->n_parts + 1;
    if (!status)
        status = gb_territory_check(c->ctx, task.areas, task.rules,
                                    ground.owners, NULL, 0, &n_found);
    if (!status) {
        task.plan = n_found == 0 ? ground.owners : NULL;
        status = call_bound_prove(c, &task, &found, NULL, &row);
    }
    if (!status && add_part(j, branch, &ground, &found, n_found == 0, row))
        status = base_fail_nomem(c->ctx);
    json_decref(row);
    plan_bound_clear(&ground);
    return status;
}

static gb_status prove_version(call *c, version_job *j)
{
    const int goal = call_choice(c, "objective");
    gb_status status = GB_OK;

    j->objective = goal < 0 ? GB_TERRITORY_MOMENT : objectives[goal];
    j->is_closed = j->has_plans = true;
    j->rows = json_array();
    if (!j->rows)
        return base_fail_nomem(c->ctx);
    for (size_t i = 0; i < j->figures.n; i++)
        j->n_parts += is_asked_for(c, j, i);
    if (j->n_parts == 0)
        return base_fail(c->ctx, GB_ERR_NOT_FOUND,
                         "version %lld has no territory of branch %s",
                         (long long)j->version,
                         call_has(c, "branch") ? call_text(c, "branch") : "-");
    for (size_t i = 0; !status && i < j->figures.n; i++)
        if (is_asked_for(c, j, i))
            status = prove_branch(c, j, j->figures.items[i].branch);
    return status;
}

static json_t *describe_version(const version_job *j)
{
    const bool has_gap = j->has_plans && !j->is_infeasible;
    const bool is_closed = j->is_closed && has_gap;

    return json_pack(
        "{s:I, s:s, s:f, s:f, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:I, "
        "s:I, s:I, s:O}",
        "version", (json_int_t)j->version, "measure", j->measure, "tolerance",
        j->tolerance, "worst_deviation", j->worst, "goal",
        call_bound_goal(j->objective), "unit",
        call_bound_unit(j->objective, false), "lower",
        j->is_infeasible ? json_null() : json_real(j->lower), "plan",
        j->has_plans ? json_real(j->plan) : json_null(), "gap",
        has_gap ? json_real(is_closed || j->plan <= 0
                                ? 0 : 1 - j->lower / j->plan)
                : json_null(),
        "above",
        has_gap && j->lower > 0
            ? json_real(is_closed ? 0 : j->plan / j->lower - 1) : json_null(),
        "closed", (int)is_closed, "infeasible", (int)j->is_infeasible,
        "areas", (json_int_t)j->n_areas, "territories",
        (json_int_t)j->n_territories, "nodes", (json_int_t)j->n_nodes,
        "branches", j->rows);
}

/* For `territory show` and reports; of the whole version alone. */
static gb_status store_bound(call *c, const version_job *j, const json_t *made)
{
    char *text = json_dumps(made, JSON_COMPACT);
    base_run run;
    gb_status status;

    if (!text)
        return base_fail_nomem(c->ctx);
    call_enter_store(c, &run);
    status = call_leave_store(
        c, &run, store_territory_set_bound(c->workspace, j->version, text));
    free(text);
    return status;
}

static gb_status bound_version(call *c, json_t **result)
{
    const double began_s = call_cpu_s();
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    version_job j;
    json_t *made = NULL;
    gb_status status;

    memset(&j, 0, sizeof j);
    if (!c->workspace_path)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "either a file of areas or a workspace is needed");
    status = gb_workspace_open(c->ctx, c->workspace_path, &options,
                               &c->workspace);
    if (status)
        return status;
    status = load_version(c, &j);
    if (!status)
        status = prove_version(c, &j);
    if (!status) {
        made = describe_version(&j);
        if (!made || !call_put(made, "cpu_s", json_real(call_cpu_s() - began_s)))
            status = base_fail_nomem(c->ctx);
        if (j.is_infeasible)
            c->code = CALL_CODE_MUST;
    }
    if (!status && !call_has(c, "branch"))
        status = store_bound(c, &j, made);
    if (status)
        json_decref(made);
    else
        status = call_result(c, result, made);
    json_decref(j.rows);
    store_figures_clear(&j.figures);
    gb_workspace_close(c->workspace);
    c->workspace = NULL;
    return status;
}

static gb_status run(call *c, json_t **result)
{
    if (!call_has(c, "file"))
        return bound_version(c, result);
    if (call_has(c, "number") || call_has(c, "branch"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "number and branch are of a workspace, not of a "
                         "file");
    return bound_file(c, result);
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "file", .type = CALL_PATH, .is_positional = true,
      .help = GB_N("areas with their adjacency (data/FORMATS.md); else a "
                   "version of the workspace") },
    { .name = "territories", .type = CALL_INT, .min = 1, .max = INT32_MAX,
      .help = GB_N("how many; else as many as the file says") },
    { .name = "tolerance", .type = CALL_RATIO,
      .help = GB_N("how far from the mean a territory may be; else as the "
                   "file or the version says, or 5 %") },
    { .name = "objective", .type = CALL_ENUM,
      .choices = "cut|border|moment|median",
      .help = GB_N("what is to be bounded; else by the format of the file, "
                   "and the moment of a version") },
    { .name = "plan", .type = CALL_PATH,
      .help = GB_N("a plan of the file to measure against, as territory solve "
                   "writes it; else one is searched for") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("for the best plan known in the end") },
    { .name = "number", .type = CALL_INT, .min = 1, .max = INT64_MAX,
      .help = GB_N("a version; else the one in force") },
    { .name = "branch", .type = CALL_TEXT,
      .help = GB_N("the territories of one branch alone") },
};
static const call_column columns[] = {
    { "goal", GB_N("objective"), CALL_SHOW_PLAIN },
    { "unit", GB_N("its unit"), CALL_SHOW_PLAIN },
    { "lower", GB_N("no plan is below"), CALL_SHOW_PLAIN },
    { "plan", GB_N("the plan"), CALL_SHOW_PLAIN },
    { "upper", GB_N("best plan known"), CALL_SHOW_PLAIN },
    { "proof", GB_N("proven by"), CALL_SHOW_PLAIN },
    { "nodes", GB_N("nodes"), CALL_SHOW_PLAIN },
    { "cpu_s", GB_N("CPU time"), CALL_SHOW_SECONDS },
};
static const call_column branch_columns[] = {
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "territories", GB_N("territories"), CALL_SHOW_PLAIN },
    { "lower", GB_N("no plan is below"), CALL_SHOW_PLAIN },
    { "plan", GB_N("the plan"), CALL_SHOW_PLAIN },
    { "above", GB_N("above it at most by"), CALL_SHOW_RATIO },
    { "closed", GB_N("proven best"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "version",
      .text = GB_N("version {version:id}, by {measure}, off by at most "
                   "{tolerance:ratio}") },
    { .when = "branches", .rows = "branches",
      CALL_COLUMNS(branch_columns) },
    { CALL_COLUMNS(columns) },
    { .when = "closed", .text = GB_N("no plan is better: proven") },
    { .when = "above",
      .text = GB_N("at most {above:ratio} above the best possible") },
    { .when = "infeasible", .text = GB_N("no plan keeps the rules: proven") },
    { .when = "better_plan",
      .text = GB_N("a better plan was found: {upper}") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "territory.bound",
      .help = GB_N("Prove how much better any plan of territories could be"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_territory_bound_group = CALL_GROUP(methods);
