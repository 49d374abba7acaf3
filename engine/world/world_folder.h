/*
 * world_folder.h - the folder of a delivery while it is written.
 *
 * Everything goes to `<out>.part` beside the place it is meant for; when the
 * manifest is in, the folder gets its name by one rename.  So there is a
 * whole delivery or none.  Files are hashed as they are written.
 */
#ifndef WORLD_FOLDER_H
#define WORLD_FOLDER_H

#include <sodium.h>
#include <stdio.h>

#include "base_run.h"
#include "base_text.h"

enum { WORLD_FILES = 20 };

typedef struct world_file {
    const char *kind, *name, *encoding; /* literals, or of the folder */
    uint64_t n_rows, n_bytes;
    crypto_hash_sha256_state sha;
    char sha256[2 * crypto_hash_sha256_BYTES + 1];
} world_file;

typedef struct world_folder {
    base_run *run;        /* borrowed */
    char *out, *part, *old;
    bool is_made;         /* `part` exists and is ours */
    base_text text;       /* not yet written of the open file */
    FILE *stream;         /* of the open file */
    world_file files[WORLD_FILES]; /* the last is the open one */
    uint32_t n_files;
    char *extract_name;
} world_folder;

/*
 * Make the folder to write to.  GB_ERR_STATE when `out`, or what a broken run
 * left, holds anything that is no file of a delivery.
 */
gb_status world_folder_open(base_run *run, const char *out,
                            world_folder *folder);

/*
 * Begin a file; rows then go to folder->text.  `encoding` is "utf-8",
 * "utf-8-bom" (the manifest says utf-8) or "gb18030" (text is converted at
 * the end: for short files).
 */
gb_status world_file_open(world_folder *folder, const char *kind,
                          const char *name, const char *encoding);
/* One row more is in folder->text; writes when enough has come together. */
gb_status world_file_row(world_folder *folder);
gb_status world_file_close(world_folder *folder);

/* Put a copy of the map into the folder under its own name. */
gb_status world_folder_copy(world_folder *folder, const char *path);

/* Write manifest.json and give the folder its name. */
gb_status world_folder_finish(world_folder *folder, const char *as_of,
                              const char *datum);
uint64_t world_folder_bytes(const world_folder *folder);

/* Free; removes what is unfinished. */
void world_folder_clear(world_folder *folder);

#endif
