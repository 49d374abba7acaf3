/*
 * call_api.c - implements gridbeat/call.h: sessions, and the way of a call
 * from its JSON to its answer.
 *
 * An answer is written even when the call fails; only the lack of memory for
 * the answer itself leads to a fixed text.
 */
#include "call_door.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base_options.h"
#include "base_run.h"

/* The road index that is open, and which file it was. */
typedef struct call_index {
    gb_roads *roads; /* NULL: none is open */
    dev_t device;
    ino_t inode;
    struct timespec changed;
} call_index;

struct gb_session {
    gb_context *ctx; /* borrowed */
    base_mem *mem;
    char *workspace_path; /* NULL: none */
    char *scope_text;     /* "branch:B01"; NULL: all */
    call_scope scope;     /* ref points into scope_text */
    int64_t time_limit_ms;
    gb_workspace *workspace; /* NULL until a call needs it */
    bool is_writable;        /* how it was opened */
    call_index index;        /* the road index, once a call needed it */
    base_text answer;
};

static const char no_memory_answer[]
    = "{\"gridbeat\": 1, \"status\": \"GB_ERR_NOMEM\", \"code\": 9, "
      "\"error\": {\"id\": \"E9300\", \"message\": \"out of memory\", "
      "\"notes\": []}}";

int32_t gb_exit_code(gb_status status)
{
    static const struct {
        gb_status status;
        int32_t code;
    } codes[] = {
        { GB_OK, 0 },
        { GB_ERR_ARGUMENT, 2 }, { GB_ERR_OPTIONS, 2 }, { GB_ERR_STATE, 2 },
        { GB_ERR_BUFFER, 2 }, { GB_ERR_NOT_FOUND, 2 },
        { GB_ERR_DATA, 3 }, { GB_ERR_PARSE, 3 }, { GB_ERR_GEOMETRY, 3 },
        { GB_ERR_CRS, 3 }, { GB_ERR_SCHEMA, 3 }, { GB_ERR_IO, 3 },
        { GB_ERR_SCOPE, 4 },
        { GB_ERR_INFEASIBLE, 5 },
        { GB_ERR_BUSY, 7 },
        { GB_ERR_INTEGRITY, 8 },
        { GB_ERR_CANCELLED, 130 },
    };

    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].status == status)
            return codes[i].code;
    return 9;
}

double call_cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

const char *call_outcome_name(int32_t outcome)
{
    static const char *const names[] = { "none", "optimal", "converged",
                                         "iteration_limit", "time_limit" };

    return ALWAYS(outcome >= 0 && outcome < (int32_t)COUNT_OF(names))
               ? names[outcome] : names[0];
}

bool call_put(json_t *object, const char *key, json_t *value)
{
    if (json_is_array(object))
        return json_array_append_new(object, value) == 0;
    return json_object_set_new(object, key, value) == 0;
}

gb_status call_result(call *c, json_t **result, json_t *made)
{
    *result = made;
    return made ? GB_OK : base_fail_nomem(c->ctx);
}

gb_status call_result_text(call *c, json_t **result, const char *key,
                           const char *text)
{
    json_error_t error;
    json_t *made = json_loads(text, 0, &error), *object;

    if (!made && json_error_code(&error) != json_error_out_of_memory)
        return base_fail(c->ctx, GB_ERR_INTERNAL,
                         "%s gave no JSON: %s at %d", c->method->name,
                         error.text, error.position);
    if (!made || json_is_object(made))
        return call_result(c, result, made);
    object = json_object();
    if (!object || !call_put(object, key, json_incref(made))) {
        json_decref(object);
        object = NULL;
    }
    json_decref(made);
    return call_result(c, result, object);
}

const char *call_words(const call *c, const char *english)
{
    return base_lang_text(c->ctx->lang, english);
}

