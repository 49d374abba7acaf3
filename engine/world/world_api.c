/*
 * world_api.c - implements gridbeat/world.h.
 */
#include <gridbeat/world.h>

#include "base_check.h"
#include "base_options.h"
#include "world_date.h"
#include "world_write.h"

enum { MAX_BRANCHES = 2000, MAX_MANAGERS = 20000, MAX_CUSTOMERS = 20000000 };
static const char AS_OF[] = "2026-03-02";

/* Fill defaults in and check. */
static gb_status resolve(gb_context *ctx, gb_world_options *o,
                         int32_t *as_of_day)
{
    if (!o->osm || !o->out || !o->osm[0] || !o->out[0])
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a world needs an extract (osm) and a folder (out)");
    if (!o->as_of)
        o->as_of = AS_OF;
    if (!o->n_branches)
        o->n_branches = 6;
    if (!o->n_managers)
        o->n_managers = 4 * (o->n_branches < MAX_BRANCHES ? o->n_branches
                                                          : MAX_BRANCHES);
    if (!o->n_customers)
        o->n_customers = 20000;
    if (!o->seed)
        o->seed = 1;
    if (!world_date_parse(o->as_of, as_of_day))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "as_of \"%s\" is no date of the form YYYY-MM-DD "
                         "between 1970 and 2199",
                         o->as_of);
    if (o->n_branches > MAX_BRANCHES || o->n_customers > MAX_CUSTOMERS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u branches and %u customers: at most %d and %d",
                         o->n_branches, o->n_customers, MAX_BRANCHES,
                         MAX_CUSTOMERS);
    if (o->n_managers < o->n_branches || o->n_managers > MAX_MANAGERS)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%u managers for %u branches: at least one a branch, "
                         "and at most %d",
                         o->n_managers, o->n_branches, MAX_MANAGERS);
    if (o->datum < GB_DATUM_WGS84 || o->datum > GB_DATUM_CGCS2000)
        return base_fail(ctx, GB_ERR_ARGUMENT, "datum %d is unknown",
                         (int)o->datum);
    return GB_OK;
}

static gb_status build_bank(base_run *run, const gb_world_options *o,
                            world_bank *bank)
{
    gb_status status;

    base_run_phase(run, GB_N("reading the map"), 0, 0.2, 0);
    status = world_ground_read(run, o->osm, &bank->ground);
    if (status)
        return status;
    base_run_phase(run, GB_N("founding the bank"), 0.2, 0.3, 0);
    status = world_bank_settle(run, bank);
    if (!status)
        status = world_bank_open_branches(run, bank, o->n_branches);
    if (!status)
        status = world_bank_hire(run, bank, o->n_managers);
    return status;
}

static gb_status write_all(world_writer *w, const gb_world_options *o)
{
    static gb_status (*const steps[])(world_writer *)
        = { world_write_orgs,      world_write_branches, world_write_managers,
            world_write_calendar,  world_write_products, world_write_tags,
            world_write_places,    world_write_outlines, world_write_areas,
            world_write_customers, world_write_holdings,
            world_write_appointments, world_write_visits };
    gb_status status = GB_OK;

    base_run_phase(w->run, GB_N("writing the files"), 0.3, 1,
                   (uint64_t)o->n_customers * 5 / 2);
    for (size_t i = 0; !status && i < COUNT_OF(steps); i++)
        status = steps[i](w);
    if (!status)
        status = world_folder_copy(w->folder, o->osm);
    if (!status)
        status = world_folder_finish(w->folder, o->as_of,
                                     gb_datum_name((gb_datum)o->datum));
    return status;
}

static void fill_report(const world_writer *w, gb_world_report *report)
{
    const size_t size = report->size;

    *report = w->report;
    report->size = size;
    report->n_branches = w->bank->n_branches;
    report->n_managers = w->bank->n_managers;
    report->n_places = w->bank->n_places;
    report->n_compounds = w->bank->n_compounds;
    report->n_bytes = world_folder_bytes(w->folder);
}

gb_status gb_world_make(gb_context *ctx, const gb_world_options *options,
                        gb_world_report *report)
{
    gb_world_options o;
    world_bank bank = { .seed = 0 };
    world_folder folder = { .run = NULL };
    world_writer w = { .bank = &bank, .folder = &folder };
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = base_options_take(ctx, &o, sizeof o, options, sizeof o);
    if (status)
        return status;
    if (report && report->size != sizeof *report)
        return base_fail(ctx, GB_ERR_OPTIONS,
                         "a report of %zu bytes; %zu are known", report->size,
                         sizeof *report);
    status = resolve(ctx, &o, &bank.as_of_day);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    bank.seed = o.seed;
    bank.n_customers = o.n_customers;
    w.run = &run;
    w.datum = (gb_datum)o.datum;
    status = build_bank(&run, &o, &bank);
    if (!status)
        status = world_folder_open(&run, o.out, &folder);
    if (!status)
        status = write_all(&w, &o);
    if (!status && o.truth)
        status = world_write_truth(&run, &bank, o.truth);
    if (!status && report)
        fill_report(&w, report);
    world_folder_clear(&folder);
    world_bank_clear(ctx->mem, &bank);
    return base_run_end(&run, status);
}
