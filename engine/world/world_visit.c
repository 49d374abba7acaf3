/*
 * world_visit.c - visits of the four months before: as a bank without plans
 * made them, mostly to those with the highest balances.
 */
#include "world_cell.h"
#include "world_customer.h"
#include "world_date.h"

enum {
    DAYS_BACK = 120,
    WELL_OFF_FEN = 5000000 /* 50,000 yuan */
};

/* How many in a thousand were visited once. */
static double visited_share(const world_customer *c)
{
    return c->balance_fen >= WELL_OFF_FEN ? 0.45 : 0.03;
}

static void add_visit(world_writer *w, const world_customer *c, int32_t day,
                      base_rng *rng)
{
    const world_bank *bank = w->bank;
    const double met = base_rng_unit(rng);
    const uint32_t helper
        = (uint32_t)base_rng_below(rng, bank->n_managers);
    base_text *row = &w->folder->text;

    world_cell_text(row, c->ref, ",");
    world_cell_day(row, day, ",");
    world_cell_ref(row, 'm', c->manager == WORLD_NONE ? helper : c->manager,
                   ",");
    world_cell_text(row, met < 0.55 ? "met" : met < 0.9 ? "absent" : "refused",
                    "\n");
}

gb_status world_write_visits(world_writer *w)
{
    const world_bank *bank = w->bank;
    gb_status status
        = world_file_open(w->folder, "visits", "visits.csv", "utf-8");

    if (status)
        return status;
    base_text_add(&w->folder->text, "customer_ref,date,manager_ref,outcome\n");
    for (uint32_t number = 0; !status && number < bank->n_customers;
         number++) {
        const world_customer c = world_customer_make(bank, number);
        base_rng rng = world_bank_chance(bank, WORLD_STREAM_VISIT, number);
        const bool is_visited = base_rng_chance(&rng, visited_share(&c));
        const int32_t day
            = bank->as_of_day
              - (int32_t)base_rng_between(&rng, 1, DAYS_BACK);

        if (!is_visited || c.spoil != WORLD_SPOIL_NOT
            || !world_is_working_day(day))
            continue;
        add_visit(w, &c, day, &rng);
        status = world_file_row(w->folder);
    }
    return status ? status : world_file_close(w->folder);
}
