/*
 * call_route_check.c - route.check: recompute a solution from nothing.
 */
#include "call_groups.h"

#include "call_route.h"

typedef struct checked {
    call_route r;
    gb_route_file_routes *routes;
    gb_route_solution *plan; /* NULL: cannot be driven */
    gb_route_file_figures figures;
    json_t *findings; /* texts */
} checked;

static gb_status add_finding(checked *k, const char *words)
{
    char *named = call_route_name_in(&k->r, words);
    const bool is_put
        = named && call_put(k->findings, NULL,
                            json_pack("{s:o}", "text", call_string(named)));

    base_free(k->r.c->mem, named);
    return is_put ? GB_OK : base_fail_nomem(k->r.c->ctx);
}

/* What cannot be driven is a finding, not an error of the call. */
static gb_status drive(checked *k)
{
    gb_context *ctx = k->r.c->ctx;
    gb_status status = gb_route_evaluate(
        ctx, k->r.problem, gb_route_file_routes_order(k->routes), &k->plan);
    char words[512];

    if (status != GB_ERR_INFEASIBLE)
        return status;
    snprintf(words, sizeof words, "%s", gb_last_error(ctx));
    base_enter(ctx);
    return add_finding(k, words);
}

static gb_status recompute(checked *k)
{
    gb_context *ctx = k->r.c->ctx;
    gb_route_findings *found = NULL;
    gb_status status = gb_route_check(ctx, k->r.problem, k->plan, &found);

    for (size_t i = 0; !status && i < gb_route_findings_count(found); i++)
        status = add_finding(k, gb_route_findings_text(found, i));
    gb_route_findings_free(found);
    return status;
}

static const char *figure_text(const checked *k, int64_t figure,
                               char buffer[32])
{
    const uint32_t per = k->r.facts.published_per;

    if (per <= 1)
        snprintf(buffer, 32, "%lld", (long long)figure);
    else
        base_real_text(buffer, (double)figure / per,
                       per <= 10 ? 1 : per <= 100 ? 2 : per <= 1000 ? 3 : 4);
    return buffer;
}

/* What the solution says of itself. */
static gb_status compare_told(checked *k)
{
    char told_text[32], found_text[32], words[256];
    int64_t told;

    if (!gb_route_file_routes_told(k->routes, &told)
        || told == k->figures.figure)
        return GB_OK;
    snprintf(words, sizeof words,
             call_words(k->r.c, GB_N("the solution tells %s of itself, and it "
                                     "is %s")),
             figure_text(k, told, told_text),
             figure_text(k, k->figures.figure, found_text));
    return add_finding(k, words);
}

static gb_status judge(checked *k)
{
    gb_context *ctx = k->r.c->ctx;
    gb_status status = drive(k);

    if (status || !k->plan)
        return status;
    status = recompute(k);
    k->figures.size = sizeof k->figures;
    if (!status)
        status = gb_route_file_figures_get(ctx, k->r.file, k->plan,
                                           &k->figures);
    return status ? status : compare_told(k);
}

static json_t *describe(const checked *k)
{
    json_t *made = k->plan
        ? call_route_describe(&k->r, k->plan, &k->figures) : json_object();
    const bool is_right = json_array_size(k->findings) == 0;
    int64_t told;

    if (made
        && call_put(made, "valid",
                    json_boolean(is_right
                                 && k->figures.n_musts_unserved == 0))
        && (!gb_route_file_routes_told(k->routes, &told)
            || call_put(made, "told", json_integer(told)))
        && (!k->r.facts.has_best_known
            || call_put(made, "best_known",
                        json_integer(k->r.facts.best_known)))
        && json_object_set(made, "findings", k->findings) == 0)
        return made;
    json_decref(made);
    return NULL;
}

static gb_status run(call *c, json_t **result)
{
    checked k = { 0 };
    gb_status status = call_route_open(c, &k.r);

    k.findings = json_array();
    if (!status && !k.findings)
        status = base_fail_nomem(c->ctx);
    if (!status)
        status = call_route_read(&k.r, "solution", &k.routes);
    if (!status)
        status = judge(&k);
    if (!status)
        status = call_result(c, result, describe(&k));
    if (!status)
        c->code = json_array_size(k.findings) > 0 ? CALL_ROUTE_FALSE
            : k.figures.n_musts_unserved > 0      ? CALL_ROUTE_MUST : 0;
    json_decref(k.findings);
    gb_route_solution_free(k.plan);
    gb_route_file_routes_free(k.routes);
    call_route_close(&k.r);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    CALL_ROUTE_PARAMS,
    { .name = "solution", .type = CALL_DOCUMENT, .is_positional = true,
      .is_required = true,
      .help = GB_N("the solution: CVRPLIB's .sol, VROOM's answer, our own "
                   "JSON") },
};
static const call_column finding_columns[] = {
    { "text", GB_N("what is wrong"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "n_routes", .columns = call_route_sum_columns,
      .n_columns = CALL_ROUTE_N_SUM },
    { .when = "findings", .rows = "findings", CALL_COLUMNS(finding_columns) },
    { .when = "musts_unserved",
      .text = GB_N("WARNING: {musts_unserved} who must be served are not") },
    { .when = "valid", .text = GB_N("all is right") },
};

static const call_method methods[] = {
    { .name = "route.check",
      .help = GB_N("Recompute a solution from nothing, and say what is wrong"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_route_check_group = CALL_GROUP(methods);
