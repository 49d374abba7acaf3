/*
 * store_segment_rules.c - rule sets from JSON and from the workspace.
 */
#include "store_segment_rules.h"

#include "base_check.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The build's copy of segments.json, ending in '\0'. */
extern const unsigned char store_segments_json[];
extern const size_t store_segments_json_size;

enum { MAX_NAME = 64, MAX_TITLE = 400, MAX_JSON = 256 * 1024 };

static const char *const kind_names[] = { "segment", "grades", "channels",
                                          "must" };

const char *store_rules_kind_name(int32_t kind)
{
    return kind >= 0 && (size_t)kind < COUNT_OF(kind_names) ? kind_names[kind]
                                                            : "";
}

/* ----------------------------------------------------------------- JSON -- */

/* Letters, digits, _ and - : a name is also an argument and a file name. */
static bool is_name(const char *text)
{
    const size_t n = strlen(text);

    if (n == 0 || n > MAX_NAME)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return false;
    }
    return true;
}

/* Refuse keys that are not in the list: a slip of the pen is not ignored. */
static gb_status check_keys(gb_context *ctx, json_t *object,
                            const char *const *known, size_t n,
                            const char *where)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value) {
        bool is_known = false;

        for (size_t i = 0; i < n; i++)
            is_known |= strcmp(key, known[i]) == 0;
        if (!is_known) {
            const char *near = store_nearest(key, known, n);

            return base_fail(ctx, GB_ERR_PARSE,
                             "%s: the key \"%s\" is unknown; did you mean "
                             "\"%s\"?",
                             where, key, near ? near : known[0]);
        }
    }
    return GB_OK;
}

/* Copy a text of the object to the arena; "" where it is absent and may be. */
static gb_status take_text(gb_context *ctx, base_arena *arena, json_t *object,
                           const char *key, bool is_must, size_t max,
                           const char *where, const char **out)
{
    json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    char *copy;

    *out = "";
    if (!value && !is_must)
        return GB_OK;
    if (!text || (is_must && !text[0]))
        return base_fail(ctx, GB_ERR_PARSE, "%s: \"%s\" must be a text",
                         where, key);
    if (strlen(text) > max || strlen(text) != json_string_length(value))
        return base_fail(ctx, GB_ERR_PARSE,
                         "%s: \"%s\" is longer than %zu bytes", where, key,
                         max);
    copy = base_arena_alloc(arena, strlen(text) + 1, 1);
    if (!copy)
        return base_fail_nomem(ctx);
    strcpy(copy, text);
    *out = copy;
    return GB_OK;
}

static bool is_channel(const char *text)
{
    return strcmp(text, "visit") == 0 || strcmp(text, "sms") == 0
           || strcmp(text, "none") == 0;
}

static gb_status take_effect(gb_context *ctx, store_rules *rules,
                             json_t *object, store_rule *rule)
{
    base_arena *arena = &rules->arena;
    const bool is_channels = rules->kind == STORE_RULES_CHANNELS;
    const bool is_grades = rules->kind == STORE_RULES_GRADES;
    gb_status status;

    status = take_text(ctx, arena, object, "grade", is_grades, MAX_NAME,
                       rule->name, &rule->grade);
    if (!status)
        status = take_text(ctx, arena, object, "channel", is_channels,
                           MAX_NAME, rule->name, &rule->channel);
    if (!status)
        status = take_text(ctx, arena, object, "assist", false, MAX_NAME,
                           rule->name, &rule->assist);
    if (!status)
        status = take_text(ctx, arena, object, "suggest", false, MAX_NAME,
                           rule->name, &rule->suggest);
    if (status)
        return status;
    if ((rule->grade[0] && !is_grades)
        || ((rule->channel[0] || rule->assist[0] || rule->suggest[0])
            && !is_channels))
        return base_fail(ctx, GB_ERR_PARSE,
                         "%s: rules of kind %s give no grade or channel of "
                         "another kind",
                         rule->name, store_rules_kind_name(rules->kind));
    if (is_channels
        && (!is_channel(rule->channel)
            || (rule->assist[0] && !is_channel(rule->assist))))
        return base_fail(ctx, GB_ERR_PARSE,
                         "%s: a channel is visit, sms or none", rule->name);
    return GB_OK;
}

