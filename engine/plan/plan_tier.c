/*
 * plan_tier.c - a run of a tiering: what it is, whom it looks at, who comes
 * where, and the rows of that.
 */
#include "plan_tier.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "store_segment_rules.h"

/* One run as it goes. */
typedef struct tiering {
    gb_workspace *ws;
    base_run *run;
    const plan_tier_ask *ask;
    gb_context quiet; /* for the doors of `score`, which begin afresh */
    json_t *definition;
    gb_tiers *tiers;   /* by a number, */
    store_rules rules; /* or by rules */
    const char **names;
    size_t n_names;
    store_tier_rows rows;
    uint32_t *before, *tier, *rank;
    gb_tier *figures;
    char last[16]; /* the run before; "" for none */
} tiering;

static gb_status take(const tiering *t, gb_status status)
{
    return status ? base_context_adopt(t->run->ctx, &t->quiet) : GB_OK;
}

static const char *told(const tiering *t, const char *key)
{
    return json_string_value(json_object_get(t->definition, key));
}

/* ---- what it is ---- */

/* What is given makes a new definition; nothing, the one until now. */
static gb_status define(tiering *t)
{
    const plan_tier_ask *ask = t->ask;
    gb_context *ctx = t->run->ctx;

    if (ask->rules && (ask->by || ask->tiers))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "tiers are by rules or by a number, not by both");
    if (ask->rules)
        t->definition = json_pack("{s:s, s:s?}", "rules", ask->rules, "where",
                                  ask->where);
    else
        t->definition = json_pack(
            "{s:s, s:s, s:s?, s:f}", "by",
            ask->by ? ask->by : PLAN_TIERS_BY, "tiers",
            ask->tiers ? ask->tiers : PLAN_TIERS_TEXT, "where", ask->where,
            "keep", ask->keep);
    return t->definition ? GB_OK : base_fail_nomem(ctx);
}

static gb_status settle(tiering *t)
{
    const plan_tier_ask *ask = t->ask;
    const bool is_given
        = ask->by || ask->tiers || ask->rules || ask->where || ask->keep > 0;
    char *stored = NULL;
    gb_status status = GB_OK;

    if (!is_given)
        status = store_tier_definition(t->ws, ask->name, ask->date, &stored);
    if (!status && stored) {
        t->definition = json_loads(stored, 0, NULL);
        if (!t->definition)
            status = base_fail_nomem(t->run->ctx);
    } else if (!status && !is_given && strcmp(ask->name, PLAN_TIERS) != 0) {
        status = base_fail(t->run->ctx, GB_ERR_NOT_FOUND,
                           "there are no tiers \"%s\" yet: say by what they "
                           "are given",
                           ask->name);
    } else if (!status) {
        status = define(t);
    }
    base_free(t->ws->mem, stored);
    if (!status && told(t, "where")
        && strcmp(told(t, "by") ? told(t, "by") : "", PLAN_TIERS_BY) == 0)
        status = base_fail(t->run->ctx, GB_ERR_ARGUMENT,
                           "points are of the targets of the date; a "
                           "condition goes with other numbers, or with rules");
    return status;
}

/* Grades in the order in which the rules name them. */
static gb_status name_grades(tiering *t)
{
    t->names = base_alloc_array(t->run->mem, t->rules.n, sizeof *t->names);
    if (!t->names)
        return base_fail_nomem(t->run->ctx);
    for (size_t r = 0; r < t->rules.n; r++) {
        size_t k = 0;

        while (k < t->n_names
               && strcmp(t->names[k], t->rules.items[r].grade) != 0)
            k++;
        if (k == t->n_names)
            t->names[t->n_names++] = t->rules.items[r].grade;
    }
    return GB_OK;
}

static gb_status name_tiers(tiering *t)
{
    const size_t n = gb_tiers_count(t->tiers);

    t->names = base_alloc_array(t->run->mem, n, sizeof *t->names);
    if (!t->names)
        return base_fail_nomem(t->run->ctx);
    for (; t->n_names < n; t->n_names++)
        t->names[t->n_names] = gb_tiers_name(t->tiers, t->n_names);
    return GB_OK;
}

