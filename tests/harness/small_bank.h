/*
 * small_bank.h - a delivered bank in a small town, with its workspace and road
 * index, by public functions alone: for tests that do a night many times.
 *
 *   small_bank b;
 *   small_bank_open(&b);         folder, bank/, town.osm; w.gb is imported
 *   small_bank_night(...);       a whole night on a workspace
 *   small_bank_close(&b);
 *
 * A workspace is one file; small_bank_copy() gives each round its own.
 */
#ifndef SMALL_BANK_H
#define SMALL_BANK_H

#include <gridbeat/gridbeat.h>

typedef struct small_bank {
    gb_context *ctx;
    char folder[256];
    char delivery[300]; /* what a CRM would send */
    char imported[300]; /* a workspace with all of it; the roads are beside */
    gb_roads *roads;
} small_bank;

#define SMALL_BANK_DATE "2026-03-02"

/* 2 branches, 3 managers, 120 customers; fails the test when it cannot be. */
void small_bank_open(small_bank *b);
void small_bank_close(small_bank *b);

/* The options of a night that takes a fraction of a second; seeds above 1 give
 * another plan than seed 1. */
gb_plan_options small_bank_options(uint64_t seed);

/* Another copy of a workspace that is closed, at a name in the folder. */
void small_bank_copy(const small_bank *b, const char *from, const char *name,
                     char path[300]);

/* Open, do a night, close; `vfs` may be NULL. */
gb_status small_bank_night(const small_bank *b, gb_context *ctx,
                           const char *path, const char *vfs, uint64_t seed);

/* The stops of the plan as CSV, "" where there is no plan; free() it. */
char *small_bank_plan(const small_bank *b, const char *path);

/* Opens, verifies and closes it: fails the test when it is not whole. */
void small_bank_verify(const small_bank *b, const char *path);

#endif
