/*
 * world_bank.h - the bank: places, branches and managers, which fit in
 * memory.  Customers do not need to: see world_customer.h.
 *
 * Whatever is left to chance comes from streams of its own, numbered by what
 * it is for, so that nothing depends on the order of the work.
 */
#ifndef WORLD_BANK_H
#define WORLD_BANK_H

#include "base_rng.h"
#include "world_ground.h"

#include <gridbeat/roads.h>

#define WORLD_NONE UINT32_MAX

/* What a stream of chance is for; the thing's number is mixed in. */
typedef enum world_stream {
    WORLD_STREAM_FIELD = 1,
    WORLD_STREAM_PLACE,
    WORLD_STREAM_BLOCK,
    WORLD_STREAM_BRANCH,
    WORLD_STREAM_MANAGER,
    WORLD_STREAM_CUSTOMER,
    WORLD_STREAM_REF,
    WORLD_STREAM_SPOIL,
    WORLD_STREAM_LEAVE,
    WORLD_STREAM_APPOINTMENT,
    WORLD_STREAM_VISIT,
    WORLD_STREAM_PRESENCE,
    WORLD_STREAM_PLACE_PRESENCE
} world_stream;

typedef enum world_place_kind {
    WORLD_PLACE_COMPOUND,
    WORLD_PLACE_BUILDING,
    WORLD_PLACE_MARKET
} world_place_kind;

/* Who lives in a neighbourhood. */
typedef enum world_tone {
    WORLD_TONE_MIXED,
    WORLD_TONE_ELDERLY,
    WORLD_TONE_STUDENT,
    WORLD_TONE_TRADE,
    WORLD_TONE_OFFICE,
    WORLD_TONE_COUNT
} world_tone;

typedef struct world_place {
    gb_point at, gate;
    uint32_t site;         /* of the ground; WORLD_NONE: by a street */
    world_place_kind kind;
    world_tone tone;
    double weight;         /* expected share of the customers */
    double wealth;         /* mean 0, deviation about 1 */
    int32_t access_s;
    uint32_t branches[2];  /* nearest first; the same where there is one */
    double branch_m;       /* to the nearest, straight */
} world_place;

typedef struct world_branch {
    gb_point at;
    uint32_t first_manager, n_managers;
    double weight;   /* share of the customers that are nearest to it */
    double reach_m;  /* their mean distance */
    bool is_mapped;  /* stands at a bank of the map */
} world_branch;

typedef struct world_manager {
    uint32_t branch;
    gb_mode mode;
    int32_t shift_start_min, shift_end_min; /* of the day */
    int32_t break_from_min, break_to_min;   /* equal: no break */
    int32_t hired_day;
} world_manager;

typedef struct world_bank {
    world_ground ground;
    uint64_t seed;
    int32_t as_of_day;
    uint32_t n_customers;
    world_place *places;
    double *heaped;  /* weights of places[0..i], summed */
    world_branch *branches;
    world_manager *managers;
    uint32_t n_places, n_compounds, n_branches, n_managers;
    double extent_m; /* root mean square distance of places from the middle */
    double reach_m;  /* mean distance of a customer to the nearest branch */
} world_bank;

/* In this order, on a ground that was read. */
gb_status world_bank_settle(base_run *run, world_bank *bank);
gb_status world_bank_open_branches(base_run *run, world_bank *bank,
                                   uint32_t n_branches);
gb_status world_bank_hire(base_run *run, world_bank *bank,
                          uint32_t n_managers);
void world_bank_clear(base_mem *mem, world_bank *bank);

/* A day off of one manager in the 90 days after as_of, working days only. */
bool world_manager_is_on_leave(const world_bank *bank, uint32_t manager,
                               int32_t day);

/* The generator for thing `number` of that purpose. */
base_rng world_bank_chance(const world_bank *bank, world_stream purpose,
                           uint64_t number);

#endif
