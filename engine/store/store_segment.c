/*
 * store_segment.c - list, show, define, preview, and the reasons of one
 * customer: all that reads rules and facts and stores no members.
 */
#include "store_segment.h"

#include "base_check.h"

#include <string.h>

/* ------------------------------------------------------------ waterfall -- */

int8_t store_waterfall_count(store_waterfall *w, const int8_t *values)
{
    bool is_out = false, is_unknown = false;

    w->n_seen++;
    for (size_t i = 0; i < w->n; i++) {
        w->alone[i] += values[i] == STORE_YES;
        if (is_out)
            continue;
        if (values[i] == STORE_NO) {
            is_out = true;
            w->dropped[i]++;
            continue;
        }
        is_unknown |= values[i] == STORE_UNKNOWN;
        if (is_unknown)
            w->unknown[i]++;
        else
            w->kept[i]++;
    }
    return is_out ? STORE_NO : is_unknown ? STORE_UNKNOWN : STORE_YES;
}

int64_t store_waterfall_kept(const store_waterfall *w)
{
    return w->n > 0 ? w->kept[w->n - 1] : w->n_seen;
}

int64_t store_waterfall_unknown(const store_waterfall *w)
{
    return w->n > 0 ? w->unknown[w->n - 1] : 0;
}

static void text_member(base_text *json, const char *key, const char *text)
{
    base_text_format(json, ", \"%s\": ", key);
    base_text_json(json, text);
}

void store_waterfall_json(const store_waterfall *w, base_text *json)
{
    base_text_add(json, "[");
    for (size_t i = 0; i < w->n; i++) {
        const store_rule *rule
            = w->rules && i < w->rules->n ? &w->rules->items[i] : NULL;

        base_text_add(json, i ? ", {\"name\": " : "{\"name\": ");
        base_text_json(json, rule ? rule->name : "where");
        text_member(json, "title_zh", rule ? rule->title_zh : "");
        text_member(json, "title_en", rule ? rule->title_en : "");
        text_member(json, "sql", rule ? rule->sql : w->where);
        base_text_format(json,
                         ", \"kept\": %lld, \"unknown\": %lld, "
                         "\"dropped\": %lld, \"alone\": %lld}",
                         (long long)w->kept[i], (long long)w->unknown[i],
                         (long long)w->dropped[i], (long long)w->alone[i]);
    }
    base_text_add(json, "]");
}

gb_status store_refs_json(gb_workspace *ws, store_statement *st,
                          const char *key, base_text *json)
{
    bool is_first = true;
    gb_status status = GB_OK;

    base_text_format(json, ", \"%s\": [", key);
    while (store_next(ws, st, &status)) {
        base_text_add(json, is_first ? "" : ", ");
        base_text_json(json, store_column_text(st, 0));
        is_first = false;
    }
    base_text_add(json, "]");
    return status;
}

/* ------------------------------------------------- list, show and define -- */

static gb_status list_runs(gb_workspace *ws, const char *name, base_text *json)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        ws,
        "SELECT r.as_of FROM segment_run r "
        "JOIN segment_version v ON v.id = r.segment_version_id "
        "JOIN segment s ON s.id = v.segment_id "
        "WHERE s.name = ?1 ORDER BY r.as_of",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, name);
    status = store_refs_json(ws, st, "runs", json);
    store_finalize(st);
    return status;
}

static void describe(const store_rules *rules, base_text *json)
{
    base_text_add(json, "{\"name\": ");
    base_text_json(json, rules->name);
    text_member(json, "kind", store_rules_kind_name(rules->kind));
    base_text_format(json, ", \"version\": %lld, \"shipped\": %s",
                     (long long)rules->version,
                     rules->is_shipped ? "true" : "false");
    text_member(json, "title_zh", rules->title_zh);
    text_member(json, "title_en", rules->title_en);
}

gb_status store_segment_list(gb_workspace *ws, store_answer *answer)
{
    store_rules_names names;
    gb_status status = store_rules_list(ws, &names);

    if (status)
        return status;
    base_text_add(&answer->json, "{\"rules\": [");
    for (size_t i = 0; i < names.n && !status; i++) {
        store_rules rules;

        status = store_rules_load(ws, names.items[i], 0, &rules);
        if (status)
            break;
        base_text_add(&answer->json, i ? ",\n " : "\n ");
        describe(&rules, &answer->json);
        base_text_format(&answer->json, ", \"clauses\": %zu", rules.n);
        status = list_runs(ws, rules.name, &answer->json);
        base_text_add(&answer->json, "}");
        store_rules_clear(&rules);
        answer->kept++;
    }
    base_text_add(&answer->json, "]}");
    store_rules_names_clear(&names);
    return status;
}

