/*
 * store_settle.c - what came of visits and trials, as far as a day knows it;
 * see store_trial.h.
 */
#include "store_trial.h"

#include <stdio.h>
#include <string.h>

#include "store_query.h"
#include "store_rows.h"

/*
 * A visit counts for the trial that ran on its day.  One of before the first
 * trial counts for the segment that the customer was in, if any.
 *
 * One that is first seen when its time is over is settled as not known: of who
 * came back and went on only a later transaction is told, of who did not that
 * there is none, and shares of the rest alone would be too low.
 */
static const char take_visits_sql[]
    = "INSERT INTO visit_result(visit_id, until, segment, strategy, score, "
      "chance, settled_on) "
      "SELECT v.id, date(v.day, ?2), coalesce(t.segment, (SELECT s.name "
      "FROM segment_member m JOIN segment s ON s.id = m.segment_id "
      "WHERE m.customer_id = v.customer_id AND s.kind = 'segment' "
      "AND m.since <= v.day AND (m.until IS NULL OR m.until > v.day) "
      "ORDER BY s.id LIMIT 1), ''), coalesce(t.strategy, ''), t.score, "
      "t.chance, CASE WHEN date(v.day, ?2) < ?1 THEN ?1 END "
      "FROM visit v LEFT JOIN trial t ON t.id = (SELECT x.id "
      "FROM trial x WHERE x.customer_id = v.customer_id AND x.day <= v.day "
      "AND x.until >= v.day ORDER BY x.day DESC LIMIT 1) "
      "WHERE v.day < ?1 AND NOT EXISTS(SELECT 1 FROM visit_result r "
      "WHERE r.visit_id = v.id)";

/*
 * The last transaction in time: yes.  Time over and none since: no.  Time over
 * and the last one later: there may have been one in time before it, or not.
 */
static const char settle_visits_sql[]
    = "UPDATE visit_result AS r SET is_active = CASE "
      "WHEN c.last_txn_on >= v.day AND c.last_txn_on <= r.until THEN 1 "
      "WHEN c.last_txn_on IS NULL OR c.last_txn_on < v.day THEN 0 END, "
      "settled_on = ?1 FROM visit v JOIN customer c ON c.id = v.customer_id "
      "WHERE v.id = r.visit_id AND r.settled_on IS NULL AND (r.until < ?1 "
      "OR (c.last_txn_on >= v.day AND c.last_txn_on <= r.until))";

static const char settle_trials_sql[]
    = "UPDATE trial AS t SET is_active = CASE "
      "WHEN c.last_txn_on >= t.day AND c.last_txn_on <= t.until THEN 1 "
      "WHEN c.last_txn_on IS NULL OR c.last_txn_on < t.day THEN 0 END, "
      "is_visited = EXISTS(SELECT 1 FROM visit v "
      "WHERE v.customer_id = t.customer_id AND v.day >= t.day "
      "AND v.day <= t.until), "
      "is_met = EXISTS(SELECT 1 FROM visit v "
      "WHERE v.customer_id = t.customer_id AND v.day >= t.day "
      "AND v.day <= t.until AND v.outcome = 'met'), "
      "settled_on = ?1 FROM customer c WHERE c.id = t.customer_id "
      "AND t.settled_on IS NULL AND t.day < ?1 AND (t.until < ?1 "
      "OR (c.last_txn_on >= t.day AND c.last_txn_on <= t.until))";

static gb_status change(gb_workspace *ws, const char *sql, const char *day,
                        const char *later)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, sql, &st);

    if (status)
        return status;
    store_bind_text(st, 1, day);
    if (later)
        store_bind_text(st, 2, later);
    status = store_run(ws, st);
    store_finalize(st);
    return status;
}

/* Settled that day, of them active, of them unknown, and open ones. */
static gb_status count(gb_workspace *ws, const char *sql, const char *day,
                       int64_t out[4])
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(ws, sql, &st);

    if (!status) {
        store_bind_text(st, 1, day);
        status = store_step(ws, st, &has_row);
    }
    for (int i = 0; i < 4 && !status; i++)
        out[i] = store_column_int(st, i);
    store_finalize(st);
    return status;
}

#define COUNTS(table)                                                 \
    "SELECT count(*) FILTER (WHERE settled_on = ?1), "                        \
    "count(*) FILTER (WHERE settled_on = ?1 AND is_active), "                 \
    "count(*) FILTER (WHERE settled_on = ?1 AND is_active IS NULL), "         \
    "count(*) FILTER (WHERE settled_on IS NULL) FROM " table

static gb_status settle(gb_workspace *ws, int32_t on, int32_t days,
                        store_settled *out)
{
    char day[16], later[32];
    int64_t visits[4] = { 0 }, trials[4] = { 0 };
    gb_status status;

    store_day_text(day, on);
    snprintf(later, sizeof later, "+%d days", (int)days);
    status = change(ws, take_visits_sql, day, later);
    if (!status)
        status = change(ws, settle_visits_sql, day, NULL);
    if (!status)
        status = change(ws, settle_trials_sql, day, NULL);
    if (!status)
        status = count(ws, COUNTS("visit_result"), day, visits);
    if (!status)
        status = count(ws, COUNTS("trial"), day, trials);
    *out = (store_settled){ visits[0], visits[1], visits[2], visits[3],
                            trials[0], trials[1], trials[2], trials[3] };
    return status;
}

gb_status store_settle(gb_workspace *ws, int32_t on, int32_t days,
                       store_settled *out)
{
    const gb_status status = store_begin(ws);

    memset(out, 0, sizeof *out);
    return status ? status : store_end(ws, settle(ws, on, days, out));
}
