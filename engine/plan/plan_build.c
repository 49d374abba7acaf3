/*
 * plan_build.c - see plan_build.h.  THE MAIN PATH of a night.
 */
#include "plan_build.h"

#include <gridbeat/segment.h>

#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include "plan_cells.h"
#include "plan_day.h"
#include "plan_feedback.h"
#include "plan_score.h"
#include "plan_territory.h"
#include "plan_tier.h"
#include "store_days.h"
#include "store_territory_check.h"

/* Who is about to fall asleep, or takes his money away: not for a visit of
 * this night, but kept by date as the targets are, and told beside them. */
static gb_status watch(plan_night *night, json_t *result)
{
    static const char *const names[] = { "early_sleep", "falling" };
    json_t *counts = json_object();
    gb_status status = counts ? GB_OK : base_fail_nomem(&night->quiet);

    for (size_t i = 0; i < COUNT_OF(names) && !status; i++) {
        gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
        gb_segment_result *made = NULL;

        /* whom the night selects by this very segment is stored already */
        if (strcmp(names[i], night->settings.given.segment) == 0)
            continue;
        options.as_of = night->settings.given.date;
        options.name = names[i];
        status = gb_segment_run(&night->quiet, night->ws, &options, &made);
        if (!status
            && json_object_set_new(
                counts, names[i],
                json_integer(gb_segment_result_kept(made))))
            status = base_fail_nomem(&night->quiet);
        gb_segment_result_free(made);
    }
    if (json_object_set_new(result, "watch", counts) && !status)
        status = base_fail_nomem(&night->quiet);
    return status;
}

/* Who is worth a visit: the segment's members become the date's targets. */
static gb_status do_select(plan_night *night, json_t **result)
{
    gb_segment_options options = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *selected = NULL;
    gb_status status;

    options.as_of = night->settings.given.date;
    options.name = night->settings.given.segment;
    options.grades = night->settings.given.grades;
    status = gb_segment_select(&night->quiet, night->ws, &options, &selected);
    if (!status) {
        *result = json_loads(gb_segment_result_json(selected), 0, NULL);
        status = *result ? GB_OK : base_fail_nomem(&night->quiet);
    }
    if (!status)
        status = watch(night, *result);
    gb_segment_result_free(selected);
    return status;
}

typedef gb_status (*plan_step_fn)(plan_data *data, plan_night *night,
                                  json_t **result);

/* Load what a step needs, unless it is there, and run it; then give all back,
 * or leave it to the next. */
static gb_status run_step(plan_night *night, plan_data *data, unsigned needs,
                          bool keeps, plan_step_fn step, json_t **result)
{
    base_run run;
    gb_status status = GB_OK;

    base_run_begin(&run, &night->quiet,
                   (base_limits){ .n_threads
                                  = night->settings.given.n_threads });
    store_enter(night->ws, &run);
    if (data->run)
        plan_data_resume(data, &run);
    else
        status = plan_data_load(data, night->ws, &run, night->roads,
                                &night->settings, needs);
    if (!status)
        status = step(data, night, result);
    if (keeps && !status)
        data->run = night->run;
    else
        plan_data_clear(data);
    store_leave(night->ws);
    return base_run_end(&run, status);
}

static gb_status on_data(plan_night *night, unsigned needs, plan_step_fn step,
                         json_t **result)
{
    plan_data data = { .run = NULL };

    return run_step(night, &data, needs, false, step, result);
}

/*
 * Targets and cells, a million rows, are read once for all steps of a night
 * that work on them: from the score on, which writes into both what it finds,
 * no step changes them.
 */
static gb_status on_targets(plan_night *night, bool is_last, plan_step_fn step,
                            json_t **result)
{
    return run_step(night, &night->kept, PLAN_NEEDS_TARGETS | PLAN_NEEDS_CELLS,
                    night->run && !is_last, step, result);
}

static gb_status settle_step(plan_data *data, plan_night *night,
                             json_t **result)
{
    (void)night;
    return plan_settle(data, result);
}

/* What came of the visits so far: learnt before anything is decided anew. */
static gb_status do_settle(plan_night *night, json_t **result)
{
    return on_data(night, 0, settle_step, result);
}

static gb_status score_step(plan_data *data, plan_night *night,
                            json_t **result)
{
    const gb_status status = plan_score(data, result);

    (void)night;
    if (!status
        && json_object_set_new(*result, "chance_shift",
                               json_real(data->chance_shift)))
        return base_fail_nomem(data->run->ctx);
    return status;
}

static gb_status do_score(plan_night *night, json_t **result)
{
    return on_targets(night, false, score_step, result);
}

/* Who came up and who went down since the last night. */
static gb_status tier_step(plan_data *data, plan_night *night,
                           json_t **result)
{
    int32_t last_on = STORE_NO_DAY;
    const gb_status status
        = store_target_day_until(data->ws, data->settings->on, &last_on);

    (void)night;
    if (status)
        return status;
    if (last_on != data->settings->on) /* no targets */
        return plan_json(data->run, json_object(), result);
    return plan_tier_all(data->ws, data->run, data->settings->given.date,
                         result);
}