gb_status store_segment_facts(gb_context *ctx, store_answer *answer)
{
    base_text *json = &answer->json;

    (void)ctx;
    base_text_add(json, "{\"columns\": [");
    for (size_t i = 0; i < store_n_facts; i++) {
        const store_fact *fact = &store_facts_table[i];

        base_text_add(json, i ? ",\n {\"name\": " : "\n {\"name\": ");
        base_text_json(json, fact->name);
        text_member(json, "type", fact->type);
        text_member(json, "unit", fact->unit);
        text_member(json, "title_zh", fact->title_zh);
        text_member(json, "title_en", fact->title_en);
        base_text_add(json, "}");
        answer->kept++;
    }
    base_text_add(json, "],\n\"functions\": [");
    for (size_t i = 0, n = 0; i < store_n_functions; i++) {
        const store_function *function = &store_functions_table[i];

        if (function->is_hidden)
            continue;
        base_text_add(json, n++ ? ",\n {\"name\": " : "\n {\"name\": ");
        base_text_json(json, function->name);
        text_member(json, "usage", function->usage);
        text_member(json, "title_zh", function->title_zh);
        text_member(json, "title_en", function->title_en);
        base_text_add(json, "}");
    }
    base_text_add(json, "]}");
    return GB_OK;
}

gb_status store_segment_show(gb_workspace *ws, const char *name,
                             uint32_t version, store_answer *answer)
{
    store_rules rules;
    const gb_status status = store_rules_load(ws, name, version, &rules);

    if (status)
        return status;
    describe(&rules, &answer->json);
    base_text_format(&answer->json, ", \"rules\": %s}", rules.json);
    answer->kept = (int64_t)rules.n;
    store_rules_clear(&rules);
    return GB_OK;
}

/* A name keeps its kind, that of a shipped one too. */
static gb_status check_kind(gb_workspace *ws, const store_rules *rules)
{
    store_rules there;
    gb_status status = store_rules_load(ws, rules->name, 0, &there);

    if (status == GB_ERR_NOT_FOUND) {
        base_enter(ws->run->ctx);
        return GB_OK;
    }
    if (status)
        return status;
    if (there.kind != rules->kind)
        status = base_fail(ws->run->ctx, GB_ERR_DATA,
                           "\"%s\" exists and is of kind %s", rules->name,
                           store_rules_kind_name(there.kind));
    store_rules_clear(&there);
    return status;
}

gb_status store_segment_define(gb_workspace *ws, const char *json,
                               store_answer *answer)
{
    store_rules rules;
    gb_status status = store_rules_parse(ws->run->ctx, json, &rules);

    if (status)
        return status;
    status = check_kind(ws, &rules);
    if (!status)
        status = store_rules_check(ws, &rules);
    if (!status)
        status = store_begin(ws);
    if (!status)
        status = store_end(ws, store_rules_save(ws, &rules));
    if (!status) {
        describe(&rules, &answer->json);
        base_text_add(&answer->json, "}");
        answer->kept = (int64_t)rules.n;
    }
    store_rules_clear(&rules);
    return status;
}

/* -------------------------------------------------------------- preview -- */

typedef struct preview {
    store_waterfall waterfall;
    base_mem *mem;
    gb_context *ctx;
    size_t limit;
    BASE_ARRAY(int64_t) listed;
} preview;

static gb_status preview_row(void *user, int64_t customer,
                             const int8_t *values)
{
    preview *p = user;

    if (store_waterfall_count(&p->waterfall, values) != STORE_YES
        || p->listed.n >= p->limit)
        return GB_OK;
    if (!base_array_push(p->mem, &p->listed, customer))
        return base_fail_nomem(p->ctx);
    return GB_OK;
}