static gb_status take_rule(gb_context *ctx, store_rules *rules, json_t *object)
{
    static const char *const keys[] = { "name",  "title_zh", "title_en",
                                        "sql",   "grade",    "channel",
                                        "assist", "suggest" };
    base_arena *arena = &rules->arena;
    store_rule *rule = &rules->items[rules->n];
    gb_status status;

    if (!json_is_object(object))
        return base_fail(ctx, GB_ERR_PARSE, "%s: clause %zu is no object",
                         rules->name, rules->n + 1);
    status = take_text(ctx, arena, object, "name", true, MAX_NAME,
                       rules->name, &rule->name);
    if (!status && !is_name(rule->name))
        status = base_fail(ctx, GB_ERR_PARSE,
                           "%s: \"%s\" is no name: letters, digits, _ and -",
                           rules->name, rule->name);
    for (size_t i = 0; i < rules->n && !status; i++) {
        if (strcmp(rules->items[i].name, rule->name) == 0)
            status = base_fail(ctx, GB_ERR_PARSE,
                               "%s: two clauses have the name \"%s\"",
                               rules->name, rule->name);
    }
    if (!status)
        status = check_keys(ctx, object, keys, COUNT_OF(keys), rule->name);
    if (!status)
        status = take_text(ctx, arena, object, "title_zh", false, MAX_TITLE,
                           rule->name, &rule->title_zh);
    if (!status)
        status = take_text(ctx, arena, object, "title_en", false, MAX_TITLE,
                           rule->name, &rule->title_en);
    if (!status)
        status = take_text(ctx, arena, object, "sql", true, STORE_MAX_CLAUSE,
                           rule->name, &rule->sql);
    if (!status)
        status = take_effect(ctx, rules, object, rule);
    if (!status)
        rules->n++;
    return status;
}

static gb_status take_kind(gb_context *ctx, json_t *root, int32_t *out)
{
    json_t *value = json_object_get(root, "kind");
    const char *kind = value ? json_string_value(value) : "segment";

    for (size_t i = 0; kind && i < COUNT_OF(kind_names); i++) {
        if (strcmp(kind, kind_names[i]) == 0) {
            *out = (int32_t)i;
            return GB_OK;
        }
    }
    return base_fail(ctx, GB_ERR_PARSE,
                     "kind \"%s\" is unknown: segment, grades, channels or "
                     "must",
                     kind ? kind : "");
}

/* The text that equal rules have in common; jansson's memory is its own. */
static gb_status take_json(gb_context *ctx, store_rules *rules, json_t *root)
{
    char *text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    char *copy = text ? base_arena_alloc(&rules->arena, strlen(text) + 1, 1)
                      : NULL;

    if (copy)
        strcpy(copy, text);
    free(text);
    rules->json = copy;
    return copy ? GB_OK : base_fail_nomem(ctx);
}

