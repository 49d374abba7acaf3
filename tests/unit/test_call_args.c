#include "call_door.h"

#include "test.h"

static const call_param params[] = {
    { .name = "text", .type = CALL_TEXT, .is_positional = true, .help = "" },
    { .name = "int", .type = CALL_INT, .min = -5, .max = 10, .help = "" },
    { .name = "big", .type = CALL_INT, .help = "" },
    { .name = "real", .type = CALL_REAL, .help = "" },
    { .name = "bool", .type = CALL_BOOL, .help = "" },
    { .name = "date", .type = CALL_DATE, .help = "" },
    { .name = "duration", .type = CALL_DURATION, .help = "" },
    { .name = "ratio", .type = CALL_RATIO, .help = "" },
    { .name = "path", .type = CALL_PATH, .help = "" },
    { .name = "enum", .type = CALL_ENUM, .choices = "csv|geojson|gpx",
      .help = "" },
    { .name = "list", .type = CALL_LIST, .help = "" },
    { .name = "bbox", .type = CALL_BBOX, .help = "" },
    { .name = "document", .type = CALL_DOCUMENT, .help = "" },
    { .name = "with_default", .type = CALL_RATIO, .fallback = "5%",
      .help = "" },
};
static const call_method method = { .name = "test", CALL_PARAMS(params) };

static void begin(call *c, gb_context *ctx)
{
    memset(c, 0, sizeof *c);
    c->ctx = ctx;
    c->mem = ctx->mem;
    c->method = &method;
    c->notes = json_array();
}

static void end(call *c)
{
    json_decref(c->args);
    json_decref(c->notes);
}

/* What is given, and what is made of it; NULL: refused. */
static const struct {
    const char *given, *taken;
} cases[] = {
    { "{\"text\": \"a\"}", "\"a\"" },
    { "{\"text\": \"\"}", NULL },
    { "{\"text\": 1}", NULL },
    { "{\"int\": 10}", "10" },
    { "{\"int\": \"-5\"}", "-5" },
    { "{\"int\": 11}", NULL },
    { "{\"int\": -6}", NULL },
    { "{\"int\": 1.0}", NULL },
    { "{\"int\": \"1x\"}", NULL },
    { "{\"big\": 9223372036854775807}", "9223372036854775807" },
    { "{\"big\": \"-9223372036854775808\"}", "-9223372036854775808" },
    { "{\"big\": \"9223372036854775808\"}", NULL },
    { "{\"real\": 1.5}", "1.5" },
    { "{\"real\": \"-0.25\"}", "-0.25" },
    { "{\"real\": \"1e999\"}", NULL },
    { "{\"real\": \"nan\"}", NULL },
    { "{\"bool\": true}", "true" },
    { "{\"bool\": \"no\"}", "false" },
    { "{\"bool\": \"maybe\"}", NULL },
    { "{\"bool\": 1}", NULL },
    { "{\"date\": \"2024-02-29\"}", "\"2024-02-29\"" },
    { "{\"date\": \"2026-02-29\"}", NULL },
    { "{\"date\": \"1900-02-29\"}", NULL },
    { "{\"date\": \"2026-13-01\"}", NULL },
    { "{\"date\": \"2026-1-1\"}", NULL },
    { "{\"date\": \"2026-00-10\"}", NULL },
    { "{\"date\": 20260302}", NULL },
    { "{\"duration\": 90}", "90" },
    { "{\"duration\": \"90\"}", "90" },
    { "{\"duration\": \"90s\"}", "90" },
    { "{\"duration\": \"30m\"}", "1800" },
    { "{\"duration\": \"2h\"}", "7200" },
    { "{\"duration\": \"30d\"}", "2592000" },
    { "{\"duration\": \"4w\"}", "2419200" },
    { "{\"duration\": \"-1s\"}", NULL },
    { "{\"duration\": \"s\"}", NULL },
    { "{\"duration\": \"3y\"}", NULL },
    { "{\"duration\": \"99999999999w\"}", NULL },
    { "{\"duration\": -1}", NULL },
    { "{\"ratio\": \"5%\"}", "0.05" },
    { "{\"ratio\": 1}", "1.0" },
    { "{\"ratio\": \"0.5\"}", "0.5" },
    { "{\"ratio\": \"101%\"}", NULL },
    { "{\"ratio\": \"%\"}", NULL },
    { "{\"path\": \"/a b\"}", "\"/a b\"" },
    { "{\"enum\": \"gpx\"}", "\"gpx\"" },
    { "{\"enum\": \"gp\"}", NULL },
    { "{\"enum\": \"csv|geojson\"}", NULL },
    { "{\"list\": \"a,b,,c\"}", "[\"a\", \"b\", \"c\"]" },
    { "{\"list\": [\"a,b\", \"c\"]}", "[\"a,b\", \"c\"]" },
    { "{\"list\": [1]}", NULL },
    { "{\"bbox\": \"9.5,47,9.6,47.2\"}", "[9.5, 47.0, 9.6, 47.2]" },
    { "{\"bbox\": [9.5, 47, 9.6, 47.2]}", "[9.5, 47.0, 9.6, 47.2]" },
    { "{\"bbox\": \"9.6,47,9.5,47.2\"}", NULL },
    { "{\"bbox\": \"9.5,47,9.6\"}", NULL },
    { "{\"bbox\": [9.5, 47, 9.6, 91]}", NULL },
    { "{\"bbox\": 7}", NULL },
    { "{\"document\": \"a.json\"}", "\"a.json\"" },
    { "{\"document\": {\"a\": 1}}", "{\"a\": 1}" },
    { "{\"document\": \"{\\\"a\\\": 1}\"}", "{\"a\": 1}" },
    { "{\"document\": \"{\\\"a\\\": 1\"}", NULL },
    { "{\"document\": [1]}", NULL },
    { "{\"document\": \"\"}", NULL },
};