/* ---- whom it looks at ---- */

static gb_status look_by_rules(tiering *t)
{
    gb_status status = store_rules_load_kind(
        t->ws, told(t, "rules"), STORE_RULES_GRADES, &t->rules);

    if (!status)
        status = store_begin(t->ws);
    if (!status) /* so that what the run was made with can be read later */
        status = store_end(t->ws, store_rules_save(t->ws, &t->rules));
    if (!status
        && json_object_set_new(t->definition, "version",
                               json_integer(t->rules.version)))
        status = base_fail_nomem(t->run->ctx);
    if (!status)
        status = name_grades(t);
    return status ? status
                  : store_tier_clauses(t->ws, t->ask->date, &t->rules,
                                       told(t, "where"), &t->rows);
}

static gb_status look_by_number(tiering *t)
{
    const char *by = told(t, "by");
    gb_status status
        = take(t, gb_tiers_parse(&t->quiet, told(t, "tiers"), &t->tiers));

    if (!status)
        status = name_tiers(t);
    if (status)
        return status;
    if (strcmp(by, PLAN_TIERS_BY) == 0)
        return store_tier_scores(t->ws, t->ask->date, &t->rows);
    return store_tier_numbers(t->ws, t->ask->date, by, told(t, "where"),
                              &t->rows);
}

/* ---- who comes where ---- */

static gb_status assign_numbers(tiering *t)
{
    gb_tiers_options options = GB_TIERS_OPTIONS_INIT;
    double *values
        = base_alloc_array(t->run->mem, t->rows.n, sizeof *values);
    gb_status status = values ? GB_OK : base_fail_nomem(t->run->ctx);

    options.before = t->before;
    options.keep = json_real_value(json_object_get(t->definition, "keep"));
    for (size_t i = 0; i < t->rows.n && !status; i++)
        values[i] = t->rows.items[i].value;
    if (!status)
        status = take(t, gb_tiers_assign(&t->quiet, t->tiers, values,
                                         t->rows.n, &options, t->tier,
                                         t->rank, t->figures));
    base_free(t->run->mem, values);
    return status;
}

static void assign_clauses(tiering *t)
{
    for (size_t k = 0; k < t->n_names; k++) {
        t->figures[k] = (gb_tier){ 0 };
        t->figures[k].at_least = t->figures[k].highest
            = t->figures[k].lowest = (double)NAN;
    }
    for (size_t i = 0; i < t->rows.n; i++) {
        const uint32_t clause = t->rows.items[i].clause;
        uint32_t k = 0;

        t->tier[i] = GB_TIER_NONE;
        t->rank[i] = 0;
        if (clause == STORE_NONE)
            continue;
        while (strcmp(t->names[k], t->rules.items[clause].grade) != 0)
            k++;
        t->tier[i] = k;
        t->figures[k].n++;
    }
}

static gb_status assign(tiering *t)
{
    base_mem *mem = t->run->mem;
    gb_status status;

    t->before = base_alloc_array(mem, t->rows.n, sizeof *t->before);
    t->tier = base_alloc_array(mem, t->rows.n, sizeof *t->tier);
    t->rank = base_alloc_array(mem, t->rows.n, sizeof *t->rank);
    t->figures = base_alloc_array(mem, t->n_names, sizeof *t->figures);
    if (!t->before || !t->tier || !t->rank || !t->figures)
        return base_fail_nomem(t->run->ctx);
    status = store_tier_last(t->ws, t->ask->name, t->ask->date, t->last);
    if (!status)
        status = store_tier_before(t->ws, t->ask->name, t->last, &t->rows,
                                   t->names, t->n_names, t->before);
    if (!status && t->tiers)
        status = assign_numbers(t);
    else if (!status)
        assign_clauses(t);
    return status;
}

/* ---- the rows of it ---- */