/* How long the UTF-8 letter is; 0: these bytes are none. */
static size_t letter_length(const unsigned char *at)
{
    const size_t n = at[0] < 0x80   ? 1
                     : at[0] < 0xc2 ? 0
                     : at[0] < 0xe0 ? 2
                     : at[0] < 0xf0 ? 3
                     : at[0] < 0xf5 ? 4
                                    : 0;

    for (size_t i = 1; i < n; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

json_t *call_string(const char *text)
{
    char safe[1024];
    size_t n = 0;
    json_t *string = json_string(text);

    if (string)
        return string;
    while (*text && n + 4 < sizeof safe) {
        const size_t length = letter_length((const unsigned char *)text);

        if (length == 0)
            safe[n++] = '?';
        for (size_t i = 0; i < length; i++)
            safe[n++] = text[i];
        text += length ? length : 1;
    }
    safe[n] = '\0';
    string = json_string(safe);
    return string ? string : json_string("?"); /* a surrogate, say */
}

void call_note(call *c, const char *format, ...)
{
    va_list args;
    char words[512];

    va_start(args, format);
    vsnprintf(words, sizeof words, call_words(c, format), args);
    va_end(args);
    json_array_append_new(c->notes, call_string(words));
}

char *call_roads_path(call *c)
{
    base_text path;

    if (!c->workspace_path)
        return NULL;
    base_text_init(&path, c->mem);
    base_text_add(&path, c->workspace_path);
    base_text_add(&path, ".roads");
    return base_text_take(&path);
}

/* Open the file unless it is the one that is open. */
static gb_status open_index(call *c, const char *path)
{
    call_index *index = &c->session->index;
    struct stat info;

    if (stat(path, &info) != 0) {
        call_note(c, GB_N("gridbeat roads build makes a road index"));
        return base_fail(c->ctx, GB_ERR_NOT_FOUND,
                         "%s: there is no road index", path);
    }
    if (index->roads && index->device == info.st_dev
        && index->inode == info.st_ino
        && index->changed.tv_sec == info.st_mtim.tv_sec
        && index->changed.tv_nsec == info.st_mtim.tv_nsec)
        return GB_OK;
    gb_roads_close(index->roads);
    index->roads = NULL;
    index->device = info.st_dev;
    index->inode = info.st_ino;
    index->changed = info.st_mtim;
    return gb_roads_open(c->ctx, path, &index->roads);
}

gb_status call_roads(call *c, const char *path, const gb_roads **out)
{
    char *beside = path ? NULL : call_roads_path(c);
    gb_status status;

    *out = NULL;
    if (!path && !c->workspace_path) {
        call_note(c, GB_N("name one with --roads FILE, or a workspace that "
                          "has one beside it"));
        return base_fail(c->ctx, GB_ERR_STATE,
                         "%s needs a road index and none was named",
                         c->method->name);
    }
    if (!path && !beside)
        return base_fail_nomem(c->ctx);
    status = open_index(c, path ? path : beside);
    base_free(c->mem, beside);
    if (!status)
        *out = c->session->index.roads;
    return status;
}

static gb_status read_scope(gb_session *session, const char *text)
{
    static const struct {
        const char *prefix;
        call_scope_kind kind;
    } kinds[] = { { "org:", CALL_SCOPE_ORG },
                  { "branch:", CALL_SCOPE_BRANCH },
                  { "manager:", CALL_SCOPE_MANAGER } };

    session->scope_text = base_strdup(session->mem, text);
    if (!session->scope_text)
        return base_fail_nomem(session->ctx);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const size_t n = strlen(kinds[i].prefix);

        if (strncmp(text, kinds[i].prefix, n) == 0 && text[n] != '\0') {
            session->scope.kind = kinds[i].kind;
            session->scope.ref = session->scope_text + n;
            return GB_OK;
        }
    }
    return base_fail(session->ctx, GB_ERR_ARGUMENT,
                     "scope \"%.64s\": org:REF, branch:REF or manager:REF "
                     "expected",
                     text);
}

static gb_status fill_session(gb_session *session,
                              const gb_session_options *options)
{
    if (options->time_limit_ms < 0)
        return base_fail(session->ctx, GB_ERR_ARGUMENT,
                         "time limit %lld ms is below 0",
                         (long long)options->time_limit_ms);
    session->time_limit_ms = options->time_limit_ms;
    if (options->workspace) {
        session->workspace_path
            = base_strdup(session->mem, options->workspace);
        if (!session->workspace_path)
            return base_fail_nomem(session->ctx);
    }
    return options->scope ? read_scope(session, options->scope) : GB_OK;
}

gb_status gb_session_open(gb_context *ctx, const gb_session_options *options,
                          gb_session **out)
{
    gb_session_options taken;
    gb_session *session;
    gb_status status;

    if (out)
        *out = NULL;
    if (!ctx || !out)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = base_options_take(ctx, &taken, sizeof taken, options,
                               sizeof taken);
    if (status)
        return status;
    session = base_alloc_zeroed(ctx->mem, 1, sizeof *session);
    if (!session)
        return base_fail_nomem(ctx);
    session->ctx = ctx;
    session->mem = base_mem_ref(ctx->mem);
    base_text_init(&session->answer, session->mem);
    status = fill_session(session, &taken);
    if (status) {
        gb_session_close(session);
        return status;
    }
    *out = session;
    return GB_OK;
}

void gb_session_close(gb_session *session)
{
    base_mem *mem;

    if (!session)
        return;
    mem = session->mem;
    gb_roads_close(session->index.roads);
    gb_workspace_close(session->workspace);
    base_text_clear(&session->answer);
    base_free(mem, session->scope_text);
    base_free(mem, session->workspace_path);
    base_free(mem, session);
    base_mem_unref(mem);
}

static gb_status find_method(call *c, const char *name)
{
    const char *nearest = NULL;
    const call_method *method;
    size_t best = SIZE_MAX;

    c->method = call_method_find(name);
    if (c->method)
        return GB_OK;
    for (size_t i = 0; (method = call_method_at(i)) != NULL; i++)
        if (base_is_nearer(name, method->name, &best))
            nearest = method->name;
    if (nearest)
        call_note(c, GB_N("did you mean \"%s\"?"), nearest);
    return base_fail(c->ctx, GB_ERR_NOT_FOUND, "no method \"%.64s\"", name);
}

static gb_status parse(call *c, const char *text, json_t **out)
{
    json_error_t error;

    if (!text || !text[0])
        text = "{}";
    *out = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!*out && json_error_code(&error) == json_error_out_of_memory)
        return base_fail_nomem(c->ctx);
    if (!*out)
        return base_fail(c->ctx, GB_ERR_PARSE,
                         "parameters, line %d, column %d: not JSON: %s",
                         error.line, error.column, error.text);
    if (!json_is_object(*out))
        return base_fail(c->ctx, GB_ERR_PARSE,
                         "parameters: a JSON object expected");
    return GB_OK;
}

