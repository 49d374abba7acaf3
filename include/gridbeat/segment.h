/*
 * gridbeat/segment.h - whom to look at: segments, grades, channels and must
 * rules as named SQL clauses.
 *
 * A clause is one SQL boolean expression over the columns of the view
 * `customer_facts` (gb_segment_facts() lists them) with the functions
 * months_since(), days_since(), days_until(), holds(), ever_held(),
 * has_tag(), tag_value(), tier_of(), within_area() and as_of().  The clauses
 * of a segment are joined by AND, and each may use AND, OR and NOT inside.
 * Nothing but those columns and functions can be reached: no other table, no subselect,
 * no writing, no file, no clock, no chance.  Each clause has a name, so a
 * waterfall of clauses and every customer's reason come for free.
 *
 * SQL's third truth value is kept: a customer for whom a clause is NULL (a
 * coarse location asked for its area, a missing date) is counted as unknown,
 * apart from those who are out.
 *
 * All dates are `YYYY-MM-DD`; the as-of date is an argument and never the
 * clock of the machine.  All amounts are fen.
 *
 * A rule set is JSON, of one of four kinds:
 *
 *   {"kind": "segment", "name": "dormant_6m",
 *    "title_zh": "...", "title_en": "...",
 *    "clauses": [{"name": "asleep", "title_zh": "...", "title_en": "...",
 *                 "sql": "months_since(last_txn_on) >= 6"}, ...]}
 *   {"kind": "grades", ..., "clauses": [{..., "grade": "A"}, ...]}
 *   {"kind": "channels", ..., "clauses": [{..., "channel": "visit",
 *                 "assist": "sms", "suggest": "assign_manager"}, ...]}
 *   {"kind": "must", ..., "clauses": [...]}
 *
 * In the last three the first clause that holds decides.  Channels are visit,
 * sms and none.  Rules ship with the library (data/RULES.md); defining one of
 * the same name stores a further version, and the highest is in force.
 */
#ifndef GRIDBEAT_SEGMENT_H
#define GRIDBEAT_SEGMENT_H

#include <gridbeat/base.h>
#include <gridbeat/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to look at, and as of when. */
typedef struct gb_segment_options {
    size_t size;
    const char *as_of; /* YYYY-MM-DD; must be given where facts are read */
    const char *name;  /* the rule set; NULL where `where` is given */
    const char *where; /* one ad-hoc expression; with a name, one more clause */
    const char *scope; /* NULL all; "org:REF", "branch:REF", "manager:REF" */
    uint32_t limit;    /* references listed at most; 0 = 0, counts only */
    const char *grades;   /* rule set for grades; NULL = "abc" */
    const char *channels; /* rule set for channels; NULL = "channels" */
    const char *must;     /* rule set of musts; NULL = "must" */
} gb_segment_options;
#define GB_SEGMENT_OPTIONS_INIT \
    { sizeof(gb_segment_options), 0, 0, 0, 0, 0, 0, 0, 0 }

/** The answer of a call below: JSON, and the counts that callers want most. */
typedef struct gb_segment_result gb_segment_result;

/** The whole answer as one JSON object.  Borrowed from the result. */
GB_API const char *gb_segment_result_json(const gb_segment_result *result);
/** Customers looked at; 0 where no facts were read. */
GB_API int64_t gb_segment_result_seen(const gb_segment_result *result);
/** Customers kept: members, graded, targets, entered or rule sets listed. */
GB_API int64_t gb_segment_result_kept(const gb_segment_result *result);
/** Customers about whom the clauses can say neither yes nor no. */
GB_API int64_t gb_segment_result_unknown(const gb_segment_result *result);
/** NULL is taken. */
GB_API void gb_segment_result_free(gb_segment_result *result);

/**
 * List the rule sets in force, shipped and stored: name, kind, version,
 * titles, and the dates of the stored runs of segments.
 *
 * @return GB_OK; GB_ERR_NOMEM; GB_ERR_LIBRARY with SQLite's words.
 * Ownership: free *out with gb_segment_result_free(); NULL after a failure.
 * Threads: one thread a context, one a workspace, as all calls here.
 * Since: 0.1.
 */