static gb_status list_customers(gb_workspace *ws, const int64_t *ids, size_t n,
                                const char *key, base_text *json)
{
    store_statement *st = NULL;
    gb_status status
        = store_prepare(ws, "SELECT ref FROM customer WHERE id = ?1", &st);

    base_text_format(json, ", \"%s\": [", key);
    for (size_t i = 0; i < n && !status; i++) {
        bool has_row;

        store_bind_int(st, 1, ids[i]);
        status = store_step(ws, st, &has_row);
        if (!status && has_row) {
            base_text_add(json, i ? ", " : "");
            base_text_json(json, store_column_text(st, 0));
            store_reset(st);
        }
    }
    base_text_add(json, "]");
    store_finalize(st);
    return status;
}

static gb_status preview_scan(gb_workspace *ws, const store_ask *ask,
                              const store_rules *rules, preview *p,
                              base_text *remarks)
{
    store_clause clauses[STORE_MAX_RULES + 1];
    store_facts *facts = NULL;
    size_t n = 0;
    gb_status status;

    for (; rules && n < rules->n; n++)
        clauses[n] = (store_clause){ rules->items[n].name,
                                     rules->items[n].sql };
    if (ask->where)
        clauses[n++] = (store_clause){ "where", ask->where };
    p->waterfall.n = n;
    status = store_facts_open(ws, ask->as_of, ask->scope, 0, &facts);
    if (!status)
        status = store_facts_compile(facts, clauses, n);
    if (!status) {
        base_run_phase(ws->run, GB_N("looking at customers"), 0, 1,
                       (uint64_t)store_facts_n(facts));
        status = store_facts_scan(facts, preview_row, p);
    }
    if (!status)
        base_text_format(remarks, ", \"remarks\": [%s]",
                         store_facts_remarks(facts));
    store_facts_close(facts);
    return status;
}

gb_status store_segment_preview(gb_workspace *ws, const store_ask *ask,
                                store_answer *answer)
{
    preview p = { .mem = ws->mem, .ctx = ws->run->ctx, .limit = ask->limit };
    store_rules rules = { 0 };
    base_text remarks;
    gb_status status = GB_OK;

    base_text_init(&remarks, ws->mem);
    if (ask->name)
        status = store_rules_load_kind(ws, ask->name, STORE_RULES_SEGMENT,
                                       &rules);
    p.waterfall.rules = ask->name ? &rules : NULL;
    p.waterfall.where = ask->where;
    if (!status)
        status = preview_scan(ws, ask, p.waterfall.rules, &p, &remarks);
    if (!status) {
        answer->seen = p.waterfall.n_seen;
        answer->kept = store_waterfall_kept(&p.waterfall);
        answer->unknown = store_waterfall_unknown(&p.waterfall);
        base_text_add(&answer->json, "{\"name\": ");
        base_text_json(&answer->json, ask->name ? ask->name : "where");
        text_member(&answer->json, "as_of", ask->as_of);
        base_text_format(&answer->json,
                         ", \"customers\": %lld, \"members\": %lld, "
                         "\"unknown\": %lld, \"clauses\": ",
                         (long long)answer->seen, (long long)answer->kept,
                         (long long)answer->unknown);
        store_waterfall_json(&p.waterfall, &answer->json);
        status = list_customers(ws, p.listed.items, p.listed.n, "listed",
                                &answer->json);
        base_text_append(&answer->json, remarks.chars ? remarks.chars : "",
                         remarks.n);
        answer->json.is_short |= remarks.is_short;
        base_text_add(&answer->json, "}");
    }
    base_array_clear(ws->mem, &p.listed);
    store_rules_clear(&rules);
    base_text_clear(&remarks);
    return status;
}

/* -------------------------------------------------------------- reasons -- */

typedef struct reasons {
    int8_t values[STORE_MAX_CLAUSES];
    size_t n;
    bool is_seen;
} reasons;

static gb_status reasons_row(void *user, int64_t customer,
                             const int8_t *values)
{
    reasons *r = user;

    (void)customer;
    memcpy(r->values, values, r->n);
    r->is_seen = true;
    return GB_OK;
}

