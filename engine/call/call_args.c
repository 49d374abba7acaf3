/*
 * call_args.c - parameters as they come, checked and brought into one form.
 *
 * The command line hands every value over as text, a program as JSON of the
 * right type; both go through here, so both get the same checks and words.
 */
#include "call_door.h"

#include <string.h>

static const int64_t DAY_S = 86400;

const call_param call_common_params[] = {
    { .name = "seed", .type = CALL_INT, .min = 0, .max = INT64_MAX,
      .help = GB_N("the seed of all chance") },
    { .name = "threads", .type = CALL_INT, .min = 1, .max = 1024,
      .help = GB_N("how many threads may compute; the result is the same") },
    { .name = "time_limit", .type = CALL_DURATION,
      .help = GB_N("stop searching after this time, with the best so far") },
    { .name = "iterations", .type = CALL_INT, .min = 1, .max = INT64_MAX,
      .help = GB_N("stop searching after so many rounds; repeatable") },
};
const size_t call_n_common_params = COUNT_OF(call_common_params);

const char *call_type_name(call_type type)
{
    static const char *const names[]
        = { "text", "int",  "real", "bool", "date", "duration",
            "ratio", "path", "enum", "list", "lonlat",
            "bbox", "document" };

    return names[type];
}

static const call_param *find_param(const call_param *params, size_t n,
                                    const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(params[i].name, name) == 0)
            return &params[i];
    return NULL;
}

/* "", or "; did you mean "as_of"?" into the buffer. */
static gb_status unknown_param(call *c, const char *name)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < c->method->n_params; i++)
        if (base_is_nearer(name, c->method->params[i].name, &best))
            nearest = c->method->params[i].name;
    for (size_t i = 0; i < call_n_common_params; i++)
        if (base_is_nearer(name, call_common_params[i].name, &best))
            nearest = call_common_params[i].name;
    if (nearest)
        call_note(c, GB_N("did you mean \"%s\"?"), nearest);
    return base_fail(c->ctx, GB_ERR_ARGUMENT,
                     "%s has no parameter \"%.64s\"", c->method->name, name);
}

/* The value as it was given, short enough for a message. */
static const char *shown(const json_t *value, char buffer[80])
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        size_t n = strlen(text) < 60 ? strlen(text) : 60;

        while (n > 0 && ((unsigned char)text[n] & 0xC0u) == 0x80u)
            n--; /* not in the middle of a character */
        memcpy(buffer, text, n);
        buffer[n] = '\0';
    } else {
        const size_t n
            = json_dumpb(value, buffer, 60, JSON_ENCODE_ANY | JSON_COMPACT
                                                | JSON_REAL_PRECISION(15));

        buffer[n < 60 ? n : 0] = '\0';
    }
    return buffer;
}

static gb_status refuse(call *c, const call_param *p, const json_t *value,
                        const char *expected)
{
    char buffer[80];

    return base_fail(c->ctx, GB_ERR_ARGUMENT,
                     "%s = \"%s\": %s expected", p->name,
                     shown(value, buffer),
                     base_lang_text(c->ctx->lang, expected));
}

static gb_status out_of_range(call *c, const call_param *p,
                              const json_t *value)
{
    char buffer[80];

    return base_fail(c->ctx, GB_ERR_ARGUMENT,
                     "%s = %s is not within %lld to %lld", p->name,
                     shown(value, buffer), (long long)p->min,
                     (long long)p->max);
}

static gb_status take_text(call *c, const call_param *p, const json_t *value,
                           json_t **out)
{
    if (!json_is_string(value) || json_string_length(value) == 0)
        return refuse(c, p, value, GB_N("a text"));
    *out = json_string(json_string_value(value));
    return GB_OK;
}

static gb_status take_int(call *c, const call_param *p, const json_t *value,
                          json_t **out)
{
    int64_t number;

    if (json_is_integer(value))
        number = json_integer_value(value);
    else if (!json_is_string(value)
             || !base_parse_int(json_string_value(value), &number))
        return refuse(c, p, value, GB_N("a whole number"));
    if (p->min < p->max && (number < p->min || number > p->max))
        return out_of_range(c, p, value);
    *out = json_integer(number);
    return GB_OK;
}

static gb_status take_real(call *c, const call_param *p, const json_t *value,
                           json_t **out)
{
    double number;

    if (json_is_number(value))
        number = json_number_value(value);
    else if (!json_is_string(value)
             || !base_parse_real(json_string_value(value), &number))
        return refuse(c, p, value, GB_N("a number"));
    if (p->min < p->max
        && !(number >= (double)p->min && number <= (double)p->max))
        return out_of_range(c, p, value);
    *out = json_real(number);
    return GB_OK;
}