/* For people large numbers are whole, and small ones have two digits. */
static json_t *number(double value, bool is_shown)
{
    const double unit = fabs(value) < 1000 ? 100 : 1;
    const double shown = round(value * unit) / unit;

    if (isnan(value))
        return json_null();
    if (is_shown && fabs(shown) < 1e15 && shown >= floor(shown)
        && shown <= floor(shown))
        return json_integer((json_int_t)shown);
    return json_real(is_shown ? shown : value);
}

static json_t *describe_tiers(const tiering *t, bool is_shown)
{
    json_t *list = json_array();

    for (size_t k = 0; k < t->n_names; k++) {
        const gb_tier *f = &t->figures[k];

        json_array_append_new(
            list,
            json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:o}", "tier",
                      t->names[k], "customers", (json_int_t)f->n, "kept",
                      (json_int_t)f->n_kept, "at_least", number(f->at_least, is_shown),
                      "highest", number(f->highest, is_shown), "lowest",
                      number(f->lowest, is_shown), "mean",
                      number(f->n > 0 && t->tiers ? f->sum / (double)f->n
                                                  : (double)NAN,
                             is_shown)));
    }
    return json_array_size(list) == t->n_names ? list : NULL;
}

/* Which clause put how many where. */
static gb_status describe_clauses(const tiering *t, json_t *tiers)
{
    json_t *first = json_array_get(tiers, 0), *list = json_array();
    int64_t counts[STORE_MAX_RULES] = { 0 };

    for (size_t i = 0; i < t->rows.n; i++)
        if (t->rows.items[i].clause != STORE_NONE)
            counts[t->rows.items[i].clause]++;
    for (size_t r = 0; r < t->rules.n; r++) {
        const store_rule *rule = &t->rules.items[r];

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:I}", "name", rule->name,
                            "tier", rule->grade, "title_zh", rule->title_zh,
                            "title_en", rule->title_en, "customers",
                            (json_int_t)counts[r]));
    }
    return json_array_size(list) == t->rules.n
                   && json_object_set_new(first, "clauses", list) == 0
               ? GB_OK
               : base_fail_nomem(t->run->ctx);
}

static size_t fill_given(const tiering *t, store_tier_given *given)
{
    size_t n = 0;

    for (size_t i = 0; i < t->rows.n; i++) {
        const store_tier_row *row = &t->rows.items[i];

        if (t->tier[i] == GB_TIER_NONE)
            continue;
        given[n++] = (store_tier_given){
            row->id, t->names[t->tier[i]], row->value, t->rank[i],
            row->clause == STORE_NONE ? NULL : t->rules.items[row->clause].name
        };
    }
    return n;
}

static gb_status save(const tiering *t, const json_t *tiers, int64_t *n_none)
{
    store_tier_given *given
        = base_alloc_array(t->run->mem, t->rows.n, sizeof *given);
    char *definition = json_dumps(t->definition, JSON_COMPACT);
    char *list = json_dumps(tiers, JSON_COMPACT | JSON_REAL_PRECISION(15));
    store_tier_run run = { .name = t->ask->name, .as_of = t->ask->date,
                           .definition_json = definition, .tiers_json = list,
                           .items = given };
    gb_status status = given && definition && list
                           ? GB_OK
                           : base_fail_nomem(t->run->ctx);

    if (!status) {
        run.n = fill_given(t, given);
        for (size_t i = 0; i < t->rows.n; i++)
            run.n_ranked += !t->tiers || !isnan(t->rows.items[i].value);
        run.n_none = (int64_t)t->rows.n - (int64_t)run.n;
        *n_none = run.n_none;
        status = store_tier_save(t->ws, &run);
    }
    base_free(t->run->mem, given);
    free(definition);
    free(list);
    return status;
}

/* ---- what is told of it ---- */

