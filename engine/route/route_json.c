/*
 * route_json.c - see route_json.h.
 */
#include "route_json.h"

#include <stdio.h>
#include <string.h>

#include "base_near.h"
#include "base_text.h"

enum { LONGEST_KEY = 63, LONGEST_NUMBER = ROUTE_JSON_LONGEST_NUMBER };

/* ---- what is wrong ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The text of a key as it stands, cut where it is long. */
static size_t key_text(const route_json *json, uint32_t node, char *text,
                       size_t capacity)
{
    const char *from = json->bytes + json->nodes.items[node].at + 1;
    size_t n = 0;

    while (from[n] != '"' && n + 1 < capacity) {
        text[n] = from[n];
        n++;
        if (text[n - 1] == '\\' && n + 1 < capacity) {
            text[n] = from[n];
            n++;
        }
    }
    if (from[n] != '"')
        while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
            n--;
    text[n] = '\0';
    return n;
}

/* One step down towards `target`; NONE when `node` is it. */
static uint32_t step_down(const route_json *json, uint32_t node,
                          uint32_t target, char *text, size_t capacity)
{
    const bool is_object = route_json_kind_of(json, node) == ROUTE_JSON_OBJECT;
    size_t i = 0;

    for (uint32_t child = node + 1; child < json->nodes.items[node].next;
         child = json->nodes.items[child].next, i++) {
        if (target >= json->nodes.items[child].next)
            continue;
        if (is_object)
            key_text(json, child, text, capacity);
        else
            snprintf(text, capacity, "[%zu]", i);
        return is_object && target > child ? child + 1 : child;
    }
    return ROUTE_JSON_NONE;
}

gb_status route_json_wrong(const route_json *json, uint32_t node,
                           gb_status status)
{
    char path[400] = "", step[LONGEST_KEY + 1];
    size_t n = 0;

    if (status == GB_OK || status == GB_ERR_NOMEM)
        return status;
    for (uint32_t at = 0; at < node && n + sizeof step + 4 < sizeof path;) {
        at = step_down(json, at, node, step, sizeof step);
        if (at == ROUTE_JSON_NONE)
            break;
        n += (size_t)snprintf(path + n, sizeof path - n, "%s%s",
                              n > 0 && step[0] != '[' ? "." : "", step);
    }
    if (n > 0) {
        snprintf(path + n, sizeof path - n, ": ");
        base_fail_prefix(json->ctx, path);
    }
    return route_json_at(json, json->nodes.items[node].at, status);
}

gb_status route_json_missing(const route_json *json, uint32_t object,
                             const char *key)
{
    return route_json_wrong(
        json, object,
        base_fail(json->ctx, GB_ERR_DATA, "\"%s\" is missing", key));
}

gb_status route_json_need(const route_json *json, uint32_t node,
                          route_json_kind kind)
{
    gb_context *ctx = json->ctx;
    gb_status status = GB_ERR_DATA;

    if (route_json_kind_of(json, node) == kind)
        return GB_OK;
    switch (kind) {
    case ROUTE_JSON_OBJECT:
        status =
            base_fail(ctx, GB_ERR_DATA, "must be an object: {\"key\": value}");
        break;
    case ROUTE_JSON_ARRAY:
        status = base_fail(ctx, GB_ERR_DATA, "must be a list: [ ]");
        break;
    case ROUTE_JSON_STRING:
        status = base_fail(ctx, GB_ERR_DATA, "must be text in quotes");
        break;
    case ROUTE_JSON_NUMBER:
    case ROUTE_JSON_TRUE:
    case ROUTE_JSON_FALSE:
    case ROUTE_JSON_NULL:
        status = base_fail(ctx, GB_ERR_DATA, "must be a number");
        break;
    }
    return route_json_wrong(json, node, status);
}

uint32_t route_json_count(const route_json *json, uint32_t array)
{
    uint32_t n = 0;

    for (uint32_t i = route_json_first(json, array);
         i < route_json_end(json, array); i = route_json_next(json, i))
        n++;
    return n;
}

/* ---- members ---- */

bool route_json_is(const route_json *json, uint32_t node, const char *text)
{
    const char *from = json->bytes + json->nodes.items[node].at + 1;
    const size_t n = strlen(text);
    const size_t left = json->n - json->nodes.items[node].at - 1;

    return route_json_kind_of(json, node) == ROUTE_JSON_STRING && left > n
           && memcmp(from, text, n) == 0 && from[n] == '"';
}

static gb_status unknown_key(const route_json *json, uint32_t key,
                             const char *const *keys, size_t n_keys)
{
    char text[LONGEST_KEY + 1];
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    key_text(json, key, text, sizeof text);
    for (size_t k = 0; k < n_keys; k++)
        if (base_is_nearer(text, keys[k], &best))
            nearest = keys[k];
    if (nearest)
        base_fail(json->ctx, GB_ERR_DATA,
                  "there is no such key here; did you mean \"%s\"?", nearest);
    else
        base_fail(json->ctx, GB_ERR_DATA, "there is no such key here");
    return route_json_wrong(json, key, GB_ERR_DATA);
}

