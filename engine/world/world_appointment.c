/*
 * world_appointment.c - visits that must take place, and can: with customers
 * whose door is known, within reach of the manager, within his shift, at most
 * one before and one after lunch.
 */
#include "world_cell.h"
#include "world_customer.h"
#include "world_date.h"
#include "world_math.h"

enum {
    WORKING_DAYS = 10,
    TRIES = 400,
    FIRST_MIN = 75,            /* from the shift's start to the first */
    MORNING_LAST_MIN = 615,    /* 10:15: done well before lunch */
    AFTERNOON_FIRST_MIN = 855, /* 14:15: after the latest lunch */
    AFTERNOON_LAST_MIN = 930,
    LENGTH_MIN = 60,
    LONGEST_S = 2700           /* access and service together */
};

/* A straight line that each mode does in half an hour with detours. */
static double reach_of(gb_mode mode)
{
    return mode == GB_MODE_FOOT ? 1200 : mode == GB_MODE_EBIKE ? 3500 : 9000;
}

static bool suits(const world_bank *bank, const world_customer *c, uint32_t m)
{
    const world_manager *manager = &bank->managers[m];
    const gb_point door = bank->branches[manager->branch].at;

    return c->branch == manager->branch && c->spoil == WORLD_SPOIL_NOT
           && c->accuracy == WORLD_ACCURACY_EXACT && !c->do_not_visit
           && (c->manager == WORLD_NONE || c->manager == m)
           && c->window_to_min == c->window_from_min
           && geo_distance_m(c->at, door) <= reach_of(manager->mode)
           && bank->places[c->place].access_s + c->service_s <= LONGEST_S;
}

typedef struct booking {
    world_writer *w;
    uint8_t *is_taken; /* a bit a customer */
} booking;

static bool take(booking *b, uint32_t number)
{
    const uint8_t bit = (uint8_t)(1u << number % 8);
    const bool was_free = !(b->is_taken[number / 8] & bit);

    b->is_taken[number / 8] |= bit;
    return was_free;
}

/* Nobody may be found, where a branch has few customers near it. */
static gb_status book(booking *b, uint32_t m, int32_t day, base_rng *rng,
                      int32_t first_min, int32_t last_min)
{
    world_writer *w = b->w;
    base_text *row = &w->folder->text;
    const int32_t from
        = first_min
          + 15 * (int32_t)base_rng_between(rng, 0, (last_min - first_min) / 15);

    for (int i = 0; i < TRIES; i++) {
        const uint32_t number
            = (uint32_t)base_rng_below(rng, w->bank->n_customers);
        const world_customer c = world_customer_make(w->bank, number);

        if (!suits(w->bank, &c, m) || !take(b, number))
            continue;
        world_cell_text(row, c.ref, ",");
        world_cell_day(row, day, ",");
        world_cell_clock(row, from, ",");
        world_cell_clock(row, from + LENGTH_MIN, ",");
        world_cell_ref(row, 'm', m, "\n");
        w->report.n_appointments++;
        return world_file_row(w->folder);
    }
    return base_poll(w->run);
}

static gb_status book_day(booking *b, uint32_t m, int32_t day)
{
    const world_bank *bank = b->w->bank;
    const world_manager *manager = &bank->managers[m];
    base_rng rng = world_bank_chance(bank, WORLD_STREAM_APPOINTMENT,
                                     ((uint64_t)m << 20) + (uint32_t)day);
    const bool morning = base_rng_chance(&rng, 0.35);
    const bool afternoon = base_rng_chance(&rng, 0.35);
    const int32_t earliest = manager->shift_start_min + FIRST_MIN;
    gb_status status = GB_OK;

    if (world_manager_is_on_leave(bank, m, day))
        return GB_OK;
    if (morning && earliest <= MORNING_LAST_MIN)
        status = book(b, m, day, &rng, earliest, MORNING_LAST_MIN);
    if (!status && afternoon
        && manager->shift_end_min >= AFTERNOON_LAST_MIN + LENGTH_MIN + 60)
        status = book(b, m, day, &rng,
                      earliest > AFTERNOON_FIRST_MIN ? earliest
                                                     : AFTERNOON_FIRST_MIN,
                      AFTERNOON_LAST_MIN);
    return status;
}

gb_status world_write_appointments(world_writer *w)
{
    const world_bank *bank = w->bank;
    booking b = { .w = w };
    gb_status status = world_file_open(w->folder, "appointments",
                                       "appointments.csv", "utf-8");
    int32_t day = bank->as_of_day;

    if (status)
        return status;
    b.is_taken = base_alloc_zeroed(w->run->mem, bank->n_customers / 8 + 1, 1);
    if (!b.is_taken)
        return base_fail_nomem(w->run->ctx);
    base_text_add(&w->folder->text,
                  "customer_ref,date,from,to,manager_ref\n");
    for (int n = 0; !status && n < WORKING_DAYS; day++) {
        if (!world_is_working_day(day))
            continue;
        n++;
        for (uint32_t m = 0; !status && m < bank->n_managers; m++)
            status = book_day(&b, m, day);
    }
    base_free(w->run->mem, b.is_taken);
    return status ? status : world_file_close(w->folder);
}