static gb_status tell_moves(const tiering *t, const json_t *tiers,
                            json_t *out)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    plan_tier_sums sums;
    store_tier_moves moves;
    gb_status status
        = store_tier_count_moves(t->ws, t->ask->name, all, t->last,
                                 t->ask->date, &moves);

    if (!status)
        status = plan_tier_add_up(t->run, &moves, tiers, &sums);
    if (!status)
        status = plan_tier_put_sums(t->run, &sums, out);
    if (!status
        && json_object_set_new(out, "since", json_string(t->last)))
        status = base_fail_nomem(t->run->ctx);
    store_tier_moves_clear(&moves);
    return status;
}

static gb_status tell(const tiering *t, const json_t *tiers, json_t *shown,
                      int64_t n_none, json_t **out)
{
    json_t *clauses
        = json_object_get(json_array_get(tiers, 0), "clauses");
    gb_status status = plan_json(
        t->run,
        json_pack("{s:s, s:s, s:O, s:I, s:I, s:O, s:O?}", "name",
                  t->ask->name, "date", t->ask->date, "definition",
                  t->definition, "customers", (json_int_t)t->rows.n, "none",
                  (json_int_t)n_none, "tiers", shown, "clauses", clauses),
        out);

    if (!status && t->last[0])
        status = tell_moves(t, tiers, *out);
    return status;
}

static void clear(tiering *t)
{
    base_mem *mem = t->run->mem;

    json_decref(t->definition);
    gb_tiers_free(t->tiers);
    store_rules_clear(&t->rules);
    base_array_clear(mem, &t->rows);
    base_free(mem, t->names);
    base_free(mem, t->before);
    base_free(mem, t->tier);
    base_free(mem, t->rank);
    base_free(mem, t->figures);
    base_context_join(&t->quiet);
}

gb_status plan_tier_run(gb_workspace *ws, base_run *run,
                        const plan_tier_ask *ask, json_t **out)
{
    tiering t = { .ws = ws, .run = run, .ask = ask };
    json_t *tiers = NULL, *shown = NULL;
    int64_t n_none = 0;
    gb_status status;

    *out = NULL;
    base_context_fork(&t.quiet, run->ctx);
    status = settle(&t);
    if (!status)
        status = told(&t, "rules") ? look_by_rules(&t) : look_by_number(&t);
    if (!status)
        status = assign(&t);
    if (!status)
        status = plan_json(run, describe_tiers(&t, false), &tiers);
    if (!status)
        status = plan_json(run, describe_tiers(&t, true), &shown);
    if (!status && !t.tiers)
        status = describe_clauses(&t, tiers);
    if (!status)
        status = save(&t, tiers, &n_none);
    if (!status)
        status = tell(&t, tiers, shown, n_none, out);
    if (status) {
        json_decref(*out);
        *out = NULL;
    }
    json_decref(tiers);
    json_decref(shown);
    clear(&t);
    return status;
}

/* The night's: what there is goes on, each by its own definition. */
gb_status plan_tier_all(gb_workspace *ws, base_run *run, const char *date,
                        json_t **out)
{
    base_text names;
    json_t *list = NULL, *made = json_object();
    bool has_own = false;
    gb_status status = made ? GB_OK : base_fail_nomem(run->ctx);

    base_text_init(&names, run->mem);
    if (!status)
        status = store_tier_list(ws, &names);
    if (!status)
        status = plan_json(run, json_loads(names.chars, 0, NULL), &list);
    for (size_t i = 0; i <= json_array_size(list) && !status; i++) {
        const char *name = json_string_value(
            json_object_get(json_array_get(list, i), "name"));
        plan_tier_ask ask = { .name = name ? name : PLAN_TIERS,
                              .date = date };
        json_t *one = NULL;

        has_own |= name && strcmp(name, PLAN_TIERS) == 0;
        if (!name && has_own)
            continue;
        status = plan_tier_run(ws, run, &ask, &one);
        if (!status && json_object_set_new(made, ask.name, one))
            status = base_fail_nomem(run->ctx);
    }
    base_text_clear(&names);
    json_decref(list);
    if (status) {
        json_decref(made);
        made = NULL;
    }
    *out = made;
    return status;
}