static gb_status take_rules(gb_context *ctx, store_rules *rules, json_t *root)
{
    static const char *const keys[] = { "kind", "name", "title_zh",
                                        "title_en", "clauses" };
    json_t *clauses = json_object_get(root, "clauses");
    base_arena *arena = &rules->arena;
    gb_status status;

    if (!json_is_object(root))
        return base_fail(ctx, GB_ERR_PARSE, "a rule set is a JSON object");
    status = take_kind(ctx, root, &rules->kind);
    if (!status)
        status = take_text(ctx, arena, root, "name", true, MAX_NAME,
                           "rule set", &rules->name);
    if (!status && !is_name(rules->name))
        status = base_fail(ctx, GB_ERR_PARSE,
                           "\"%s\" is no name: letters, digits, _ and -",
                           rules->name);
    if (!status)
        status = check_keys(ctx, root, keys, COUNT_OF(keys), rules->name);
    if (!status)
        status = take_text(ctx, arena, root, "title_zh", false, MAX_TITLE,
                           rules->name, &rules->title_zh);
    if (!status)
        status = take_text(ctx, arena, root, "title_en", false, MAX_TITLE,
                           rules->name, &rules->title_en);
    if (status)
        return status;
    if (!json_is_array(clauses) || json_array_size(clauses) == 0
        || json_array_size(clauses) > STORE_MAX_RULES)
        return base_fail(ctx, GB_ERR_PARSE,
                         "%s: \"clauses\" must be a list of 1 to %d",
                         rules->name, STORE_MAX_RULES);
    rules->items = base_arena_alloc(arena, json_array_size(clauses),
                                    sizeof *rules->items);
    if (!rules->items)
        return base_fail_nomem(ctx);
    for (size_t i = 0; i < json_array_size(clauses) && !status; i++)
        status = take_rule(ctx, rules, json_array_get(clauses, i));
    return status ? status : take_json(ctx, rules, root);
}

static gb_status parse_failed(gb_context *ctx, const json_error_t *error)
{
    if (json_error_code(error) == json_error_out_of_memory)
        return base_fail_nomem(ctx);
    return base_fail(ctx, GB_ERR_PARSE, "line %d, column %d: %s", error->line,
                     error->column, error->text);
}

gb_status store_rules_parse(gb_context *ctx, const char *json,
                            store_rules *out)
{
    json_error_t error;
    json_t *root;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ctx->mem);
    if (strlen(json) > MAX_JSON)
        return base_fail(ctx, GB_ERR_PARSE, "longer than %d bytes", MAX_JSON);
    root = json_loads(json, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return parse_failed(ctx, &error);
    status = take_rules(ctx, out, root);
    json_decref(root);
    if (status)
        store_rules_clear(out);
    return status;
}

void store_rules_clear(store_rules *rules)
{
    if (rules->arena.mem)
        base_arena_clear(&rules->arena);
    memset(rules, 0, sizeof *rules);
}

/* ---------------------------------------------------------------- check -- */

gb_status store_rules_check(gb_workspace *ws, const store_rules *rules)
{
    store_clause clauses[STORE_MAX_CLAUSES];
    store_facts *facts = NULL;
    gb_status status;

    for (size_t i = 0; i < rules->n; i++)
        clauses[i] = (store_clause){ rules->items[i].name,
                                     rules->items[i].sql };
    status = store_facts_open(ws, "2000-01-01", (store_scope){ 0 }, 0, &facts);
    if (!status)
        status = store_facts_compile(facts, clauses, rules->n);
    store_facts_close(facts);
    return status;
}

/* -------------------------------------------------------------- shipped -- */

static gb_status load_shipped(gb_context *ctx, json_t **out)
{
    json_error_t error;

    *out = json_loadb((const char *)store_segments_json,
                      store_segments_json_size, 0, &error);
    return *out ? GB_OK : parse_failed(ctx, &error);
}

/* GB_OK with out->n 0 when nothing of that name ships. */
static gb_status find_shipped(gb_context *ctx, const char *name,
                              store_rules *out)
{
    json_t *root, *rule;
    size_t i;
    gb_status status;

    memset(out, 0, sizeof *out);
    status = load_shipped(ctx, &root);
    if (status)
        return status;
    base_arena_init(&out->arena, ctx->mem);
    json_array_foreach(json_object_get(root, "rules"), i, rule) {
        const char *its = json_string_value(json_object_get(rule, "name"));

        if (its && strcmp(its, name) == 0) {
            status = take_rules(ctx, out, rule);
            out->is_shipped = true;
            break;
        }
    }
    json_decref(root);
    if (status)
        store_rules_clear(out);
    return status;
}

/* --------------------------------------------------------------- stored -- */

