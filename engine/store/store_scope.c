/*
 * store_scope.c - who asks, as SQL: store_scope_parse() of store_load.h and
 * store_scope_sql() and store_scope_prepare() of store_query.h.
 */
#include "store_db.h"
#include "store_query.h"

#include <string.h>

static gb_status find_ref(gb_workspace *ws, const char *sql, const char *what,
                          const char *ref, int64_t *id)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(ws, sql, &st);

    if (status)
        return status;
    store_bind_text(st, 1, ref);
    status = store_step(ws, st, &has_row);
    if (!status && has_row)
        *id = store_column_int(st, 0);
    else if (!status)
        status = base_fail(ws->run->ctx, GB_ERR_NOT_FOUND,
                           "scope: there is no %s \"%s\"", what, ref);
    store_finalize(st);
    return status;
}

gb_status store_scope_parse(gb_workspace *ws, const char *text,
                            store_scope *out)
{
    static const struct {
        const char *prefix, *sql;
        store_scope_kind kind;
    } kinds[] = {
        { "org", "SELECT id FROM org WHERE ref = ?1", STORE_SCOPE_ORG },
        { "branch", "SELECT id FROM branch WHERE ref = ?1",
          STORE_SCOPE_BRANCH },
        { "manager", "SELECT id FROM manager WHERE ref = ?1",
          STORE_SCOPE_MANAGER },
    };

    *out = (store_scope){ STORE_SCOPE_ALL, 0 };
    if (!text || !text[0])
        return GB_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t n = strlen(kinds[i].prefix);

        if (strncmp(text, kinds[i].prefix, n) != 0 || text[n] != ':')
            continue;
        out->kind = kinds[i].kind;
        return find_ref(ws, kinds[i].sql, kinds[i].prefix, text + n + 1,
                        &out->id);
    }
    return base_fail(ws->run->ctx, GB_ERR_ARGUMENT,
                     "scope \"%s\" is none of org:REF, branch:REF and "
                     "manager:REF",
                     text);
}

void store_scope_sql(base_text *sql, const char *alias, store_scope scope)
{
    const long long id = (long long)scope.id;

    switch (scope.kind) {
    case STORE_SCOPE_ORG:
        base_text_format(
            sql,
            " AND (%s.branch_id IN (SELECT sb.id FROM main.branch sb "
            "WHERE sb.org_id IN (WITH RECURSIVE below(id) AS ("
            "SELECT %lld UNION SELECT so.id FROM main.org so "
            "JOIN below ON so.parent_id = below.id) SELECT id FROM below)))",
            alias, id);
        break;
    case STORE_SCOPE_BRANCH:
        base_text_format(sql, " AND (%s.branch_id = %lld)", alias, id);
        break;
    case STORE_SCOPE_MANAGER:
        base_text_format(sql, " AND (%s.manager_id = %lld)", alias, id);
        break;
    case STORE_SCOPE_CREW:
        base_text_format(sql,
                         " AND (%s.manager_id IN (SELECT sm.id FROM "
                         "main.manager sm WHERE sm.branch_id = %lld))",
                         alias, id);
        break;
    default:
        break;
    }
}

gb_status store_scope_prepare(gb_workspace *ws, const char *head,
                              const char *alias, store_scope scope,
                              const char *tail, store_statement **out)
{
    base_text sql;
    gb_status status;

    base_text_init(&sql, ws->mem);
    base_text_add(&sql, head);
    store_scope_sql(&sql, alias, scope);
    base_text_add(&sql, tail);
    status = sql.is_short ? base_fail_nomem(ws->run->ctx)
                          : store_prepare(ws, sql.chars, out);
    base_text_clear(&sql);
    return status;
}