static gb_status no_workspace(call *c)
{
    call_note(c, GB_N("name one with --workspace FILE or in "
                      "GRIDBEAT_WORKSPACE"));
    return base_fail(c->ctx, GB_ERR_STATE,
                     "%s needs a workspace and none was named",
                     c->method->name);
}

/* A workspace that was opened for reading is opened again for writing. */
static gb_status open_workspace(gb_session *session, call *c)
{
    const bool is_writing = c->method->workspace == CALL_WRITES;
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_status status;

    if (!session->workspace_path)
        return no_workspace(c);
    if (session->workspace && is_writing && !session->is_writable) {
        gb_workspace_close(session->workspace);
        session->workspace = NULL;
    }
    if (!session->workspace) {
        options.is_read_only = !is_writing;
        status = gb_workspace_open(c->ctx, session->workspace_path, &options,
                                   &session->workspace);
        if (status == GB_ERR_NOT_FOUND)
            call_note(c, GB_N("gridbeat init FILE makes a new one"));
        if (status)
            return status;
        session->is_writable = is_writing;
    }
    c->workspace = session->workspace;
    return GB_OK;
}

gb_status call_open_workspace(call *c)
{
    return open_workspace(c->session, c);
}

static gb_status carry_out(gb_session *session, call *c, const char *name,
                           const char *json_in, json_t **result)
{
    json_t *given = NULL;
    gb_status status = find_method(c, name);

    if (status)
        return status;
    status = parse(c, json_in, &given);
    if (status)
        goto done;
    status = call_args_take(c, given);
    if (status)
        goto done;
    if (c->scope.kind != CALL_SCOPE_ALL && !c->method->is_scoped) {
        status = base_fail(c->ctx, GB_ERR_SCOPE,
                           "%s is not allowed in the scope %s",
                           c->method->name, session->scope_text);
        goto done;
    }
    if (c->method->workspace != CALL_NO_WORKSPACE)
        status = open_workspace(session, c);
    if (status)
        goto done;
    status = c->method->run(c, result);

done:
    json_decref(given);
    return status;
}