static gb_status facts_json(gb_workspace *ws, store_facts *facts,
                            base_text *json)
{
    const uint64_t mentions = store_facts_mentions(facts);
    bool is_first = true;
    gb_status status = GB_OK;

    base_text_add(json, ", \"facts\": {");
    for (size_t i = 0; i < store_n_facts && !status; i++) {
        const char *type = store_facts_table[i].type;
        char *value = NULL;

        if (!(mentions & (uint64_t)1 << i))
            continue;
        status = store_facts_value(facts, i, &value);
        base_text_format(json, "%s\"%s\": ", is_first ? "" : ", ",
                         store_facts_table[i].name);
        is_first = false;
        if (!value)
            base_text_add(json, "null");
        else if (strcmp(type, "integer") == 0 || strcmp(type, "flag") == 0)
            base_text_add(json, value);
        else
            base_text_json(json, value);
        base_free(ws->mem, value);
    }
    base_text_add(json, "}");
    return status;
}

static gb_status find_customer(gb_workspace *ws, const store_ask *ask,
                               const char *ref, int64_t *id)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_scope_prepare(
        ws, "SELECT c.id FROM customer c WHERE c.ref = ?1", "c", ask->scope,
        "", &st);

    if (status)
        return status;
    store_bind_text(st, 1, ref);
    status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *id = store_column_int(st, 0);
    else if (!status)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "there is no customer \"%s\" in this scope", ref);
    store_finalize(st);
    return status;
}

/* The clauses with their truth, and which one decides. */
static void clauses_json(const store_rules *rules, const reasons *r,
                         store_answer *answer)
{
    base_text *json = &answer->json;
    const store_rule *first = NULL;
    bool is_member = true, is_unknown = false;

    base_text_add(json, ", \"clauses\": [");
    for (size_t i = 0; i < rules->n; i++) {
        const store_rule *rule = &rules->items[i];
        const int8_t value = r->values[i];

        base_text_add(json, i ? ", {\"name\": " : "{\"name\": ");
        base_text_json(json, rule->name);
        text_member(json, "title_zh", rule->title_zh);
        text_member(json, "title_en", rule->title_en);
        text_member(json, "sql", rule->sql);
        base_text_format(json, ", \"holds\": %s}",
                         value == STORE_YES  ? "true"
                         : value == STORE_NO ? "false" : "null");
        is_member &= value != STORE_NO;
        is_unknown |= value == STORE_UNKNOWN;
        if (!first && value == STORE_YES)
            first = rule;
    }
    base_text_add(json, "]");
    if (rules->kind == STORE_RULES_SEGMENT) {
        base_text_format(json, ", \"member\": %s",
                         !is_member ? "false" : is_unknown ? "null" : "true");
        answer->kept = is_member && !is_unknown;
        answer->unknown = is_member && is_unknown;
        return;
    }
    text_member(json, "decided_by", first ? first->name : "");
    text_member(json, "grade", first ? first->grade : "");
    text_member(json, "channel", first ? first->channel : "");
    answer->kept = first != NULL;
}

static gb_status look_at(gb_workspace *ws, const store_ask *ask,
                         const store_rules *rules, int64_t customer,
                         store_answer *answer)
{
    store_clause clauses[STORE_MAX_RULES];
    reasons r = { .n = rules->n };
    store_facts *facts = NULL;
    gb_status status;

    for (size_t i = 0; i < rules->n; i++)
        clauses[i] = (store_clause){ rules->items[i].name,
                                     rules->items[i].sql };
    status = store_facts_open(ws, ask->as_of, ask->scope, customer, &facts);
    if (!status)
        status = store_facts_compile(facts, clauses, rules->n);
    if (!status)
        status = store_facts_scan(facts, reasons_row, &r);
    if (!status && !r.is_seen)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "customer %lld is gone", (long long)customer);
    if (!status) {
        answer->seen = 1;
        clauses_json(rules, &r, answer);
        status = facts_json(ws, facts, &answer->json);
    }
    store_facts_close(facts);
    return status;
}

gb_status store_segment_reasons(gb_workspace *ws, const store_ask *ask,
                                const char *customer_ref,
                                store_answer *answer)
{
    store_rules rules;
    int64_t customer = 0;
    gb_status status = store_rules_load(ws, ask->name, 0, &rules);

    if (status)
        return status;
    status = find_customer(ws, ask, customer_ref, &customer);
    if (!status) {
        base_text_add(&answer->json, "{\"customer\": ");
        base_text_json(&answer->json, customer_ref);
        text_member(&answer->json, "name", rules.name);
        text_member(&answer->json, "as_of", ask->as_of);
        status = look_at(ws, ask, &rules, customer, answer);
        base_text_add(&answer->json, "}");
    }
    store_rules_clear(&rules);
    return status;
}
