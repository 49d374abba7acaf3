/*
 * route_json_parse.c - from text to the tape; see route_json.h.
 */
#include "route_json.h"

#include <stdio.h>
#include <string.h>

#include "base_text.h"

enum { DEEPEST = 32, LONGEST_NUMBER = ROUTE_JSON_LONGEST_NUMBER };
static const size_t MOST_NODES = (size_t)1 << 29;

typedef struct parser {
    route_json *json;
    size_t at;
    uint32_t open[DEEPEST]; /* containers that we are in */
    size_t depth;
} parser;

/* ---- where ---- */

static void find_line(const route_json *json, size_t at, size_t *line,
                      size_t *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at && i < json->n; i++) {
        if (json->bytes[i] == '\n') {
            (*line)++;
            *column = 1;
        } else if ((json->bytes[i] & 0xc0) != 0x80) {
            (*column)++;
        }
    }
}

static const char *short_name(const char *name)
{
    const size_t n = strlen(name);

    return n > 200 ? name + n - 200 : name;
}

gb_status route_json_at(const route_json *json, size_t at, gb_status status)
{
    char prefix[256];
    size_t line, column;

    find_line(json, at, &line, &column);
    snprintf(prefix, sizeof prefix, "%s:%zu:%zu: ", short_name(json->name),
             line, column);
    base_fail_prefix(json->ctx, prefix);
    return status;
}

/* ---- the text, whole ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static char now(const parser *p)
{
    return p->at < p->json->n ? p->json->bytes[p->at] : '\0';
}

static bool is_at_end(const parser *p)
{
    return p->at >= p->json->n;
}

static void skip_space(parser *p)
{
    while (!is_at_end(p) && is_space(now(p)))
        p->at++;
}

static gb_status broken(const parser *p, const char *what)
{
    gb_context *ctx = p->json->ctx;
    const char *said = base_lang_text(ctx->lang, what);

    if (is_at_end(p))
        base_fail(ctx, GB_ERR_PARSE, "%s, but the text ends here", said);
    else if ((unsigned char)now(p) > ' ' && (unsigned char)now(p) < 0x7f)
        base_fail(ctx, GB_ERR_PARSE, "%s, but here is \"%c\"", said, now(p));
    else
        base_fail(ctx, GB_ERR_PARSE, "%s, but here is byte 0x%02x", said,
                  (unsigned)(unsigned char)now(p));
    return route_json_at(p->json, p->at, GB_ERR_PARSE);
}

static gb_status read_string(parser *p)
{
    p->at++;
    for (;; p->at++) {
        const char c = now(p);

        if (is_at_end(p) || (unsigned char)c < ' ')
            return broken(p, GB_N("a string must be closed by a quote"));
        if (c == '"')
            break;
        if (c != '\\')
            continue;
        p->at++;
        if (now(p) == 'u') {
            for (int i = 0; i < 4; i++) {
                p->at++;
                if (!is_hex(now(p)))
                    return broken(p, GB_N("\\u takes four hex digits"));
            }
        } else if (is_at_end(p) || !strchr("\"\\/bfnrt", now(p))
                   || now(p) == '\0') {
            return broken(p, GB_N("unknown escape in a string"));
        }
    }
    p->at++;
    return GB_OK;
}

static gb_status read_digits(parser *p)
{
    if (!is_digit(now(p)))
        return broken(p, GB_N("a digit is expected"));
    while (is_digit(now(p)))
        p->at++;
    return GB_OK;
}

static gb_status read_number(parser *p)
{
    const size_t from = p->at;
    gb_status status = GB_OK;

    if (now(p) == '-')
        p->at++;
    if (now(p) == '0')
        p->at++;
    else
        status = read_digits(p);
    if (!status && now(p) == '.') {
        p->at++;
        status = read_digits(p);
    }
    if (!status && (now(p) == 'e' || now(p) == 'E')) {
        p->at++;
        if (now(p) == '+' || now(p) == '-')
            p->at++;
        status = read_digits(p);
    }
    if (!status && p->at - from > LONGEST_NUMBER) {
        p->at = from;
        return broken(p, GB_N("a number has too many digits"));
    }
    return status;
}

static gb_status read_word(parser *p, const char *word)
{
    const size_t n = strlen(word);

    if (p->json->n - p->at < n || memcmp(p->json->bytes + p->at, word, n) != 0)
        return broken(p, GB_N("a value is expected"));
    p->at += n;
    return GB_OK;
}

static gb_status add_node(parser *p, route_json_kind kind, uint32_t *index)
{
    route_json *json = p->json;
    route_json_node node = { 0 };

    if (json->nodes.n >= MOST_NODES - 1)
        return base_fail(json->ctx, GB_ERR_PARSE, "%s: too many values",
                         json->name);
    node.at = (uint32_t)p->at;
    node.kind = kind;
    *index = (uint32_t)json->nodes.n;
    return base_array_push(json->ctx->mem, &json->nodes, node)
               ? GB_OK
               : base_fail_nomem(json->ctx);
}

static void close_node(parser *p, uint32_t index)
{
    p->json->nodes.items[index].next = (uint32_t)p->json->nodes.n & 0x1fffffffu;
}

static gb_status read_leaf(parser *p, route_json_kind kind)
{
    switch (kind) {
    case ROUTE_JSON_STRING:
        return read_string(p);
    case ROUTE_JSON_NUMBER:
        return read_number(p);
    case ROUTE_JSON_TRUE:
        return read_word(p, "true");
    case ROUTE_JSON_FALSE:
        return read_word(p, "false");
    case ROUTE_JSON_NULL:
        return read_word(p, "null");
    case ROUTE_JSON_OBJECT:
    case ROUTE_JSON_ARRAY:
        break;
    }
    return GB_OK;
}

/* Of a value that begins here; false: none does. */
static bool kind_here(const parser *p, route_json_kind *kind)
{
    switch (now(p)) {
    case '{':
        *kind = ROUTE_JSON_OBJECT;
        return true;
    case '[':
        *kind = ROUTE_JSON_ARRAY;
        return true;
    case '"':
        *kind = ROUTE_JSON_STRING;
        return true;
    case 't':
        *kind = ROUTE_JSON_TRUE;
        return true;
    case 'f':
        *kind = ROUTE_JSON_FALSE;
        return true;
    case 'n':
        *kind = ROUTE_JSON_NULL;
        return true;
    default:
        *kind = ROUTE_JSON_NUMBER;
    }
    return now(p) == '-' || is_digit(now(p));
}

