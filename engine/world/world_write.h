/*
 * world_write.h - the files of a delivery, one function each.
 */
#ifndef WORLD_WRITE_H
#define WORLD_WRITE_H

#include <gridbeat/world.h>

#include "world_bank.h"
#include "world_folder.h"

typedef struct world_writer {
    base_run *run;
    const world_bank *bank;
    world_folder *folder;
    gb_datum datum;
    gb_world_report report;
} world_writer;

gb_status world_write_orgs(world_writer *w);
gb_status world_write_branches(world_writer *w);
gb_status world_write_managers(world_writer *w);
gb_status world_write_calendar(world_writer *w);
gb_status world_write_products(world_writer *w);
gb_status world_write_tags(world_writer *w);
gb_status world_write_places(world_writer *w);
gb_status world_write_outlines(world_writer *w);
gb_status world_write_areas(world_writer *w);
gb_status world_write_customers(world_writer *w);
gb_status world_write_holdings(world_writer *w);
gb_status world_write_appointments(world_writer *w);
gb_status world_write_visits(world_writer *w);

/*
 * No file of the delivery, since no bank has it: how likely each customer is
 * there, by the hour and kind of day.
 */
gb_status world_write_truth(base_run *run, const world_bank *bank,
                            const char *path);

#endif