gb_status route_json_members(const route_json *json, uint32_t node,
                             const char *const *keys, size_t n_keys,
                             uint32_t *nodes)
{
    const gb_status status = route_json_need(json, node, ROUTE_JSON_OBJECT);

    if (status)
        return status;
    for (size_t k = 0; k < n_keys; k++)
        nodes[k] = ROUTE_JSON_NONE;
    for (uint32_t key = route_json_first(json, node);
         key < route_json_end(json, node); key = route_json_next(json, key)) {
        size_t k = 0;

        while (k < n_keys && !route_json_is(json, key, keys[k]))
            k++;
        if (k == n_keys)
            return unknown_key(json, key, keys, n_keys);
        if (nodes[k] != ROUTE_JSON_NONE)
            return route_json_wrong(json, key,
                                    base_fail(json->ctx, GB_ERR_DATA,
                                              "this key stands here twice"));
        nodes[k] = key + 1;
    }
    return GB_OK;
}

uint32_t route_json_get(const route_json *json, uint32_t object,
                        const char *key)
{
    if (route_json_kind_of(json, object) == ROUTE_JSON_OBJECT)
        for (uint32_t i = route_json_first(json, object);
             i < route_json_end(json, object); i = route_json_next(json, i))
            if (route_json_is(json, i, key))
                return i + 1;
    return ROUTE_JSON_NONE;
}

/* ---- values ---- */

