/*
 * store_days.c - see store_days.h.
 */
#include "store_days.h"

#include <string.h>

#include "store_date.h"
#include "store_db.h"

/* A query of one date; STORE_NO_DAY when it gives none. */
static gb_status query_day(gb_workspace *ws, const char *sql, int32_t *day)
{
    store_statement *st = NULL;
    bool has_row = false;
    gb_status status = store_prepare(ws, sql, &st);

    *day = STORE_NO_DAY;
    if (!status)
        status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *day = store_day_parse(store_column_text(st, 0));
    store_finalize(st);
    return status;
}

gb_status store_territory_active_from(gb_workspace *workspace, int32_t *day)
{
    const gb_status status
        = query_day(workspace,
                    "SELECT from_date FROM territory_version "
                    "WHERE state = 'active'",
                    day);

    if (!status && *day == STORE_NO_DAY)
        *day = 0;
    return status;
}

gb_status store_target_day_until(gb_workspace *workspace, int32_t on,
                                 int32_t *day)
{
    char sql[80] = "SELECT max(as_of) FROM target WHERE as_of <= '", text[16];

    strcat(strcat(sql, store_day_text(text, on)), "'");
    return query_day(workspace, sql, day);
}

gb_status store_last_target_day(gb_workspace *workspace, int32_t *day)
{
    const gb_status status
        = query_day(workspace, "SELECT max(as_of) FROM target", day);

    if (!status && *day == STORE_NO_DAY)
        return base_fail(workspace->run->ctx, GB_ERR_STATE,
                         "nothing has been selected yet: name a date, or run "
                         "a night first");
    return status;
}
