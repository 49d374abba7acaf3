/*
 * world_branch.c - where branches stand, who works there, and when.
 */
#include <string.h>

#include "world_bank.h"
#include "world_date.h"
#include "world_math.h"

/* Two branches stand half as far apart as if they were spread evenly; less and
 * less while there is no room, down to one street corner. */
static const double APART_RATIO = 0.5, APART_LEAST_M = 25;
/* How far round a spot its people count. */
static const double ROUND_M = 900;

/* ---- where ---- */

typedef struct spot {
    gb_point at;
    double people;   /* weight of places round it */
    double apart_m;  /* to the nearest branch so far */
    uint32_t tier;   /* 0 banks, 1 settlements, 2 places */
} spot;

typedef struct crowd {
    const world_bank *bank;
    gb_point at;
    double sum;
} crowd;

static bool add_weight(void *user, uint32_t item)
{
    crowd *c = user;
    const world_place *place = &c->bank->places[item];
    const double ratio = geo_distance_m(place->at, c->at) / ROUND_M;

    if (ratio < 1)
        c->sum += place->weight * (1 - ratio * ratio);
    return true;
}

static double people_round(const world_bank *bank, const geo_index *index,
                           gb_point at)
{
    crowd c = { bank, at, 0 };

    geo_index_in_radius(index, at, ROUND_M, add_weight, &c);
    return c.sum;
}

static size_t count_spots(const world_bank *bank)
{
    return bank->ground.n_banks + bank->ground.n_settlements + bank->n_places;
}

static void list_spots(const world_bank *bank, const geo_index *index,
                       spot *spots)
{
    const world_ground *ground = &bank->ground;
    size_t n = 0;

    for (size_t i = 0; i < ground->n_banks; i++)
        spots[n++] = (spot){ .at = ground->banks[i], .tier = 0 };
    for (size_t i = 0; i < ground->n_settlements; i++)
        spots[n++] = (spot){ .at = ground->settlements[i], .tier = 1 };
    for (size_t i = 0; i < bank->n_places; i++)
        spots[n++] = (spot){ .at = bank->places[i].gate, .tier = 2 };
    for (size_t i = 0; i < n; i++) {
        double street_m;
        const gb_point street
            = world_ground_street(ground, spots[i].at, &street_m);

        spots[i].people = people_round(bank, index, spots[i].at);
        spots[i].apart_m = HUGE_VAL;
        /* A settlement's point may lie in a field: stand at the street. */
        if (street_m > 60)
            spots[i].at = street;
        if (street_m > 1500)
            spots[i].people = 0;
    }
}

/*
 * The next branch: of the lowest tier that has a spot with people and far
 * enough from all others, the one with most people, and of the emptier side.
 */
static size_t choose_spot(const spot *spots, size_t n, double apart_m)
{
    size_t best = SIZE_MAX;
    double best_value = 0;

    for (size_t i = 0; i < n; i++) {
        const spot *s = &spots[i];
        const double value = s->people * fmin(s->apart_m, 8 * ROUND_M);

        if (s->apart_m < apart_m || !(s->people > 0)
            || (best != SIZE_MAX && s->tier > spots[best].tier))
            continue;
        if (best == SIZE_MAX || s->tier < spots[best].tier
            || value > best_value) {
            best = i;
            best_value = value;
        }
    }
    return best;
}

static gb_status place_branches(base_run *run, world_bank *bank, spot *spots,
                                size_t n_spots, uint32_t n_branches)
{
    /* Most live within 1.5 of the root mean square distance: 7 of its
     * squares. */
    double apart_m = APART_RATIO * bank->extent_m * sqrt(7.0 / n_branches);
    gb_status status = GB_OK;

    while (!status && bank->n_branches < n_branches) {
        const size_t chosen = choose_spot(spots, n_spots, apart_m);

        status = base_poll(run);
        if (status)
            break;
        if (chosen == SIZE_MAX) {
            apart_m /= 2;
            if (apart_m < APART_LEAST_M)
                return base_fail(run->ctx, GB_ERR_DATA,
                                 "the extract has room for %u branches, not "
                                 "for %u",
                                 bank->n_branches, n_branches);
            continue;
        }
        bank->branches[bank->n_branches++] = (world_branch){
            .at = spots[chosen].at, .is_mapped = spots[chosen].tier == 0
        };
        for (size_t i = 0; i < n_spots; i++)
            spots[i].apart_m
                = fmin(spots[i].apart_m,
                       geo_distance_m(spots[i].at, spots[chosen].at));
    }
    return status;
}

static gb_status index_places(base_run *run, const world_bank *bank,
                              geo_index **out)
{
    gb_point *points
        = base_alloc_array(run->mem, bank->n_places, sizeof *points);
    gb_status status;

    *out = NULL;
    if (!points)
        return base_fail_nomem(run->ctx);
    for (uint32_t p = 0; p < bank->n_places; p++)
        points[p] = bank->places[p].at;
    status = geo_index_build_points(run->ctx, points, bank->n_places, out);
    base_free(run->mem, points);
    return status;
}

/* The two nearest branches of each place, and what that gives a branch. */
static void share_places(world_bank *bank)
{
    double sum = 0;

    for (uint32_t p = 0; p < bank->n_places; p++) {
        world_place *place = &bank->places[p];
        double near[2] = { HUGE_VAL, HUGE_VAL };

        for (uint32_t b = 0; b < bank->n_branches; b++) {
            const double d = geo_distance_m(place->at, bank->branches[b].at);

            if (d < near[0]) {
                near[1] = near[0];
                place->branches[1] = place->branches[0];
                near[0] = d;
                place->branches[0] = b;
            } else if (d < near[1]) {
                near[1] = d;
                place->branches[1] = b;
            }
        }
        if (bank->n_branches == 1)
            place->branches[1] = place->branches[0];
        place->branch_m = near[0];
        bank->branches[place->branches[0]].weight += place->weight;
        bank->branches[place->branches[0]].reach_m
            += place->weight * near[0];
        sum += place->weight * near[0];
    }
    for (uint32_t b = 0; b < bank->n_branches; b++)
        if (bank->branches[b].weight > 0)
            bank->branches[b].reach_m /= bank->branches[b].weight;
    bank->reach_m = fmax(50, sum / bank->heaped[bank->n_places - 1]);
}