static gb_status take_bool(call *c, const call_param *p, const json_t *value,
                           json_t **out)
{
    static const char *const yes[] = { "true", "1", "yes" };
    static const char *const no[] = { "false", "0", "no" };
    const char *text = json_string_value(value);

    if (json_is_boolean(value)) {
        *out = json_boolean(json_is_true(value));
        return GB_OK;
    }
    for (size_t i = 0; text && i < COUNT_OF(yes); i++)
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *out = json_boolean(strcmp(text, yes[i]) == 0);
            return GB_OK;
        }
    return refuse(c, p, value, GB_N("true or false"));
}

/* Digits only, all of `n` of them. */
static bool read_digits(const char *text, size_t n, int *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

static bool is_date(const char *text)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30,
                                31, 31, 30, 31, 30, 31 };
    int y, m, d;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-'
        || !read_digits(text, 4, &y) || !read_digits(text + 5, 2, &m)
        || !read_digits(text + 8, 2, &d))
        return false;
    if (y < 1900 || m < 1 || m > 12 || d < 1)
        return false;
    return d <= days[m - 1]
                    + (m == 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0));
}

static gb_status take_date(call *c, const call_param *p, const json_t *value,
                           json_t **out)
{
    if (!json_is_string(value) || !is_date(json_string_value(value)))
        return refuse(c, p, value, GB_N("a date as 2026-03-02"));
    *out = json_string(json_string_value(value));
    return GB_OK;
}

static bool read_duration(const char *text, int64_t *out)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 },
                  { 'd', 86400 }, { 'w', 7 * 86400 } };
    const size_t n = strlen(text);
    int64_t factor = 1;
    char digits[24];

    if (n == 0 || n >= sizeof digits)
        return false;
    memcpy(digits, text, n + 1);
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (text[n - 1] == units[i].letter) {
            factor = units[i].seconds;
            digits[n - 1] = '\0';
        }
    if (!base_parse_int(digits, out) || *out < 0
        || *out > 36525 * DAY_S / factor) /* a hundred years */
        return false;
    *out *= factor;
    return true;
}

/* A limit of time may also be 0.5 or 30.0: programs print it so. */
static bool take_fraction(const call_param *p, const json_t *value,
                          json_t **out)
{
    const char *text = json_string_value(value);
    double seconds = -1;

    if (strcmp(p->name, "time_limit") != 0)
        return false;
    if (json_is_real(value))
        seconds = json_real_value(value);
    else if (!text || !strchr(text, '.') || !base_parse_real(text, &seconds))
        return false;
    if (!(seconds >= 0 && seconds <= 36525.0 * (double)DAY_S))
        return false;
    *out = json_real(seconds);
    return true;
}

static gb_status take_duration(call *c, const call_param *p,
                               const json_t *value, json_t **out)
{
    int64_t seconds = -1;

    if (take_fraction(p, value, out))
        return GB_OK;
    if (json_is_integer(value))
        seconds = json_integer_value(value);
    else if (json_is_string(value)
             && !read_duration(json_string_value(value), &seconds))
        seconds = -1;
    if (seconds < 0 || seconds > 36525 * DAY_S)
        return refuse(c, p, value, GB_N("a duration as 90s, 30m, 2h, 30d"));
    *out = json_integer(seconds);
    return GB_OK;
}

static gb_status take_ratio(call *c, const call_param *p, const json_t *value,
                            json_t **out)
{
    const char *text = json_string_value(value);
    double ratio = -1.0;
    char digits[32];
    size_t n;

    if (json_is_number(value)) {
        ratio = json_number_value(value);
    } else if (text && (n = strlen(text)) > 0 && n < sizeof digits) {
        const bool is_percent = text[n - 1] == '%';

        memcpy(digits, text, n + 1);
        if (is_percent)
            digits[n - 1] = '\0';
        if (!base_parse_real(digits, &ratio))
            ratio = -1.0;
        else if (is_percent)
            ratio /= 100.0;
    }
    if (!(ratio >= 0.0 && ratio <= 1.0))
        return refuse(c, p, value, GB_N("a share as 0.05 or 5%"));
    *out = json_real(ratio);
    return GB_OK;
}

