/*
 * store_copy.c - see store_copy.h.
 */
#include "store_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base_check.h"

static const struct {
    const char *what, *sql;
} tallies[STORE_N_TALLIES] = {
    { "branches", "SELECT count(*) FROM branch" },
    { "managers", "SELECT count(*) FROM manager" },
    { "places", "SELECT count(*) FROM place" },
    { "customers", "SELECT count(*) FROM customer" },
    { "holdings", "SELECT count(*) FROM holding" },
    { "appointments", "SELECT count(*) FROM appointment" },
    { "targets", "SELECT count(*) FROM target" },
    { "cells", "SELECT count(*) FROM cell" },
    { "territories", "SELECT count(*) FROM territory" },
    { "plans", "SELECT count(*) FROM plan" },
};

gb_status store_tally_rows(gb_workspace *ws, store_tally out[STORE_N_TALLIES])
{
    gb_status status = store_begin_read(ws);

    if (status)
        return status;
    for (size_t i = 0; i < STORE_N_TALLIES && !status; i++) {
        out[i] = (store_tally){ tallies[i].what, 0 };
        status = store_query_int(ws, tallies[i].sql, &out[i].n);
    }
    return store_end(ws, status);
}

static gb_status vacuum_into(gb_workspace *ws, const char *path)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, "VACUUM INTO ?1", &st);

    if (!status) {
        store_bind_text(st, 1, path);
        status = store_run(ws, st);
    }
    store_finalize(st);
    return status;
}

/* VACUUM INTO leaves that to its caller. */
static bool reach_disk(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    bool has_reached;

    if (file < 0)
        return false;
    has_reached = fsync(file) == 0;
    close(file);
    return has_reached;
}

gb_status store_copy_to(gb_workspace *ws, const char *path)
{
    gb_context *ctx = ws->run->ctx;
    base_text part;
    gb_status status = GB_OK;

    if (access(path, F_OK) == 0)
        return base_fail(ctx, GB_ERR_STATE, "%s: exists already", path);
    base_text_init(&part, ws->mem);
    base_text_format(&part, "%s.part", path);
    if (part.is_short) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    remove(part.chars); /* of a copy that was broken off */
    status = vacuum_into(ws, part.chars);
    if (!status
        && (!reach_disk(part.chars) || rename(part.chars, path) != 0))
        status = base_fail(ctx, GB_ERR_IO, "%s: %s", path, strerror(errno));
    if (status)
        remove(part.chars);

done:
    base_text_clear(&part);
    return status;
}