/* The digits of a whole number without sign; false: it is none, or too big. */
static bool whole(const route_json *json, uint32_t node, bool *is_negative,
                  uint64_t *out)
{
    const char *c = json->bytes + json->nodes.items[node].at;
    const char *const end = json->bytes + json->n;

    *out = 0;
    *is_negative = *c == '-';
    for (c += *is_negative; c < end && is_digit(*c); c++) {
        const uint64_t digit = (uint64_t)(*c - '0');

        if (*out > (UINT64_MAX - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    return c == end || (*c != '.' && *c != 'e' && *c != 'E');
}

/* False: not a whole number in [low, high]. */
static bool take_int(const route_json *json, uint32_t node, int64_t low,
                     int64_t high, int64_t *out)
{
    bool is_negative;
    uint64_t size;

    if (route_json_kind_of(json, node) != ROUTE_JSON_NUMBER
        || !whole(json, node, &is_negative, &size) || size > INT64_MAX)
        return false;
    *out = is_negative ? -(int64_t)size : (int64_t)size;
    return *out >= low && *out <= high;
}

bool route_json_try_int(const route_json *json, uint32_t node, int64_t low,
                        int64_t high, int64_t *out)
{
    int64_t value = 0;

    if (node == ROUTE_JSON_NONE || !take_int(json, node, low, high, &value))
        return false;
    *out = value;
    return true;
}

gb_status route_json_int(const route_json *json, uint32_t node, int64_t low,
                         int64_t high, int64_t *out)
{
    int64_t value = 0;

    if (!take_int(json, node, low, high, &value))
        return route_json_wrong(json, node,
                                base_fail(json->ctx, GB_ERR_DATA,
                                          "must be a whole number from %lld "
                                          "to %lld",
                                          (long long)low, (long long)high));
    *out = value;
    return GB_OK;
}

gb_status route_json_int32(const route_json *json, uint32_t node, int64_t low,
                           int64_t high, int32_t *out)
{
    int64_t value = *out;
    const gb_status status = route_json_int(json, node, low, high, &value);

    *out = (int32_t)value;
    return status;
}

gb_status route_json_opt_int(const route_json *json, uint32_t node, int64_t low,
                             int64_t high, int64_t *out)
{
    return node == ROUTE_JSON_NONE ? GB_OK
                                   : route_json_int(json, node, low, high, out);
}

gb_status route_json_uint64(const route_json *json, uint32_t node,
                            uint64_t *out)
{
    bool is_negative;

    if (route_json_kind_of(json, node) != ROUTE_JSON_NUMBER
        || !whole(json, node, &is_negative, out) || is_negative)
        return route_json_wrong(json, node,
                                base_fail(json->ctx, GB_ERR_DATA,
                                          "must be a whole number from 0 to "
                                          "18446744073709551615"));
    return GB_OK;
}

gb_status route_json_real(const route_json *json, uint32_t node, double low,
                          double high, double *out)
{
    char text[LONGEST_NUMBER + 1], least[32], most[32];
    const char *from = json->bytes + json->nodes.items[node].at;
    const size_t left = json->n - json->nodes.items[node].at;
    size_t n = 0;

    if (route_json_kind_of(json, node) == ROUTE_JSON_NUMBER)
        while (n < left && n < LONGEST_NUMBER
               && strchr("+-.eE0123456789", from[n]) && from[n] != '\0') {
            text[n] = from[n];
            n++;
        }
    text[n] = '\0';
    if (n == 0 || !base_parse_real(text, out) || !(*out >= low)
        || !(*out <= high))
        return route_json_wrong(json, node,
                                base_fail(json->ctx, GB_ERR_DATA,
                                          "must be a number from %s to %s",
                                          base_real_text(least, low, 2),
                                          base_real_text(most, high, 2)));
    return GB_OK;
}

gb_status route_json_bool(const route_json *json, uint32_t node, bool *out)
{
    const route_json_kind kind = route_json_kind_of(json, node);

    if (kind != ROUTE_JSON_TRUE && kind != ROUTE_JSON_FALSE)
        return route_json_wrong(
            json, node,
            base_fail(json->ctx, GB_ERR_DATA, "must be true or false"));
    *out = kind == ROUTE_JSON_TRUE;
    return GB_OK;
}

/* ---- strings ---- */

static uint32_t hex4(const char *digits)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++) {
        const char c = digits[i];

        value = value * 16
                + (uint32_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

static size_t put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xe0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3f));
        to[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3f));
    to[2] = (char)(0x80 | (code >> 6 & 0x3f));
    to[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* What stands after a backslash; hands the bytes read back, 0: half a pair of
 * surrogates, or a '\0'. */
static size_t decode_escape(const char *from, char *to, size_t *n)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    uint32_t code;

    if (*from != 'u') {
        to[(*n)++] = meant[strchr(letters, *from) - letters];
        return 1;
    }
    code = hex4(from + 1);
    if (code == 0 || (code >= 0xdc00 && code < 0xe000))
        return 0;
    if (code < 0xd800 || code >= 0xe000) {
        *n += put_utf8(to + *n, code);
        return 5;
    }
    if (from[5] != '\\' || from[6] != 'u')
        return 0;
    code = (code - 0xd800) << 10;
    if (hex4(from + 7) < 0xdc00 || hex4(from + 7) >= 0xe000)
        return 0;
    *n += put_utf8(to + *n, 0x10000 + code + (hex4(from + 7) - 0xdc00));
    return 11;
}

gb_status route_json_string(const route_json *json, uint32_t node, char **out)
{
    const char *from = json->bytes + json->nodes.items[node].at + 1;
    size_t length = 0, n = 0;
    gb_status status = route_json_need(json, node, ROUTE_JSON_STRING);
    char *text;

    *out = NULL;
    if (status)
        return status;
    while (from[length] != '"')
        length += from[length] == '\\' ? 2 : 1;
    text = base_alloc_array(json->ctx->mem, length + 1, 1);
    if (!text)
        return base_fail_nomem(json->ctx);
    for (size_t i = 0; i < length;) {
        size_t taken;

        if (from[i] != '\\') {
            text[n++] = from[i++];
            continue;
        }
        taken = decode_escape(from + i + 1, text, &n);
        if (taken == 0) {
            base_free(json->ctx->mem, text);
            return route_json_wrong(
                json, node,
                base_fail(json->ctx, GB_ERR_DATA, "this \\u is no character"));
        }
        i += 1 + taken;
    }
    text[n] = '\0';
    *out = text;
    return GB_OK;
}

/* ---- matrices ---- */

static gb_status take_cell(const route_json *json, uint32_t node, int64_t high,
                           const int32_t *none, int32_t *out)
{
    const route_json_kind kind = route_json_kind_of(json, node);
    int64_t value = 0;
    gb_status status;

    if (none
        && (kind == ROUTE_JSON_NULL
            || (take_int(json, node, 0, INT64_MAX, &value) && value > high))) {
        *out = *none;
        return GB_OK;
    }
    status = route_json_int(json, node, 0, high, &value);
    *out = (int32_t)value;
    return status;
}

static gb_status take_row(const route_json *json, uint32_t row, uint32_t n,
                          int64_t high, const int32_t *none, int32_t *out)
{
    uint32_t j = 0;

    for (uint32_t i = route_json_first(json, row);
         i < route_json_end(json, row); i = route_json_next(json, i), j++) {
        const gb_status status =
            j < n ? take_cell(json, i, high, none, &out[j]) : GB_OK;

        if (status)
            return status;
    }
    return j == n ? GB_OK
                  : route_json_wrong(
                      json, row,
                      base_fail(json->ctx, GB_ERR_DATA,
                                "has %u numbers, but the matrix has %u "
                                "rows",
                                j, n));
}

gb_status route_json_matrix(const route_json *json, uint32_t node, uint32_t n,
                            int64_t high, const int32_t *none, int32_t *out)
{
    uint32_t i = 0;
    gb_status status = route_json_need(json, node, ROUTE_JSON_ARRAY);

    if (!status && route_json_count(json, node) != n)
        status = route_json_wrong(json, node,
                                  base_fail(json->ctx, GB_ERR_DATA,
                                            "has %u rows; %u are expected",
                                            route_json_count(json, node), n));
    if (status)
        return status;
    for (uint32_t row = route_json_first(json, node); !status && i < n;
         row = route_json_next(json, row), i++) {
        status = route_json_need(json, row, ROUTE_JSON_ARRAY);
        if (!status)
            status = take_row(json, row, n, high, none, out + (size_t)i * n);
    }
    return status;
}
