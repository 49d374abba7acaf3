/*
 * world_visit.c - visits of the sixteen months before: as a bank without plans
 * made them, mostly to those with the highest balances, at any hour.  Who is
 * not met is tried again, now and then.
 */
#include "world_cell.h"
#include "world_customer.h"
#include "world_date.h"
#include "world_presence.h"

enum {
    DAYS_BACK = 120, YEAR_DAYS = 365,
    WELL_OFF_FEN = 5000000, /* 50,000 yuan */
    FIRST_MIN = 510, LAST_MIN = 1135, /* 08:30 to 18:55 */
    STEP_MIN = 5, HOUR_MIN = 60
};
static const double REFUSES = 0.15; /* of those who are there */
static const double OFF_DAYS = 0.2; /* of the visits that would fall there */
static const double AGAIN = 0.6;    /* of those who were not met */

/* Who was visited in the last four months; in the year before that. */
static double visited_share(const world_customer *c)
{
    return c->balance_fen >= WELL_OFF_FEN ? 0.45 : 0.03;
}

static double visited_share_before(const world_customer *c)
{
    return c->balance_fen >= WELL_OFF_FEN ? 0.8 : 0.25;
}

/* Is somebody there? */
static bool add_visit(world_writer *w, const world_customer *c, int32_t day,
                      base_rng *rng)
{
    const world_bank *bank = w->bank;
    const double there = base_rng_unit(rng), refuses = base_rng_unit(rng);
    const uint32_t helper
        = (uint32_t)base_rng_below(rng, bank->n_managers);
    const int32_t at
        = FIRST_MIN
          + STEP_MIN
                * (int32_t)base_rng_between(rng, 0,
                                            (LAST_MIN - FIRST_MIN) / STEP_MIN);
    base_text *row = &w->folder->text;
    double chances[WORLD_HOURS];
    bool is_there;

    world_presence(bank, c, world_is_working_day(day), chances);
    is_there = there < chances[at / HOUR_MIN - WORLD_FIRST_HOUR];
    world_cell_text(row, c->ref, ",");
    world_cell_day(row, day, ",");
    world_cell_clock(row, at, ",");
    world_cell_ref(row, 'm', c->manager == WORLD_NONE ? helper : c->manager,
                   ",");
    world_cell_text(row, !is_there ? "absent"
                         : refuses < REFUSES ? "refused" : "met", "\n");
    return is_there;
}

/* From a first day on, until he is met or given up. */
static gb_status write_series(world_writer *w, const world_customer *c,
                              int32_t day, int32_t end_day, base_rng *rng)
{
    gb_status status = GB_OK;

    while (!status && day < end_day) {
        const bool is_made = world_is_working_day(day)
                             || base_rng_chance(rng, OFF_DAYS);
        const bool is_there = is_made && add_visit(w, c, day, rng);

        if (is_made)
            status = world_file_row(w->folder);
        if (!is_made || is_there || !base_rng_chance(rng, AGAIN))
            break;
        day += (int32_t)base_rng_between(rng, 5, 20);
    }
    return status;
}

static gb_status write_customer(world_writer *w, uint32_t number)
{
    const int32_t today = w->bank->as_of_day, since = today - DAYS_BACK;
    const world_customer c = world_customer_make(w->bank, number);
    base_rng rng = world_bank_chance(w->bank, WORLD_STREAM_VISIT, number);
    const bool is_visited = base_rng_chance(&rng, visited_share(&c));
    const int32_t day
        = since + (int32_t)base_rng_between(&rng, 0, DAYS_BACK - 1);
    const bool was_visited = base_rng_chance(&rng, visited_share_before(&c));
    const int32_t before
        = since - (int32_t)base_rng_between(&rng, 1, YEAR_DAYS);
    gb_status status = GB_OK;

    if (c.spoil != WORLD_SPOIL_NOT)
        return GB_OK;
    if (was_visited && before > c.opened_day)
        status = write_series(w, &c, before, since, &rng);
    if (!status && is_visited && day > c.opened_day)
        status = write_series(w, &c, day, today, &rng);
    return status;
}

gb_status world_write_visits(world_writer *w)
{
    gb_status status
        = world_file_open(w->folder, "visits", "visits.csv", "utf-8");

    if (status)
        return status;
    base_text_add(&w->folder->text,
                  "customer_ref,date,at,manager_ref,outcome\n");
    for (uint32_t i = 0; !status && i < w->bank->n_customers; i++)
        status = write_customer(w, i);
    return status ? status : world_file_close(w->folder);
}