gb_status world_bank_open_branches(base_run *run, world_bank *bank,
                                   uint32_t n_branches)
{
    const size_t n_spots = count_spots(bank);
    geo_index *index = NULL;
    gb_status status = index_places(run, bank, &index);
    spot *spots = NULL;

    if (status)
        goto done;
    status = GB_ERR_NOMEM;
    spots = base_alloc_zeroed(run->mem, n_spots, sizeof *spots);
    bank->branches
        = base_alloc_zeroed(run->mem, n_branches, sizeof *bank->branches);
    if (!spots || !bank->branches) {
        base_fail_nomem(run->ctx);
        goto done;
    }
    list_spots(bank, index, spots);
    status = place_branches(run, bank, spots, n_spots, n_branches);
    if (!status)
        share_places(bank);

done:
    base_free(run->mem, spots);
    geo_index_free(index);
    return status;
}

/* ---- who ---- */

/* Hand managers out one by one to whom most customers wait for. */
static void share_managers(world_bank *bank, uint32_t n_managers)
{
    for (uint32_t b = 0; b < bank->n_branches; b++)
        bank->branches[b].n_managers = 1;
    for (uint32_t m = bank->n_branches; m < n_managers; m++) {
        uint32_t neediest = 0;
        double most = -1;

        for (uint32_t b = 0; b < bank->n_branches; b++) {
            const world_branch *branch = &bank->branches[b];
            const double need = branch->weight / (branch->n_managers + 0.5);

            if (need > most) {
                most = need;
                neediest = b;
            }
        }
        bank->branches[neediest].n_managers++;
    }
    for (uint32_t b = 0, first = 0; b < bank->n_branches; b++) {
        bank->branches[b].first_manager = first;
        first += bank->branches[b].n_managers;
    }
}

/* On foot where customers are near, by car where they are far. */
static gb_mode choose_mode(base_rng *rng, double reach_m)
{
    static const uint8_t near[3] = { 70, 30, 0 }, middle[3] = { 30, 65, 5 },
                         wide[3] = { 5, 60, 35 }, far[3] = { 0, 25, 75 };

    return (gb_mode)world_pick(rng,
                                  reach_m < 450    ? near
                                  : reach_m < 1000 ? middle
                                  : reach_m < 2200 ? wide
                                                   : far,
                                  3);
}

static void employ(const world_bank *bank, uint32_t m, world_manager *manager)
{
    static const struct {
        uint8_t share;
        int32_t start_min, end_min, break_from_min, break_to_min;
    } shifts[] = {
        { 72, 510, 1050, 690, 840 }, /* 08:30 to 17:30 */
        { 12, 540, 1080, 690, 840 }, /* 09:00 to 18:00 */
        { 8, 510, 750, 0, 0 },       /* mornings */
        { 8, 810, 1080, 0, 0 },      /* afternoons */
    };
    const uint8_t shares[] = { shifts[0].share, shifts[1].share,
                               shifts[2].share, shifts[3].share };
    base_rng rng = world_bank_chance(bank, WORLD_STREAM_MANAGER, m);
    /* The first of a branch works all day: nobody is left unserved. */
    const bool is_first = bank->branches[manager->branch].first_manager == m;
    const uint32_t shift = world_pick(&rng, shares, is_first ? 2 : 4);

    manager->shift_start_min = shifts[shift].start_min;
    manager->shift_end_min = shifts[shift].end_min;
    manager->break_from_min = shifts[shift].break_from_min;
    manager->break_to_min = shifts[shift].break_to_min;
    manager->mode
        = choose_mode(&rng, bank->branches[manager->branch].reach_m);
    manager->hired_day
        = bank->as_of_day - (int32_t)base_rng_between(&rng, 60, 5500);
}

gb_status world_bank_hire(base_run *run, world_bank *bank,
                          uint32_t n_managers)
{
    bank->managers
        = base_alloc_zeroed(run->mem, n_managers, sizeof *bank->managers);
    if (!bank->managers)
        return base_fail_nomem(run->ctx);
    bank->n_managers = n_managers;
    share_managers(bank, n_managers);
    for (uint32_t b = 0; b < bank->n_branches; b++)
        for (uint32_t k = 0; k < bank->branches[b].n_managers; k++) {
            const uint32_t m = bank->branches[b].first_manager + k;

            bank->managers[m].branch = b;
            employ(bank, m, &bank->managers[m]);
        }
    return GB_OK;
}

/* Some two days off in the quarter; never two of a branch's on one day,
 * for a branch's managers take turns over the weekdays. */
bool world_manager_is_on_leave(const world_bank *bank, uint32_t manager,
                               int32_t day)
{
    const world_branch *branch = &bank->branches[bank->managers[manager].branch];
    const uint32_t turn = manager - branch->first_manager;
    base_rng rng;

    if (day <= bank->as_of_day || !world_is_working_day(day)
        || (uint32_t)day % (branch->n_managers < 2 ? 2 : branch->n_managers)
               != turn)
        return false;
    rng = world_bank_chance(bank, WORLD_STREAM_LEAVE,
                            ((uint64_t)manager << 20) + (uint32_t)day);
    return base_rng_chance(&rng, fmin(0.5, 0.035 * branch->n_managers));
}