START_TEST(each_type_takes_its_forms_and_no_others)
{
    gb_context *ctx = test_context();
    json_t *given = json_loads(cases[_i].given, 0, NULL);
    const char *name = json_object_iter_key(json_object_iter(given));
    gb_status status;
    call c;

    begin(&c, ctx);
    status = call_args_take(&c, given);
    if (cases[_i].taken) {
        char *taken;

        ck_assert_msg(!status, "%s: %s", cases[_i].given, gb_last_error(ctx));
        taken = json_dumps(json_object_get(c.args, name),
                           JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        ck_assert_str_eq(taken, cases[_i].taken);
        free(taken);
    } else {
        ck_assert_msg(status == GB_ERR_ARGUMENT, "%s: taken", cases[_i].given);
        ck_assert_msg(strncmp(gb_last_error(ctx), name, strlen(name)) == 0,
                      "%s", gb_last_error(ctx));
    }
    end(&c);
    json_decref(given);
    gb_context_free(ctx);
}
END_TEST

START_TEST(defaults_are_filled_in_and_null_is_absent)
{
    gb_context *ctx = test_context();
    json_t *given = json_loads("{\"text\": null, \"seed\": 7, "
                               "\"time_limit\": \"2m\"}", 0, NULL);
    double box[4];
    call c;

    begin(&c, ctx);
    assert_ok(ctx, call_args_take(&c, given));
    ck_assert(!call_has(&c, "text"));
    ck_assert_ptr_null(call_text(&c, "text"));
    ck_assert(!call_bbox(&c, "bbox", box));
    ck_assert_ptr_null(call_document(&c, "document"));
    ck_assert_int_eq(call_choice(&c, "enum"), -1);
    assert_near(call_real(&c, "with_default"), 0.05, 0);
    ck_assert_uint_eq(c.seed, 7);
    ck_assert_int_eq(c.time_limit_ms, 120000);
    end(&c);
    json_decref(given);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_limit_of_time_may_be_a_fraction)
{
    static const struct {
        const char *given;
        int64_t ms; /* -1: refused */
    } limits[] = { { "{\"time_limit\": 0.25}", 250 },
                   { "{\"time_limit\": \"30.0\"}", 30000 },
                   { "{\"time_limit\": \"1.5\"}", 1500 },
                   { "{\"time_limit\": -0.5}", -1 },
                   { "{\"time_limit\": \"1.5h\"}", -1 } };
    gb_context *ctx = test_context();

    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        json_t *given = json_loads(limits[i].given, 0, NULL);
        gb_status status;
        call c;

        begin(&c, ctx);
        status = call_args_take(&c, given);
        ck_assert_int_eq(status == GB_OK, limits[i].ms >= 0);
        if (!status)
            ck_assert_int_eq(c.time_limit_ms, limits[i].ms);
        end(&c);
        json_decref(given);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(accessors_read_what_was_taken)
{
    gb_context *ctx = test_context();
    json_t *given = json_loads("{\"enum\": \"geojson\", \"list\": \"x,y\", "
                               "\"bbox\": [1, 2, 3, 4], \"int\": 3, "
                               "\"document\": {\"k\": 5}, "
                               "\"bool\": true}", 0, NULL);
    double box[4];
    call c;

    begin(&c, ctx);
    assert_ok(ctx, call_args_take(&c, given));
    ck_assert_int_eq(call_choice(&c, "enum"), 1);
    ck_assert_uint_eq(call_list_size(&c, "list"), 2);
    ck_assert_str_eq(call_list_item(&c, "list", 1), "y");
    ck_assert(call_bbox(&c, "bbox", box));
    assert_near(box[3], 4.0, 0);
    ck_assert_int_eq(json_integer_value(json_object_get(
                         call_document(&c, "document"), "k")), 5);
    ck_assert_int_eq(call_int(&c, "int"), 3);
    ck_assert(call_flag(&c, "bool"));
    end(&c);
    json_decref(given);
    gb_context_free(ctx);
}
END_TEST

static const struct {
    const char *word, *meant; /* NULL: none of them */
} meant[] = { { "prevew", "preview" }, { "perview", "preview" },
              { "prev", "preview" },   { "lsit", "list" },
              { "lists", "list" },     { "xyz", NULL },
              { "l", NULL },           { "diff", "diff" } };

START_TEST(the_nearest_word_is_found_and_a_far_one_is_not)
{
    static const char *const known[] = { "preview", "list", "diff" };
    const char *found = NULL;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (base_is_nearer(meant[_i].word, known[i], &best))
            found = known[i];
    ck_assert_pstr_eq(found, meant[_i].meant);
}
END_TEST

START_TEST(distance_counts_single_edits_and_swaps)
{
    char longer[100];

    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    ck_assert_uint_eq(base_distance("", ""), 0);
    ck_assert_uint_eq(base_distance("", "abc"), 3);
    ck_assert_uint_eq(base_distance("abc", ""), 3);
    ck_assert_uint_eq(base_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(base_distance("ab", "ba"), 1);
    ck_assert_uint_eq(base_distance("a_cat", "an_act"), 2);
    ck_assert(base_distance(longer, "a") == SIZE_MAX);
}
END_TEST

static const struct {
    const char *text, *made;
} strings[] = {
    { "plain", "plain" },       { "雪 é €", "雪 é €" },
    { "\xff", "?" },            { "a\xe9\x9b", "a??" },
    { "\xe9\x9b\xaa\xc3", "雪?" }, { "\xc0\x80", "??" },
    { "\xf0\x9f\x98\x80\x80", "\xf0\x9f\x98\x80?" },
    { "\xed\xa0\x80", "?" }, /* half of a pair */
};

START_TEST(texts_that_are_no_utf8_keep_what_can_be_read)
{
    json_t *string = call_string(strings[_i].text);

    ck_assert_str_eq(json_string_value(string), strings[_i].made);
    json_decref(string);
}
END_TEST

/* Names become words of the command and keys of JSON. */
static bool is_word(const char *text, const char *letters)
{
    return text[0] >= 'a' && text[0] <= 'z'
           && text[strspn(text, letters)] == '\0';
}

START_TEST(every_row_of_the_table_is_sound)
{
    const call_method *m;

    for (size_t i = 0; (m = call_method_at(i)) != NULL; i++) {
        bool is_list_last = false;

        ck_assert_msg(is_word(m->name, "abcdefghijklmnopqrstuvwxyz_."),
                      "%s", m->name);
        ck_assert_ptr_eq(call_method_find(m->name), m);
        ck_assert_msg(m->help && m->run && m->n_blocks > 0, "%s", m->name);
        for (size_t p = 0; p < m->n_params; p++) {
            const call_param *param = &m->params[p];

            ck_assert_msg(is_word(param->name,
                                  "abcdefghijklmnopqrstuvwxyz_0123456789"),
                          "%s %s", m->name, param->name);
            ck_assert_msg(param->help && param->help[0], "%s %s", m->name,
                          param->name);
            ck_assert_msg((param->type == CALL_ENUM) == !!param->choices,
                          "%s %s", m->name, param->name);
            ck_assert_msg(!(param->is_required && param->fallback), "%s %s",
                          m->name, param->name);
            ck_assert_msg(!(is_list_last && param->is_positional), "%s %s",
                          m->name, param->name);
            is_list_last |= param->is_positional && param->type == CALL_LIST;
            for (size_t other = 0; other < p; other++)
                ck_assert_str_ne(m->params[other].name, param->name);
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("call_args");
    TCase *tcase = tcase_create("all");

    tcase_add_loop_test(tcase, each_type_takes_its_forms_and_no_others, 0,
                        (int)COUNT_OF(cases));
    tcase_add_test(tcase, defaults_are_filled_in_and_null_is_absent);
    tcase_add_test(tcase, a_limit_of_time_may_be_a_fraction);
    tcase_add_test(tcase, accessors_read_what_was_taken);
    tcase_add_loop_test(tcase,
                        the_nearest_word_is_found_and_a_far_one_is_not, 0,
                        (int)COUNT_OF(meant));
    tcase_add_test(tcase, distance_counts_single_edits_and_swaps);
    tcase_add_loop_test(tcase, texts_that_are_no_utf8_keep_what_can_be_read,
                        0, (int)COUNT_OF(strings));
    tcase_add_test(tcase, every_row_of_the_table_is_sound);
    suite_add_tcase(suite, tcase);
    return suite;
}
