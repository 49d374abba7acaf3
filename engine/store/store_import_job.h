/*
 * store_import_job.h - the inside of one load, shared by its few files.
 */
#ifndef STORE_IMPORT_JOB_H
#define STORE_IMPORT_JOB_H

#include "store_import.h"
#include "store_import_columns.h"
#include "store_import_json.h"
#include "store_import_reject.h"
#include "store_import_shape.h"

/* An organisation whose parent is looked up after the last row. */
typedef struct import_parent {
    int64_t id;
    uint64_t line;
    const char *ref;    /* both in import_job.keys or .parent_texts */
    const char *parent;
    bool is_new, is_good, is_bad;
    import_effect effect;
} import_parent;

typedef struct import_job {
    gb_workspace *ws;
    gb_context *ctx;
    base_mem *mem;
    const import_kind *kind;
    const import_settings *settings;
    gb_import_report *report;
    import_file_report *file;

    import_csv *csv;   /* the one or the other */
    import_json *json;
    import_encoding encoding;
    import_decoder decoder;
    base_text decoded;
    BASE_ARRAY(char *) decoded_fields;

    import_columns columns;
    import_world world;
    import_refs keys;
    import_refs leads; /* of relations: customers whose lead is in the file */
    import_writer writer;
    import_shape shape;
    gb_crs *crs;       /* of cells */
    import_reject reject;
    int64_t next_id;
    base_arena parent_texts;
    BASE_ARRAY(import_parent) parents;
} import_job;

/* Count a fault and write the row to the reject file. */
gb_status import_job_refuse(import_job *job, const import_fault *fault,
                            const import_raw *raw);

/* Orgs: give the rows their parents, refusing unknown ones and circles. */
gb_status import_job_link_parents(import_job *job);

/* The hashes that rows are held against. */
gb_status import_job_load_world(import_job *job);

#endif