/* A value, or the head of a container, which then is open. */
static gb_status read_value(parser *p)
{
    route_json_kind kind;
    uint32_t index;
    gb_status status;

    skip_space(p);
    if (!kind_here(p, &kind))
        return broken(p, GB_N("a value is expected"));
    if (kind <= ROUTE_JSON_ARRAY && p->depth == DEEPEST)
        return broken(p, GB_N("too many levels"));
    status = add_node(p, kind, &index);
    if (status)
        return status;
    if (kind <= ROUTE_JSON_ARRAY) {
        p->open[p->depth++] = index;
        p->at++;
        return GB_OK;
    }
    status = read_leaf(p, kind);
    close_node(p, index);
    return status;
}

static gb_status read_key(parser *p)
{
    uint32_t index;
    gb_status status;

    skip_space(p);
    if (now(p) != '"')
        return broken(p, GB_N("a key in quotes is expected"));
    status = add_node(p, ROUTE_JSON_STRING, &index);
    if (!status)
        status = read_string(p);
    if (status)
        return status;
    skip_space(p);
    if (now(p) != ':')
        return broken(p, GB_N("a colon is expected after the key"));
    p->at++;
    return GB_OK;
}

/* Keys are closed with their value: their `next` is the value's. */
static void close_keys(route_json *json, uint32_t object)
{
    for (uint32_t i = object + 1; i < json->nodes.n;
         i = json->nodes.items[i].next)
        json->nodes.items[i].next = json->nodes.items[i + 1].next;
}

/* Behind a value or an opening: closes what ends here, until a value is due. */
static gb_status read_on(parser *p, bool is_opened, bool *is_done)
{
    for (;; is_opened = false) {
        uint32_t container;
        bool is_object;

        skip_space(p);
        if (p->depth == 0) {
            *is_done = true;
            return is_at_end(p)
                       ? GB_OK
                       : broken(p, GB_N("nothing may follow the value"));
        }
        container = p->open[p->depth - 1];
        is_object = route_json_kind_of(p->json, container) == ROUTE_JSON_OBJECT;
        if (now(p) == (is_object ? '}' : ']')) {
            p->at++;
            p->depth--;
            if (is_object)
                close_keys(p->json, container);
            close_node(p, container);
            continue;
        }
        if (!is_opened && now(p) != ',')
            return broken(p, is_object ? GB_N("a comma or } is expected")
                                       : GB_N("a comma or ] is expected"));
        p->at += !is_opened;
        return is_object ? read_key(p) : GB_OK;
    }
}

bool route_json_is_meant(const char *bytes, size_t n)
{
    size_t i = 0;

    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        i = 3;
    while (i < n && is_space(bytes[i]))
        i++;
    return i < n && bytes[i] == '{';
}

gb_status route_json_parse(gb_context *ctx, const char *name, const char *bytes,
                           size_t n, route_json *out)
{
    parser p = { out, 0, { 0 }, 0 };
    bool is_done = false;
    gb_status status = GB_OK;

    memset(out, 0, sizeof *out);
    out->ctx = ctx;
    out->name = name;
    out->bytes = bytes;
    out->n = n;
    if (n >= UINT32_MAX)
        return base_fail(ctx, GB_ERR_PARSE, "%s: longer than 4 GB", name);
    if (!base_is_utf8(bytes, n))
        return base_fail(ctx, GB_ERR_PARSE, "%s: not UTF-8", name);
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        p.at = 3;
    while (!status && !is_done) {
        const size_t depth = p.depth;

        status = read_value(&p);
        if (!status)
            status = read_on(&p, p.depth > depth, &is_done);
    }
    if (status)
        route_json_clear(out);
    return status;
}

void route_json_clear(route_json *json)
{
    if (json->ctx)
        base_array_clear(json->ctx->mem, &json->nodes);
}
