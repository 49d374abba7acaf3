#include "store_import_job.h"

#include <string.h>

/*
 * Parents may follow their children, so rows were written without; now a row
 * is good when the way up from it ends at a root or at an organisation that
 * is known from before, and bad when it meets an unknown one or itself.
 */

static import_parent *entry_of(import_job *job, const char *ref)
{
    for (size_t i = 0; i < job->parents.n; i++)
        if (strcmp(job->parents.items[i].ref, ref) == 0)
            return &job->parents.items[i];
    return NULL;
}

/* One more level becomes good each round: as many rounds as levels. */
static void mark_good(import_job *job)
{
    bool is_changed = true;

    while (is_changed) {
        is_changed = false;
        for (size_t i = 0; i < job->parents.n; i++) {
            import_parent *row = &job->parents.items[i];
            const import_parent *up
                = row->parent ? entry_of(job, row->parent) : NULL;

            if (row->is_good)
                continue;
            row->is_good = !row->parent || (up && up->is_good)
                || (!up && import_refs_find(&job->keys, row->parent));
            is_changed |= row->is_good;
        }
    }
}

static gb_status refuse(import_job *job, import_parent *row)
{
    char *names[2] = { NULL, NULL };
    import_fault fault = { .column = "parent_ref" };
    import_raw raw = { .found = IMPORT_ROW, .line = row->line };
    const bool is_known = import_refs_find(&job->keys, row->parent) != NULL;

    (void)names;
    import_fault_set(&fault, is_known ? IMPORT_CIRCLE : IMPORT_UNKNOWN,
                     row->parent, is_known ? row->ref : "", "");
    if (row->effect == IMPORT_LOADED)
        job->file->counts.n_loaded--;
    else if (row->effect == IMPORT_CHANGED)
        job->file->counts.n_changed--;
    else
        job->file->counts.n_unchanged--;
    return import_job_refuse(job, &fault, &raw);
}

static gb_status write_parent(import_job *job, store_statement *update,
                              import_parent *row)
{
    const import_ref *up
        = row->parent ? import_refs_find(&job->keys, row->parent) : NULL;
    gb_status status;

    store_bind_int(update, 1, row->id);
    if (up)
        store_bind_int(update, 2, up->id);
    else
        store_bind_null(update, 2);
    status = store_run(job->ws, update);
    if (!status && store_changes(job->ws) > 0
        && row->effect == IMPORT_UNCHANGED) {
        job->file->counts.n_unchanged--;
        job->file->counts.n_changed++;
    }
    return status;
}

gb_status import_job_link_parents(import_job *job)
{
    store_statement *update = NULL, *drop = NULL;
    gb_status status;

    mark_good(job);
    status = store_prepare(job->ws, "UPDATE org SET parent_id = ?2 "
                                    "WHERE id = ?1 AND parent_id IS NOT ?2",
                           &update);
    if (!status)
        status = store_prepare(job->ws, "DELETE FROM org WHERE id = ?1",
                               &drop);
    for (size_t i = 0; i < job->parents.n && !status; i++) {
        import_parent *row = &job->parents.items[i];

        if (row->is_good) {
            status = write_parent(job, update, row);
            continue;
        }
        status = refuse(job, row);
        if (!status && row->is_new) {
            store_bind_int(drop, 1, row->id);
            status = store_run(job->ws, drop);
        }
    }
    store_finalize(update);
    store_finalize(drop);
    return status;
}
