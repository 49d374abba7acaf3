/*
 * gridbeat/workspace.h - the workspace: one SpatiaLite file that holds a
 * bank's customers, territories and plans; and the import that fills it.
 *
 * A gb_workspace is a connection and belongs to one thread; many may be open
 * on one file, and readers never wait for the writer.  What is imported is
 * described in data/FORMATS.md.
 */
#ifndef GRIDBEAT_WORKSPACE_H
#define GRIDBEAT_WORKSPACE_H

#include <gridbeat/base.h>
#include <gridbeat/geo.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gb_workspace gb_workspace;

typedef struct gb_workspace_options {
    size_t size;
    int32_t is_read_only;    /* 1: no writing, no migration */
    int32_t busy_timeout_ms; /* how long to wait for a writer; 0 = 10000 */
    int32_t epsg;            /* of gb_workspace_create: the projected system;
                                0 = chosen from the first branches */
    const char *timezone;    /* of gb_workspace_create; NULL =
                                "Asia/Shanghai" */
    const char *vfs;         /* SQLite's virtual file system by name;
                                NULL = its default */
} gb_workspace_options;
#define GB_WORKSPACE_OPTIONS_INIT                                             \
    { sizeof(gb_workspace_options), 0, 0, 0, 0, 0 }

/**
 * Make a new workspace and open it.
 *
 * @param path     Must not exist yet; its folder must.  UTF-8.
 * @param options  NULL for all defaults; copied.
 * @param out      The open workspace, or NULL when the call fails; no file is
 *                 left behind then.
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_STATE when the file exists;
 *         GB_ERR_CRS for an unknown epsg; GB_ERR_IO; GB_ERR_NOMEM.
 *
 * Ownership: close with gb_workspace_close(), before or after `ctx`.
 * Threads: one thread an object.  Cost: some 0.1 s.  Since: 0.1.
 */
GB_API gb_status gb_workspace_create(gb_context *ctx, const char *path,
                                     const gb_workspace_options *options,
                                     gb_workspace **out);

/**
 * Open a workspace; an older one is migrated forward, unless read-only.
 *
 * Where the folder cannot be written, a read-only workspace is opened as
 * immutable: nobody else may write it meanwhile.
 *
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_NOT_FOUND; GB_ERR_SCHEMA for a file
 *         that is no workspace, is newer than this library, or is older and
 *         may not be migrated; GB_ERR_BUSY; GB_ERR_IO; GB_ERR_NOMEM.
 *
 * Ownership: close with gb_workspace_close().  Threads: one thread an object.
 * Cost: some 20 ms.  Since: 0.1.
 */
GB_API gb_status gb_workspace_open(gb_context *ctx, const char *path,
                                   const gb_workspace_options *options,
                                   gb_workspace **out);

/** Close; NULL is taken.  On the thread that used it. */
GB_API void gb_workspace_close(gb_workspace *workspace);

/** The path that it was opened with; as long as the workspace. */
GB_API const char *gb_workspace_path(const gb_workspace *workspace);

/** The schema version of files that this library writes. */
GB_API int32_t gb_workspace_schema_version(void);

/** The projected system of cells and territories; 0: not chosen yet. */
GB_API int32_t gb_workspace_epsg(const gb_workspace *workspace);

/* ------------------------------------------------------------- import -- */

typedef struct gb_import_options {
    size_t size;
    const char *datum;       /* of the coordinates; NULL = "wgs84" */
    const char *encoding;    /* "utf-8" or "gb18030"; NULL = by content */
    const char *map;         /* column names of the file as
                                "theirs=ours,theirs2=ours2"; an empty `ours`
                                leaves the column out.  NULL = none */
    const char *reject_file; /* where refused rows go; NULL = nowhere */
    double max_reject_ratio; /* above it nothing is loaded; 0 = 0.05; below
                                0 = not a single row */
    int32_t is_dry_run;      /* 1: all checks, nothing is loaded */
} gb_import_options;
#define GB_IMPORT_OPTIONS_INIT                                                \
    { sizeof(gb_import_options), 0, 0, 0, 0, 0, 0 }

/** What became of a file, or of the files of a delivery. */
typedef struct gb_import_report gb_import_report;

typedef struct gb_import_counts {
    size_t size;          /* set by the caller */
    uint64_t n_rows;      /* data rows of the file */
    uint64_t n_loaded;    /* new ones */
    uint64_t n_changed;   /* known, with other values than before */
    uint64_t n_unchanged;
    uint64_t n_rejected;
    uint64_t n_converted; /* rows that came in GB18030 */
    int32_t is_refused;   /* 1: too many bad rows, nothing was loaded */
} gb_import_counts;

/** Rows refused for one reason in one column; the first stands for all. */
typedef struct gb_import_reason {
    size_t size;          /* set by the caller */
    int32_t code;         /* 3107: error E3107 */
    uint64_t n_rows;
    uint64_t first_line;  /* of the file, the header is line 1 */
    const char *column;   /* "" when it is the row as a whole */
    const char *value;    /* of the first; "(withheld)" for personal data */
    const char *reason;   /* why, in the context's language */
    const char *mend;     /* what to do, or "" */
} gb_import_reason;