GB_API gb_status gb_segment_list(gb_context *ctx, gb_workspace *workspace,
                                 gb_segment_result **out);

/**
 * List the columns and functions that a clause may use, each with type, unit
 * and meaning in both languages.  Needs no workspace.
 */
GB_API gb_status gb_segment_facts(gb_context *ctx, gb_segment_result **out);

/**
 * Show a rule set as JSON.
 *
 * @param version  0: the one in force.
 * @return GB_ERR_NOT_FOUND for a name or version that does not exist; the
 *         message has the nearest name.
 */
GB_API gb_status gb_segment_show(gb_context *ctx, gb_workspace *workspace,
                                 const char *name, uint32_t version,
                                 gb_segment_result **out);

/**
 * Check a rule set and store it as the next version of its name.  The same
 * JSON as the version in force stores nothing and answers that version.
 *
 * @param json  As in the head of this file.
 * @return GB_ERR_PARSE for text that is no such JSON, naming the place;
 *         GB_ERR_DATA for a clause that is refused, naming the clause and
 *         what was refused.
 */
GB_API gb_status gb_segment_define(gb_context *ctx, gb_workspace *workspace,
                                   const char *json, gb_segment_result **out);

/**
 * Count how many customers each clause keeps, in order: the waterfall.  For
 * each clause: `kept` (all clauses so far hold), `unknown` (none is false, one
 * at least NULL), `dropped` (false here for the first time) and `alone` (this
 * clause holds, whatever the others).  Writes nothing.
 *
 * @param options  as_of, and name or where, must be given.
 * Cost: one scan; 1,000,000 customers in under a second.
 */
GB_API gb_status gb_segment_preview(gb_context *ctx, gb_workspace *workspace,
                                    const gb_segment_options *options,
                                    gb_segment_result **out);

/**
 * As gb_segment_preview(), and store the members under the as-of date, in one
 * transaction; a run for the same name and date is replaced.
 */
GB_API gb_status gb_segment_run(gb_context *ctx, gb_workspace *workspace,
                                const gb_segment_options *options,
                                gb_segment_result **out);

/**
 * Compare the stored members of a segment at two dates: entered, left,
 * stayed; up to options->limit references of the first two.
 *
 * @return GB_ERR_NOT_FOUND when there is no run for one of the dates.
 */
GB_API gb_status gb_segment_diff(gb_context *ctx, gb_workspace *workspace,
                                 const gb_segment_options *options,
                                 const char *from, const char *to,
                                 gb_segment_result **out);

/**
 * Give every customer one grade, the first whose clause holds, and store it
 * with the clause; counts by grade and by clause.
 *
 * @return GB_ERR_DATA when some customers get none: end the rules with one
 *         that always holds.
 */
GB_API gb_status gb_segment_grade(gb_context *ctx, gb_workspace *workspace,
                                  const gb_segment_options *options,
                                  gb_segment_result **out);

/**
 * Make the targets of a date: the members of a segment, each with grade,
 * channel, must rule, and the clause behind each; replaces those of the same
 * date and stores the run of the segment, in one transaction, after one that
 * grades everybody (gb_segment_grade()).
 * A customer for whom a must rule holds is a target in any case.
 */
GB_API gb_status gb_segment_select(gb_context *ctx, gb_workspace *workspace,
                                   const gb_segment_options *options,
                                   gb_segment_result **out);

/**
 * Tell for one customer which clauses of a rule set hold, with the values of
 * the columns that they mention.
 *
 * @return GB_ERR_NOT_FOUND for an unknown customer.
 */
GB_API gb_status gb_segment_reasons(gb_context *ctx, gb_workspace *workspace,
                                    const gb_segment_options *options,
                                    const char *customer_ref,
                                    gb_segment_result **out);

#ifdef __cplusplus
}
#endif
#endif