static gb_status do_tiers(plan_night *night, json_t **result)
{
    return on_data(night, 0, tier_step, result);
}

/* No result: there are none to keep, or they do not hold every customer. */
static gb_status keep_cells_step(plan_data *data, plan_night *night,
                                 json_t **result)
{
    size_t n_outside = 0;
    gb_status status;

    if (!plan_cells_are_made(data) || night->settings.given.rebuild)
        return GB_OK;
    status = plan_cells_locate(data, &n_outside, result);
    if (!status && n_outside > 0) {
        json_decref(*result);
        *result = NULL;
    }
    return status;
}

static gb_status cut_cells_step(plan_data *data, plan_night *night,
                                json_t **result)
{
    (void)night;
    return plan_cells(data, result);
}

/* Keep the cells as long as they hold every customer that has a place. */
static gb_status do_cells(plan_night *night, json_t **result)
{
    gb_status status;

    *result = NULL;
    status = on_data(night, PLAN_NEEDS_CELLS, keep_cells_step, result);
    return status || *result
               ? status
               : on_data(night, PLAN_NEEDS_TARGETS | PLAN_NEEDS_CELLS,
                         cut_cells_step, result);
}

static gb_status check_version(plan_data *data, json_t **result,
                               size_t *n_findings)
{
    store_findings findings;
    gb_status status;

    memset(&findings, 0, sizeof findings);
    status = store_territory_check(data->ws, 0, data->settings->on, 0,
                                   &findings);
    *n_findings = findings.n_total;
    if (!status)
        status = plan_json(
            data->run,
            json_pack("{s:I, s:I, s:I, s:I, s:s?}", "version",
                      (json_int_t)findings.version, "territories",
                      (json_int_t)findings.n_territories, "customers",
                      (json_int_t)findings.n_customers, "findings",
                      (json_int_t)findings.n_total, "first",
                      findings.n > 0 ? findings.items[0].text : NULL),
            result);
    store_findings_clear(&findings);
    return status;
}

/* Does the version in force rest on cells that are there? */
static gb_status is_there(plan_data *data, bool *out)
{
    store_territories before;
    gb_status status;

    memset(&before, 0, sizeof before);
    *out = false;
    status = store_load_territories(data->ws, &data->branches,
                                    &data->managers, &data->cells, 0,
                                    data->settings->on, &before);
    for (size_t c = 0; c < before.n_cells && !status; c++)
        *out |= before.of_cell[c] != STORE_NONE;
    store_territories_clear(&before);
    return status;
}

static gb_status put_in_force(plan_data *data, int64_t version)
{
    const gb_status status = store_territory_approve(data->ws, version);

    return status ? status
                  : store_territory_activate(data->ws, version,
                                             data->settings->on);
}

/*
 * Keep what is in force as long as it checks and keeps the tolerance; else go
 * on from it and move least.  Where there is nothing to go on from, afresh.
 */
static gb_status territory_step(plan_data *data, plan_night *night,
                                json_t **result)
{
    size_t n_findings = 0;
    int64_t version = 0;
    bool may_stay = false;
    gb_status status = GB_OK;

    if (!night->settings.given.rebuild)
        status = is_there(data, &may_stay);
    if (!status && may_stay)
        status = check_version(data, result, &n_findings);
    json_decref(*result);
    *result = NULL;
    if (!status)
        status = plan_territories(data,
                                  !may_stay        ? PLAN_AFRESH
                                  : n_findings > 0 ? PLAN_MOVE_LEAST
                                                   : PLAN_IF_DRIFTED,
                                  &version, result);
    return status || version == 0 ? status : put_in_force(data, version);
}

/* Without targets all work is nothing, and any plan as good as another. */
static gb_status want_targets(const plan_data *data)
{
    const char *measures = data->settings->given.measures;

    if (data->targets.n > 0 || (measures && !strstr(measures, "workload")
                                && !strstr(measures, "targets")
                                && !strstr(measures, "value")))
        return GB_OK;
    return base_fail(data->run->ctx, GB_ERR_STATE,
                     "there are no targets on %s or before, and so no work to "
                     "share out: select some for a day, or name a later date",
                     data->settings->given.date);
}

/* A draft alone: for people who approve by themselves. */
static gb_status draft_step(plan_data *data, plan_night *night,
                            json_t **result)
{
    int64_t version = 0;
    const gb_status status = want_targets(data);

    (void)night;
    return status ? status
                  : plan_territories(data, PLAN_AFRESH, &version, result);
}

static gb_status rebuild_step(plan_data *data, plan_night *night,
                              json_t **result)
{
    int64_t version = 0;
    const gb_status status = want_targets(data);

    (void)night;
    return status ? status
                  : plan_territories(data, PLAN_MOVE_LEAST, &version, result);
}