/* The n-th of "a|b|c" into the buffer; false past the end. */
static bool choice_at(const char *choices, size_t n, char out[64])
{
    const char *from = choices, *end;
    size_t length;

    for (; n > 0; n--) {
        from = strchr(from, '|');
        if (!from)
            return false;
        from++;
    }
    end = strchr(from, '|');
    length = end ? (size_t)(end - from) : strlen(from);
    if (length > 63)
        length = 63;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

static int choice_of(const char *choices, const char *text)
{
    char choice[64];

    for (size_t i = 0; choice_at(choices, i, choice); i++)
        if (strcmp(choice, text) == 0)
            return (int)i;
    return -1;
}

static gb_status take_enum(call *c, const call_param *p, const json_t *value,
                           json_t **out)
{
    const char *text = json_string_value(value);
    char choice[64], nearest[64] = "", buffer[80];
    size_t best = SIZE_MAX;

    if (text && choice_of(p->choices, text) >= 0) {
        *out = json_string(text);
        return GB_OK;
    }
    for (size_t i = 0; text && choice_at(p->choices, i, choice); i++)
        if (base_is_nearer(text, choice, &best))
            memcpy(nearest, choice, sizeof nearest);
    if (nearest[0])
        call_note(c, GB_N("did you mean \"%s\"?"), nearest);
    return base_fail(c->ctx, GB_ERR_ARGUMENT, "%s = \"%s\": one of %s expected",
                     p->name, shown(value, buffer), p->choices);
}

/* The parts of a,b,c as an array of strings; NULL: no memory. */
static json_t *split(const char *text)
{
    json_t *list = json_array();

    for (;;) {
        const char *end = strchr(text, ',');
        const size_t n = end ? (size_t)(end - text) : strlen(text);

        if (n > 0 && json_array_append_new(list, json_stringn(text, n))) {
            json_decref(list);
            return NULL;
        }
        if (!end)
            return list;
        text = end + 1;
    }
}

static gb_status take_list(call *c, const call_param *p, const json_t *value,
                           json_t **out)
{
    json_t *list;

    if (json_is_string(value)) {
        *out = split(json_string_value(value));
        return GB_OK;
    }
    if (!json_is_array(value))
        return refuse(c, p, value, GB_N("a list as a,b,c"));
    list = json_array();
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *item = json_string_value(json_array_get(value, i));

        if (!item) {
            json_decref(list);
            return refuse(c, p, value, GB_N("a list as a,b,c"));
        }
        if (json_array_append_new(list, json_string(item))) {
            json_decref(list);
            list = NULL;
            break;
        }
    }
    *out = list;
    return GB_OK;
}

/* `n` numbers, as an array or as a,b,c. */
static bool read_numbers(const json_t *value, size_t n, double *out)
{
    json_t *list = json_is_string(value)
                       ? split(json_string_value(value))
                       : json_incref((json_t *)(uintptr_t)value);
    bool is_read = json_array_size(list) == n;

    for (size_t i = 0; is_read && i < n; i++) {
        const json_t *item = json_array_get(list, i);

        if (json_is_number(item))
            out[i] = json_number_value(item);
        else
            is_read = json_is_string(item)
                      && base_parse_real(json_string_value(item), &out[i]);
    }
    json_decref(list);
    return is_read;
}

static bool is_lonlat(const double *at)
{
    return at[0] >= -180 && at[0] <= 180 && at[1] >= -90 && at[1] <= 90;
}

static gb_status take_lonlat(call *c, const call_param *p,
                             const json_t *value, json_t **out)
{
    double at[2];

    if (!read_numbers(value, 2, at) || !is_lonlat(at))
        return refuse(c, p, value, GB_N("lon,lat in degrees"));
    *out = json_pack("[f,f]", at[0], at[1]);
    return GB_OK;
}

static gb_status take_bbox(call *c, const call_param *p, const json_t *value,
                           json_t **out)
{
    double box[4];

    if (!read_numbers(value, 4, box) || !is_lonlat(box) || !is_lonlat(box + 2)
        || box[0] > box[2] || box[1] > box[3])
        return refuse(c, p, value,
                      GB_N("west,south,east,north in degrees"));
    *out = json_pack("[f,f,f,f]", box[0], box[1], box[2], box[3]);
    return GB_OK;
}

/* A path stays a text, a document becomes an object. */
static gb_status take_document(call *c, const call_param *p,
                               const json_t *value, json_t **out)
{
    const char *text = json_string_value(value);
    json_error_t error;

    if (json_is_object(value)) {
        *out = json_incref((json_t *)(uintptr_t)value);
        return GB_OK;
    }
    if (!text || !text[0])
        return refuse(c, p, value, GB_N("a file, or a JSON object"));
    if (text[0] != '{') {
        *out = json_string(text);
        return GB_OK;
    }
    *out = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    return *out ? GB_OK
                : base_fail(c->ctx, GB_ERR_ARGUMENT,
                            "%s, line %d, column %d: %s",
                            p->name, error.line, error.column, error.text);
}

