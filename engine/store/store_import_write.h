/*
 * store_import_write.h - checked rows into their table.
 *
 * A new row is inserted, a known one updated where any of the columns that
 * the file has differs; so a second load of the same file writes nothing.
 * Columns that the file does not have keep what they hold.
 */
#ifndef STORE_IMPORT_WRITE_H
#define STORE_IMPORT_WRITE_H

#include "store_import_value.h"

#include "geo_codec.h"

typedef struct import_place {
    uint8_t blob[GEO_BLOB_POINT_SIZE];
    bool is_known, is_building;
} import_place;

/* A row's shape, ready to be bound. */
typedef struct import_shape {
    geo_bytes blob;
    double area_m2; /* of a cell */
} import_shape;

typedef struct import_writer {
    gb_workspace *ws;
    const import_world *world;
    gb_datum datum;
    store_statement *insert, *update;   /* update: NULL, nothing to update */
    store_statement *tag_list, *tag_drop, *tag_add;
    store_statement *lead_drop;         /* of relations */
    BASE_ARRAY(import_place) places;    /* by id; of customers */
    bool has_location;                  /* the file locates its customers */
    int64_t cell_set_id;                /* of cells */
} import_writer;

typedef enum import_effect {
    IMPORT_UNCHANGED,
    IMPORT_CHANGED,
    IMPORT_LOADED
} import_effect;

gb_status import_writer_open(gb_workspace *ws, const import_world *world,
                             gb_datum datum, import_writer *writer);
void import_writer_close(import_writer *writer); /* zeroed is taken */
/* `shape` NULL for kinds without one. */
gb_status import_writer_put(import_writer *writer, int64_t id, bool is_new,
                            const import_values *values,
                            const import_shape *shape, import_effect *effect);

/*
 * What a load leaves to be done once all rows are in: the projected system
 * after the first branches, customers at places that moved, cells whose
 * neighbours are to be found again.
 */
gb_status import_write_after(gb_workspace *ws, const import_kind *kind,
                             const gb_import_counts *counts);

/*
 * Before a large load the table's indexes are put aside where making them
 * anew costs less; after it all are back.  In its transaction.
 */
typedef struct import_bulk {
    base_text triggers; /* of the spatial index, while it rests */
    base_text indexes;  /* CREATE INDEX ...; of those dropped */
} import_bulk;

gb_status import_bulk_begin(gb_workspace *ws, const import_kind *kind,
                            int64_t n_known, int64_t file_size,
                            import_bulk *bulk);
gb_status import_bulk_end(gb_workspace *ws, const import_kind *kind,
                          import_bulk *bulk);
void import_bulk_clear(import_bulk *bulk);

#endif
