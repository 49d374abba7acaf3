/*
 * call_door.h - what a method of the JSON door is, and what it may ask.
 *
 * A method is a row of a table and a function.  The row says everything that a
 * caller has to know: parameters, help, and how the result is shown.  From it
 * come the checks of gb_call(), the command line with its help, completion and
 * tables, and the method `methods`.  So a new method needs nothing else:
 *
 *   static gb_status plan_count(call *c, json_t **result)
 *   {
 *       int64_t n;
 *       const gb_status status = gb_plan_count(c->ctx, c->workspace,
 *                                              call_text(c, "date"), &n);
 *       return status ? status
 *                     : call_result(c, result, json_pack("{s:I}", "n",
 *                                                        (json_int_t)n));
 *   }
 *   static const call_param plan_count_params[] = {
 *       { .name = "date", .type = CALL_DATE, .is_required = true,
 *         .help = GB_N("the day of the plan") },
 *   };
 *   static const call_block plan_count_blocks[] = {
 *       { .text = GB_N("{n} visits are planned") },
 *   };
 *   static const call_method methods[] = {
 *       { .name = "plan.count", .help = GB_N("Count the planned visits"),
 *         .workspace = CALL_READS, CALL_PARAMS(plan_count_params),
 *         CALL_BLOCKS(plan_count_blocks), .run = plan_count },
 *   };
 *   const call_group call_plan_group = CALL_GROUP(methods);
 *
 * in call_plan.c, that name in call_methods.c, that file in meson.build.  The
 * command then is `gridbeat plan count --date 2026-03-02`; a name of three
 * words, as plan.stops.count, works as well, and a name may be the beginning
 * of another (`import` and `import.all`).
 *
 * A handler calls the public functions of the modules on c->ctx, whose error
 * is then the error of the call.
 */
#ifndef CALL_DOOR_H
#define CALL_DOOR_H

#include <jansson.h>

#include "base_check.h"
#include "base_context.h"
#include "base_near.h"
#include "base_text.h"

#include <gridbeat/call.h>
#include <gridbeat/roads.h>
#include <gridbeat/workspace.h>

/*
 * The type of a parameter: what JSON may hold, and the text that is taken for
 * it just as well.  In call_args.c each is turned into one form.
 */
typedef enum call_type {
    CALL_TEXT,
    CALL_INT,      /* within [min, max] where min < max */
    CALL_REAL,     /* the same */
    CALL_BOOL,     /* --name, or --no-name */
    CALL_DATE,     /* YYYY-MM-DD; kept as text */
    CALL_DURATION, /* whole seconds, or 90s, 30m, 2h, 30d, 4w */
    CALL_RATIO,    /* 0 to 1, or 5% */
    CALL_PATH,     /* of a file or folder */
    CALL_ENUM,     /* one of choices */
    CALL_LIST,     /* of texts; a,b,c */
    CALL_LONLAT,   /* lon,lat in degrees WGS 84 */
    CALL_BBOX,     /* west,south,east,north in degrees WGS 84 */
    CALL_DOCUMENT  /* the path of a file; or what would stand in it, an object
                      or a text that begins with { */
} call_type;

typedef struct call_param {
    const char *name; /* snake_case; the option is --with-dashes */
    call_type type;
    bool is_required, is_positional;
    const char *unit;     /* as "m", "s"; NULL: none */
    const char *choices;  /* of CALL_ENUM: "csv|geojson" */
    const char *fallback; /* default, as text; NULL: absent */
    int64_t min, max;
    const char *help; /* GB_N */
} call_param;

/* How a value is shown; a number's unit is in the name of the way. */
typedef enum call_show {
    CALL_SHOW_PLAIN,   /* numbers to the right with , every three digits */
    CALL_SHOW_ID,      /* a number that is a name: no commas */
    CALL_SHOW_FEN,     /* as yuan */
    CALL_SHOW_S,       /* a duration in seconds, as 1:05:00 */
    CALL_SHOW_CLOCK,   /* seconds after midnight, as 08:30 */
    CALL_SHOW_M,       /* metres; km from 1 km on */
    CALL_SHOW_RATIO,   /* as 12.3 % */
    CALL_SHOW_SECONDS, /* a real number of seconds, as 0.12 s */
    CALL_SHOW_BYTES,   /* as MB */
    CALL_SHOW_TIMES    /* a factor, as 1.25 */
} call_show;

typedef struct call_column {
    const char *key;   /* in a row; a.b goes into objects; title_LANG means
                          title_zh or title_en */
    const char *title; /* GB_N */
    call_show show;
} call_column;

/*
 * A piece of the result as people see it, in one of three forms:
 *   text     one line; {key} or {key:fen} stands for a value
 *   columns  and rows: a table of the array at `rows`; "routes[].stops" gives
 *            a table for each route, and then text and when speak of the route
 *   columns  alone: a list of title and value
 * A block with `when` is shown where that value is there and not null, false,
 * 0 or empty.
 */
typedef struct call_block {
    const char *when;
    const char *text; /* GB_N; above a table: its heading */
    const char *rows;
    const call_column *columns;
    size_t n_columns;
    size_t most; /* rows shown; a line then tells how many more; 0: all */
} call_block;

typedef enum call_workspace {
    CALL_NO_WORKSPACE, /* c->workspace is NULL */
    CALL_READS,        /* opened for reading */
    CALL_WRITES
} call_workspace;

