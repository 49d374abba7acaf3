/*
 * gridbeat/world.h - synthetic banks on real maps: for the demo, tests and
 * benches.  Nothing here is needed by a night.
 */
#ifndef GRIDBEAT_WORLD_H
#define GRIDBEAT_WORLD_H

#include <gridbeat/geo.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gb_world_options {
    size_t size;
    const char *osm;      /* must: an extract, .osm.pbf or .osm */
    const char *out;      /* must: the folder to make */
    const char *as_of;    /* the bank's today, YYYY-MM-DD; NULL = 2026-03-02 */
    uint32_t n_branches;  /* 0 = 6; at most 2000 */
    uint32_t n_managers;  /* 0 = 4 a branch; at least one a branch, else
                             at most 20000 */
    uint32_t n_customers; /* 0 = 20000; at most 20000000 */
    int32_t datum;        /* gb_datum of the coordinates in the files, the
                             extract apart, which is WGS 84 */
    uint64_t seed;        /* 0 = 1 */
    const char *truth;    /* a CSV file to write, replaced: how likely each
                             customer is there on workdays and days off, by
                             the hour from 08:00 to 20:00, in thousandths:
                             what outcomes of visits are drawn from, and what
                             a bank never knows; NULL: none */
} gb_world_options;
#define GB_WORLD_OPTIONS_INIT                                                 \
    { sizeof(gb_world_options), 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What was made.  Set `size` before the call. */
typedef struct gb_world_report {
    size_t size;
    uint32_t n_branches, n_managers;
    uint32_t n_places;    /* compounds among them */
    uint32_t n_compounds;
    uint32_t n_customers; /* rows of customers.csv */
    uint32_t n_dormant;   /* of them: half a year without a transaction */
    uint32_t n_spoilt;    /* of them: rows that an import must refuse */
    uint32_t n_holdings;
    uint32_t n_appointments;
    uint64_t n_bytes;     /* of all files */
} gb_world_report;
#define GB_WORLD_REPORT_INIT                                                  \
    { sizeof(gb_world_report), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * Make a delivery of a bank that never was: the folder of files that a CRM
 * would send (data/FORMATS.md), around the real buildings, residential areas,
 * banks and villages of an OSM extract, which lies in the folder too.
 *
 * Branches stand at mapped banks, then at villages and centres, then where
 * most people live, never two on one spot.  Customers live at places, from a
 * few to hundreds at each; neighbourhoods differ in wealth, kinds of people in
 * when they are at home, and who lives far from the branch falls asleep more
 * often.  Past visits have their hour, and come out as the customer is there
 * by then: as his stage of life goes, but differently by place and customer.
 * A few rows of each long file are spoilt, below 2 %, so that refusal
 * is seen.  Nobody is named, and references are made of chance.
 *
 * The folder appears whole or not at all: it is written under another name
 * beside `out` and renamed.  An `out` that is empty, or holds nothing but the
 * files of an older delivery, is replaced; any other is refused.
 *
 * @param report  May be NULL.
 * @return GB_OK; GB_ERR_ARGUMENT for a missing path, a map whose name ends in
 *         neither .osm nor .pbf, an impossible date or number; GB_ERR_OPTIONS; GB_ERR_PARSE for an extract that cannot be
 *         read; GB_ERR_DATA for one without streets or without room for so
 *         many branches; GB_ERR_STATE for an `out` that holds other things;
 *         GB_ERR_IO; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Repeatable: the same extract, options and seed give the same bytes, on any
 *   machine.
 * Threads: one thread a context.  Cost: some 4 s for a million customers;
 *   memory for the extract only.
 * Since: 0.1.
 */
GB_API gb_status gb_world_make(gb_context *ctx,
                               const gb_world_options *options,
                               gb_world_report *report);

#ifdef __cplusplus
}
#endif
#endif