/* `version` 0: the last that was defined. GB_OK with out->n 0: there is none */
static gb_status find_stored(gb_workspace *ws, const char *name,
                             uint32_t version, store_rules *out)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "SELECT v.rules_json, v.version, v.id, v.is_shipped "
        "FROM segment_version v JOIN segment s ON s.id = v.segment_id "
        "WHERE s.name = ?1 AND (v.version = ?2 OR ?2 = 0) "
        "AND (?2 > 0 OR NOT v.is_shipped) ORDER BY v.version DESC LIMIT 1",
        &st);

    memset(out, 0, sizeof *out);
    if (status)
        return status;
    store_bind_text(st, 1, name);
    store_bind_int(st, 2, version);
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        status = store_rules_parse(ws->run->ctx, store_column_text(st, 0),
                                   out);
        if (!status) {
            out->version = store_column_int(st, 1);
            out->version_id = store_column_int(st, 2);
            out->is_shipped = store_column_int(st, 3) != 0;
        }
    }
    store_finalize(st);
    return status;
}

static gb_status fail_unknown(gb_workspace *ws, const char *name)
{
    store_rules_names names;
    const char *near;
    gb_status status = store_rules_list(ws, &names);

    if (status)
        return status;
    near = store_nearest(name, names.items, names.n);
    if (near)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no rule set \"%s\"; did you mean %s?",
                           name, near);
    else
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no rule set \"%s\"", name);
    store_rules_names_clear(&names);
    return status;
}

gb_status store_rules_load(gb_workspace *ws, const char *name,
                           uint32_t version, store_rules *out)
{
    gb_status status = find_stored(ws, name, version, out);

    if (status || out->n > 0)
        return status;
    store_rules_clear(out);
    status = find_shipped(ws->run->ctx, name, out);
    if (status)
        return status;
    if (out->n > 0 && version == 0)
        return GB_OK;
    if (out->n > 0 && version > 0) {
        store_rules_clear(out);
        return base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                         "\"%s\" has no version %u", name, (unsigned)version);
    }
    store_rules_clear(out);
    return fail_unknown(ws, name);
}

gb_status store_rules_load_kind(gb_workspace *ws, const char *name,
                                int32_t kind, store_rules *out)
{
    const gb_status status = store_rules_load(ws, name, 0, out);

    if (!status && out->kind != kind) {
        const gb_status wrong = base_fail(
            ws->run->ctx, GB_ERR_ARGUMENT, "\"%s\" is of kind %s, not %s",
            name, store_rules_kind_name(out->kind),
            store_rules_kind_name(kind));

        store_rules_clear(out);
        return wrong;
    }
    return status;
}

/* ----------------------------------------------------------------- save -- */

/* The row of the name, made where it is missing; its kind never changes. */
static gb_status save_name(gb_workspace *ws, const store_rules *rules,
                           int64_t *segment_id)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "INSERT INTO segment(name, kind, title_zh, title_en) "
        "VALUES(?1, ?2, ?3, ?4) ON CONFLICT(name) DO UPDATE "
        "SET title_zh = ?3, title_en = ?4 RETURNING id, kind",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, rules->name);
    store_bind_text(st, 2, store_rules_kind_name(rules->kind));
    store_bind_text(st, 3, rules->title_zh);
    store_bind_text(st, 4, rules->title_en);
    status = store_step(ws, st, &has_row);
    if (!status) {
        *segment_id = store_column_int(st, 0);
        if (strcmp(store_column_text(st, 1),
                   store_rules_kind_name(rules->kind)) != 0)
            status = base_fail(ws->run->ctx, GB_ERR_DATA,
                               "\"%s\" exists and is of kind %s", rules->name,
                               store_column_text(st, 1));
    }
    if (!status)
        status = store_step(ws, st, &has_row);
    store_finalize(st);
    return status;
}