/**
 * Load a file.
 *
 * Rows that are new are added, known ones are brought up to date, and rows
 * that are the same are left alone: loading a file twice changes nothing.
 * Bad rows are refused one by one, with the reason, and the rest is loaded;
 * above `max_reject_ratio` nothing is.
 *
 * @param kind     orgs, branches, managers, calendar, products, tags, places,
 *                 outlines, areas, cells, customers, holdings, appointments.
 * @param path     .csv, .json (an array of objects), .jsonl, .geojson.
 * @param options  NULL for all defaults; copied.
 * @param out      The report; set for GB_OK, and also for GB_ERR_DATA where
 *                 rows of the file are at fault; else NULL.
 * @return GB_OK; GB_ERR_ARGUMENT for an unknown kind, datum or map;
 *         GB_ERR_NOT_FOUND; GB_ERR_PARSE when the file as a whole cannot be
 *         read; GB_ERR_DATA when its columns are refused or too many of its
 *         rows; GB_ERR_BUSY; GB_ERR_STATE for a read-only workspace;
 *         GB_ERR_IO; GB_ERR_CANCELLED; GB_ERR_NOMEM.  After any of them the
 *         workspace is as it was.
 *
 * Ownership: free *out with gb_import_report_free().
 * Threads: one thread an object.
 * Cost: one pass; the references of the file and of what it names are held
 *   in memory, some 60 bytes each.
 * Since: 0.1.
 */
GB_API gb_status gb_import(gb_context *ctx, gb_workspace *workspace,
                           const char *kind, const char *path,
                           const gb_import_options *options,
                           gb_import_report **out);

/**
 * Load a delivery: a folder with manifest.json.
 *
 * All files are checked first (there, and of the right sha256), so that half
 * a delivery is noticed before anything is loaded; then they are loaded in
 * the order of data/FORMATS.md, each in a transaction of its own.  A file
 * without a sha256 must have the number of rows that the manifest tells.  A file of kind `roads`
 * is only named by gb_import_report_roads().
 *
 * @param folder   Holds manifest.json.
 * @param options  As of gb_import(); `datum` and `encoding` are the
 *                 manifest's, `reject_file` is a folder here: each kind
 *                 writes <folder>/<file>.  `map` must be NULL.
 * @return As gb_import(); GB_ERR_PARSE for a broken manifest; GB_ERR_DATA for
 *         a file that is not the one the manifest tells.  Files before the
 *         one that failed stay loaded; *out tells which.
 *
 * Ownership, threads: as gb_import().  Since: 0.1.
 */
GB_API gb_status gb_import_delivery(gb_context *ctx, gb_workspace *workspace,
                                    const char *folder,
                                    const gb_import_options *options,
                                    gb_import_report **out);

GB_API void gb_import_report_free(gb_import_report *report); /* takes NULL */

/** Files told of; 1 for gb_import(). */
GB_API size_t gb_import_report_n_files(const gb_import_report *report);
/** The kind of a file and its name without folders; "" out of range. */
GB_API const char *gb_import_report_kind(const gb_import_report *report,
                                         size_t file);
GB_API const char *gb_import_report_file(const gb_import_report *report,
                                         size_t file);
/** Path of the delivery's road extract; NULL: there is none. */
GB_API const char *gb_import_report_roads(const gb_import_report *report);

/** GB_ERR_ARGUMENT for a file out of range or a size of no known version. */
GB_API gb_status gb_import_report_counts(const gb_import_report *report,
                                         size_t file,
                                         gb_import_counts *counts);
GB_API size_t gb_import_report_n_reasons(const gb_import_report *report,
                                         size_t file);
/** In the order of the codes; texts live as long as the report. */
GB_API gb_status gb_import_report_reason(const gb_import_report *report,
                                         size_t file, size_t i,
                                         gb_import_reason *reason);

/* ------------------------------------------------------------ quality -- */

/**
 * Look over what is loaded and tell what is doubtful: likely duplicates,
 * coarse or missing locations, customers far from their branch, missing
 * fields, places without customers.
 *
 * @param json  An array of {"code", "title", "count", "of", "samples": [refs],
 *              "mend"}, in the context's language.  Owned by the workspace,
 *              until its next quality report; NULL when the call fails.
 * @return GB_OK; GB_ERR_BUSY; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread an object.  Cost: O(n log n).  Since: 0.1.
 */
GB_API gb_status gb_workspace_quality(gb_context *ctx,
                                      gb_workspace *workspace,
                                      const char **json);

/**
 * Check the file itself: SQLite's integrity and foreign keys, and every
 * geometry by a strict reader, before anything else looks at it.
 *
 * @return GB_OK; GB_ERR_INTEGRITY naming the first thing that is broken.
 */
GB_API gb_status gb_workspace_verify(gb_context *ctx,
                                     gb_workspace *workspace);

/**
 * Copy a workspace as it is at this moment, while others may be writing it.
 * The copy is packed, and appears whole or not at all.
 *
 * @param path  Must not exist yet; its folder must.
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_STATE when `path` exists;
 *         GB_ERR_IO; GB_ERR_BUSY; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread an object.  Cost: reads and writes the file once.
 * Since: 0.1.
 */
GB_API gb_status gb_workspace_backup(gb_context *ctx,
                                     gb_workspace *workspace,
                                     const char *path);

#ifdef __cplusplus
}
#endif
#endif