static json_t *describe_error(const call *c, gb_status status)
{
    const int32_t code = gb_exit_code(status);
    char id[16];

    /* E, the exit code, the number of the status: E2204. */
    if (c->error_code)
        snprintf(id, sizeof id, "E%04d", (int)c->error_code);
    else
        snprintf(id, sizeof id, "E%d%03d", code > 9 ? 0 : (int)code,
                 (int)status);
    return json_pack("{s:s, s:o, s:O, s:O*}", "id", id, "message",
                     call_string(gb_last_error(c->ctx)), "notes", c->notes,
                     "details", c->details);
}

static int append(const char *chars, size_t n, void *text)
{
    base_text_append(text, chars, n);
    return 0;
}

/* The result's keys stand beside those of every answer, and never on them. */
static bool put_result(json_t *answer, json_t *result)
{
    const char *key;
    json_t *value;

    json_object_foreach(result, key, value) {
        if (NEVER(json_object_get(answer, key)) || strcmp(key, "error") == 0
            || json_object_set(answer, key, value))
            return false;
    }
    return true;
}

/* Takes `result` over. */
static bool write_answer(gb_session *session, const call *c, gb_status status,
                         json_t *result)
{
    json_t *answer = json_pack(
        "{s:i, s:s*, s:s, s:i}", "gridbeat", GB_CALL_VERSION, "method",
        c->method ? c->method->name : NULL, "status", gb_status_name(status),
        "code", status ? (int)gb_exit_code(status) : (int)c->code);
    bool is_written = answer != NULL;

    if (status)
        is_written = is_written
                     && call_put(answer, "error", describe_error(c, status));
    else
        is_written = is_written && put_result(answer, result);
    base_text_reset(&session->answer);
    is_written = is_written
                 && json_dump_callback(answer, append, &session->answer,
                                       JSON_REAL_PRECISION(15)) == 0
                 && !session->answer.is_short;
    json_decref(answer);
    json_decref(result);
    return is_written;
}

gb_status gb_call(gb_session *session, const char *method,
                  const char *json_in, const char **json_out)
{
    json_t *result = NULL;
    gb_status status;
    call c = { 0 };

    if (json_out)
        *json_out = NULL;
    if (!session || !method || !json_out)
        return GB_ERR_ARGUMENT;
    base_enter(session->ctx);
    c.session = session;
    c.ctx = session->ctx;
    c.mem = session->mem;
    c.workspace_path = session->workspace_path;
    c.scope = session->scope;
    c.scope_text = session->scope_text;
    c.time_limit_ms = session->time_limit_ms;
    c.began_s = base_clock_s();
    c.notes = json_array();
    status = carry_out(session, &c, method, json_in, &result);
    if (!status && !json_is_object(result)) /* a handler that forgot */
        status = base_fail(c.ctx, GB_ERR_INTERNAL, "%s gave no result",
                           c.method->name);
    if (status) {
        json_decref(result);
        result = NULL;
    }
    if (write_answer(session, &c, status, result)) {
        *json_out = session->answer.chars;
    } else {
        status = base_fail_nomem(c.ctx);
        *json_out = no_memory_answer;
    }
    json_decref(c.args);
    json_decref(c.notes);
    json_decref(c.details);
    return status;
}