static gb_status take_param(call *c, const call_param *p, const json_t *value)
{
    static gb_status (*const takers[])(call *, const call_param *,
                                       const json_t *, json_t **)
        = { take_text,  take_int,  take_real, take_bool, take_date,
            take_duration, take_ratio, take_text, take_enum, take_list,
            take_lonlat, take_bbox, take_document };
    json_t *taken = NULL;
    const gb_status status = takers[p->type](c, p, value, &taken);

    if (status)
        return status;
    return json_object_set_new(c->args, p->name, taken) == 0
               ? GB_OK
               : base_fail_nomem(c->ctx);
}

static gb_status take_default(call *c, const call_param *p)
{
    json_t *text;
    gb_status status;

    if (json_object_get(c->args, p->name))
        return GB_OK;
    if (p->is_required)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "%s needs the parameter \"%s\": %s", c->method->name,
                         p->name, base_lang_text(c->ctx->lang, p->help));
    if (!p->fallback)
        return GB_OK;
    text = json_string(p->fallback);
    if (!text)
        return base_fail_nomem(c->ctx);
    status = take_param(c, p, text);
    json_decref(text);
    return status;
}

static void take_common(call *c)
{
    c->seed = (uint64_t)call_int(c, "seed");
    c->n_threads = (uint32_t)call_int(c, "threads");
    c->max_iterations = (uint64_t)call_int(c, "iterations");
    if (call_has(c, "time_limit"))
        c->time_limit_ms
            = (int64_t)(call_real(c, "time_limit") * 1000 + 0.999);
}

gb_status call_args_take(call *c, const json_t *given)
{
    const call_method *method = c->method;
    const char *name;
    json_t *value;
    gb_status status = GB_OK;

    c->args = json_object();
    if (!c->args)
        return base_fail_nomem(c->ctx);
    json_object_foreach((json_t *)(uintptr_t)given, name, value) {
        const call_param *p
            = find_param(method->params, method->n_params, name);

        if (!p)
            p = find_param(call_common_params, call_n_common_params, name);
        if (!p)
            return unknown_param(c, name);
        if (!json_is_null(value))
            status = take_param(c, p, value);
        if (status)
            return status;
    }
    for (size_t i = 0; i < method->n_params; i++) {
        status = take_default(c, &method->params[i]);
        if (status)
            return status;
    }
    take_common(c);
    return GB_OK;
}

static json_t *arg(const call *c, const char *name)
{
    assert(find_param(c->method->params, c->method->n_params, name)
           || find_param(call_common_params, call_n_common_params, name));
    return json_object_get(c->args, name);
}

bool call_has(const call *c, const char *name)
{
    return arg(c, name) != NULL;
}

const char *call_text(const call *c, const char *name)
{
    return json_string_value(arg(c, name));
}

int64_t call_int(const call *c, const char *name)
{
    return json_integer_value(arg(c, name));
}

double call_real(const call *c, const char *name)
{
    return json_number_value(arg(c, name));
}

bool call_flag(const call *c, const char *name)
{
    return json_is_true(arg(c, name));
}

size_t call_list_size(const call *c, const char *name)
{
    return json_array_size(arg(c, name));
}

const char *call_list_item(const call *c, const char *name, size_t i)
{
    return json_string_value(json_array_get(arg(c, name), i));
}

bool call_bbox(const call *c, const char *name, double out[4])
{
    const json_t *box = arg(c, name);

    for (size_t i = 0; box && i < 4; i++)
        out[i] = json_number_value(json_array_get(box, i));
    return box != NULL;
}

bool call_lonlat(const call *c, const char *name, gb_lonlat *out)
{
    const json_t *at = arg(c, name);

    if (at) {
        out->lon_deg = json_number_value(json_array_get(at, 0));
        out->lat_deg = json_number_value(json_array_get(at, 1));
    }
    return at != NULL;
}

const json_t *call_document(const call *c, const char *name)
{
    const json_t *value = arg(c, name);

    return json_is_object(value) ? value : NULL;
}

int call_choice(const call *c, const char *name)
{
    const call_param *p
        = find_param(c->method->params, c->method->n_params, name);
    const char *text = call_text(c, name);

    return p && p->choices && text ? choice_of(p->choices, text) : -1;
}