typedef struct call call;
typedef gb_status (*call_run_fn)(call *c, json_t **result);

typedef struct call_method {
    const char *name; /* words of [a-z_], joined by dots */
    const char *help; /* GB_N; one line, no full stop */
    call_workspace workspace;
    bool is_scoped; /* keeps to c->scope; others refuse a scoped session */
    const call_param *params;
    size_t n_params;
    const call_block *blocks;
    size_t n_blocks;
    call_run_fn run;
} call_method;

typedef struct call_group {
    const call_method *methods;
    size_t n;
} call_group;

#define CALL_PARAMS(a) .params = (a), .n_params = COUNT_OF(a)
#define CALL_BLOCKS(a) .blocks = (a), .n_blocks = COUNT_OF(a)
#define CALL_COLUMNS(a) .columns = (a), .n_columns = COUNT_OF(a)
#define CALL_GROUP(a) { (a), COUNT_OF(a) }

typedef enum call_scope_kind {
    CALL_SCOPE_ALL,
    CALL_SCOPE_ORG,
    CALL_SCOPE_BRANCH,
    CALL_SCOPE_MANAGER
} call_scope_kind;

typedef struct call_scope {
    call_scope_kind kind;
    const char *ref; /* NULL for all */
} call_scope;

/* A call that is being carried out. */
struct call {
    gb_session *session;
    gb_context *ctx;
    base_mem *mem;
    const call_method *method;
    const char *workspace_path; /* of the session; NULL: none */
    gb_workspace *workspace;    /* open where the method says so */
    call_scope scope;
    const char *scope_text; /* as the session has it; NULL for all */
    json_t *args;  /* checked: each in its one form, defaults filled in */
    json_t *notes; /* array of texts: further lines of an error */
    /* Common to all calls; 0 where the caller named none. */
    uint64_t seed;
    uint32_t n_threads;
    uint64_t max_iterations;
    int64_t time_limit_ms;
    double began_s; /* base_clock_s() */
    int32_t code; /* of a call that succeeds: 0, 1, 5 or 6 */
    /* Of a call that fails: */
    json_t *details;    /* data beside the words; NULL: none */
    int32_t error_code; /* 3107 for E3107; 0: by the status */
};

/* The checked parameters.  The name must be one of the method's. */
bool call_has(const call *c, const char *name);
const char *call_text(const call *c, const char *name); /* NULL: absent */
int64_t call_int(const call *c, const char *name);      /* 0: absent */
double call_real(const call *c, const char *name);      /* and ratios */
bool call_flag(const call *c, const char *name);
size_t call_list_size(const call *c, const char *name);
const char *call_list_item(const call *c, const char *name, size_t i);
/* False when absent; west, south, east, north. */
bool call_bbox(const call *c, const char *name, double out[4]);
bool call_lonlat(const call *c, const char *name, gb_lonlat *out);
/* The document itself; NULL: absent, or a path (then call_text() has it). */
const json_t *call_document(const call *c, const char *name);
/* The place of the text in the choices of an enum, from 0; -1: absent. */
int call_choice(const call *c, const char *name);

/*
 * Hand a new result over, an object; NULL means that jansson found no memory.
 * Its keys stand in the answer beside "gridbeat", "method", "status", "code"
 * and "error", and so may not have these names.
 */
gb_status call_result(call *c, json_t **result, json_t *made);
/* The same from JSON text of our own, as modules give it; an array is put
 * under `key`. */
gb_status call_result_text(call *c, json_t **result, const char *key,
                           const char *text);
/* Put a value into an object or array; takes the value over. */
bool call_put(json_t *object, const char *key, json_t *value);
/* As json_string(), with ? for what is no UTF-8: for texts out of files and
 * messages that were cut short. */
json_t *call_string(const char *text);
/* CPU seconds of the process so far, on all its threads. */
double call_cpu_s(void);
/* Of a gb_outcome: "converged", "time_limit" and so on. */
const char *call_outcome_name(int32_t outcome);
/* In the caller's language; for words that a result holds. */
const char *call_words(const call *c, const char *english);
/* The session's workspace, for reading, into c->workspace: for methods that
 * can do without one. */
gb_status call_open_workspace(call *c);
/* A further line below the error: how to mend it. */
void call_note(call *c, const char *format, ...) GB_PRINTF(2, 3);

/*
 * The road index: that of the path, else the one beside the session's
 * workspace (call_roads_path()).  Borrowed: the session keeps it open, and
 * opens it anew when the file was built again.
 */
gb_status call_roads(call *c, const char *path, const gb_roads **out);
/* The path of the index beside the session's workspace: its name with
 * ".roads" behind it.  base_free() it; NULL: no workspace, or no memory. */
char *call_roads_path(call *c);

/* call_args.c: fill c->args and the common fields from a JSON object. */
gb_status call_args_take(call *c, const json_t *given);
/* The name of a type in descriptions. */
const char *call_type_name(call_type type);
/* Parameters that every method takes. */
extern const call_param call_common_params[];
extern const size_t call_n_common_params;

/* call_methods.c: the method of that name; NULL: none. */
const call_method *call_method_find(const char *name);
/* The i-th method of all, in the order of the table; NULL: past the end. */
const call_method *call_method_at(size_t i);

#endif