/* The last version of the name, if it has these very rules. */
static gb_status find_equal(gb_workspace *ws, store_rules *rules,
                            int64_t segment_id, int64_t *last)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        ws,
        "SELECT id, version, rules_json = ?2 AND is_shipped = ?3 "
        "FROM segment_version WHERE segment_id = ?1 "
        "ORDER BY version DESC LIMIT 1",
        &st);

    *last = 0;
    if (status)
        return status;
    store_bind_int(st, 1, segment_id);
    store_bind_text(st, 2, rules->json);
    store_bind_int(st, 3, rules->is_shipped);
    status = store_step(ws, st, &has_row);
    if (!status && has_row) {
        *last = store_column_int(st, 1);
        if (store_column_int(st, 2)) {
            rules->version_id = store_column_int(st, 0);
            rules->version = *last;
        }
    }
    store_finalize(st);
    return status;
}

gb_status store_rules_save(gb_workspace *ws, store_rules *rules)
{
    store_statement *st = NULL;
    int64_t segment_id = 0, last = 0;
    gb_status status;

    if (rules->version_id)
        return GB_OK;
    status = save_name(ws, rules, &segment_id);
    if (!status)
        status = find_equal(ws, rules, segment_id, &last);
    if (status || rules->version_id)
        return status;
    status = store_prepare(ws,
                           "INSERT INTO segment_version(segment_id, version, "
                           "is_shipped, rules_json) VALUES(?1, ?2, ?3, ?4)",
                           &st);
    if (status)
        return status;
    store_bind_int(st, 1, segment_id);
    store_bind_int(st, 2, last + 1);
    store_bind_int(st, 3, rules->is_shipped);
    store_bind_text(st, 4, rules->json);
    status = store_run(ws, st);
    if (!status) {
        rules->version = last + 1;
        rules->version_id = store_last_id(ws);
    }
    store_finalize(st);
    return status;
}

/* ----------------------------------------------------------------- list -- */

static int compare_names(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

static gb_status push_name(gb_context *ctx, store_rules_names *out,
                           size_t capacity, const char *name)
{
    char *copy = base_arena_alloc(&out->arena, strlen(name) + 1, 1);

    if (!copy)
        return base_fail_nomem(ctx);
    strcpy(copy, name);
    if (out->n < capacity)
        out->items[out->n++] = copy;
    return GB_OK;
}

static void drop_doubles(store_rules_names *names)
{
    size_t n = 0;

    qsort(names->items, names->n, sizeof *names->items, compare_names);
    for (size_t i = 0; i < names->n; i++) {
        if (n == 0 || strcmp(names->items[n - 1], names->items[i]) != 0)
            names->items[n++] = names->items[i];
    }
    names->n = n;
}

gb_status store_rules_list(gb_workspace *ws, store_rules_names *out)
{
    gb_context *ctx = ws->run->ctx;
    store_statement *st = NULL;
    json_t *root = NULL, *rule;
    size_t i, capacity;
    int64_t n = 0;
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    status = load_shipped(ctx, &root);
    if (!status)
        status = store_query_int(ws, "SELECT count(*) FROM segment", &n);
    if (!status)
        status = store_prepare(ws, "SELECT name FROM segment", &st);
    if (status)
        goto done;
    capacity = (size_t)n + json_array_size(json_object_get(root, "rules"));
    out->items = base_arena_alloc(&out->arena, capacity, sizeof *out->items);
    if (!out->items) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    json_array_foreach(json_object_get(root, "rules"), i, rule) {
        if (!status)
            status = push_name(ctx, out, capacity,
                               json_string_value(
                                   json_object_get(rule, "name")));
    }
    while (store_next(ws, st, &status))
        status = push_name(ctx, out, capacity, store_column_text(st, 0));
    if (!status)
        drop_doubles(out);

done:
    store_finalize(st);
    json_decref(root);
    if (status)
        store_rules_names_clear(out);
    return status;
}

void store_rules_names_clear(store_rules_names *names)
{
    if (names->arena.mem)
        base_arena_clear(&names->arena);
    memset(names, 0, sizeof *names);
}