static gb_status do_rebuild(plan_night *night, json_t **result)
{
    return on_data(night,
                   PLAN_NEEDS_TARGETS | PLAN_NEEDS_CELLS | PLAN_NEEDS_RECENT,
                   rebuild_step, result);
}

static gb_status do_draft(plan_night *night, json_t **result)
{
    return on_data(night,
                   PLAN_NEEDS_TARGETS | PLAN_NEEDS_CELLS | PLAN_NEEDS_RECENT,
                   draft_step, result);
}

static gb_status do_territories(plan_night *night, json_t **result)
{
    return on_targets(night, false, territory_step, result);
}

static gb_status day_step(plan_data *data, plan_night *night, json_t **result)
{
    return plan_day(data, &night->n_musts_missed, result);
}

static gb_status do_plan(plan_night *night, json_t **result)
{
    return on_targets(night, true, day_step, result);
}

static gb_status check_step(plan_data *data, plan_night *night,
                            json_t **result)
{
    size_t n_findings = 0;
    const gb_status status = check_version(data, result, &n_findings);

    (void)night;
    if (!status && n_findings > 0)
        return base_fail(data->run->ctx, GB_ERR_INTEGRITY,
                         "the territories in force do not check: %s",
                         json_string_value(json_object_get(*result, "first")));
    return status;
}

static gb_status do_check(plan_night *night, json_t **result)
{
    return on_data(night, 0, check_step, result);
}

/* The night, in order; each step has its share of the progress. */
static const struct step {
    const char *name;
    const char *phase;
    double share;
    gb_status (*run)(plan_night *night, json_t **result);
} steps[] = {
    { "settle", GB_N("settling what came of visits"), 0.02, do_settle },
    { "select", GB_N("selecting targets"), 0.08, do_select },
    { "cells", GB_N("cutting basic areas"), 0.20, do_cells },
    { "score", GB_N("scoring targets"), 0.08, do_score },
    { "tier", GB_N("giving tiers"), 0.02, do_tiers },
    { "territory", GB_N("dividing into territories"), 0.20, do_territories },
    { "plan", GB_N("planning routes"), 0.35, do_plan },
    { "check", GB_N("checking"), 0.05, do_check },
};

static double peak_memory_mb(void)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
    return round((double)usage.ru_maxrss / 1024 * 10) / 10; /* kB on Linux */
}

gb_status plan_one_step(plan_night *night, const char *name, json_t **result)
{
    if (strcmp(name, "draft") == 0)
        return do_draft(night, result);
    if (strcmp(name, "rebuild") == 0)
        return do_rebuild(night, result);
    for (size_t s = 0; s < COUNT_OF(steps); s++)
        if (strcmp(steps[s].name, name) == 0)
            return steps[s].run(night, result);
    return base_fail(&night->quiet, GB_ERR_INTERNAL, "there is no step %s",
                     name);
}

gb_status plan_all_steps(plan_night *night, base_run *run, json_t **result)
{
    json_t *done = json_object(), *seconds = json_object();
    json_t *summary = NULL;
    double from = 0;
    gb_status status = done && seconds ? GB_OK : base_fail_nomem(run->ctx);

    night->run = run;
    for (size_t s = 0; s < COUNT_OF(steps) && !status; s++) {
        const double start_s = base_clock_s();
        json_t *counts = NULL;

        base_run_phase(run, steps[s].phase, from, from + steps[s].share, 0);
        from += steps[s].share;
        status = base_poll(run);
        if (!status) {
            status = steps[s].run(night, &counts);
            if (status) {
                base_context_adopt(run->ctx, &night->quiet);
                base_fail_prefix(run->ctx, ": ");
                base_fail_prefix(run->ctx, steps[s].name);
            }
        }
        if (!status && strcmp(steps[s].name, "plan") == 0)
            summary = json_deep_copy(counts);
        if (!status)
            json_object_set_new(done, steps[s].name, counts);
        else
            json_decref(counts); /* of a step that failed at its end */
        json_object_set_new(
            seconds, steps[s].name,
            json_real(round((base_clock_s() - start_s) * 1e3) / 1e3));
    }
    if (!status) {
        json_object_set_new(summary, "date",
                            json_string(night->settings.given.date));
        json_object_set_new(summary, "steps", json_incref(done));
        json_object_set_new(summary, "timing",
                            json_pack("{s:O, s:f, s:f}", "seconds", seconds,
                                      "total_s",
                                      round(base_run_elapsed_s(run) * 1e3)
                                          / 1e3,
                                      "peak_memory_mb", peak_memory_mb()));
        *result = summary;
    } else {
        json_decref(summary);
    }
    plan_data_clear(&night->kept); /* of a night that stopped on its way */
    json_decref(done);
    json_decref(seconds);
    return status;
}
