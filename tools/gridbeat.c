/*
 * gridbeat.c - the gridbeat command; see cli.h.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static int report_error(const char *id, const char *words)
{
    cli_error(id, words);
    return id[1] - '0';
}

/* What the library's table says, in the context's language. */
static json_t *describe(gb_context *ctx)
{
    gb_session *session = NULL;
    json_t *description = NULL;
    const char *answer;

    if (gb_session_open(ctx, NULL, &session) == GB_OK
        && gb_call(session, "methods", NULL, &answer) == GB_OK)
        description = json_loads(answer, 0, NULL);
    gb_session_close(session);
    return description;
}

static int print_help(const cli_line *line, const json_t *description)
{
    /* What was asked for is data; a reminder is not. */
    FILE *out = line->is_help ? stdout : stderr;

    if (line->method)
        cli_help_method(out, description, line->method);
    else if (line->is_group)
        cli_help_group(out, description, line->name);
    else
        cli_help_all(out, description);
    return line->is_help ? 0 : 2;
}

static void print_error(const cli_line *line, const json_t *answer)
{
    char name[256], see[512];
    const json_t *error = json_object_get(answer, "error");
    const char *id = json_string_value(json_object_get(error, "id"));
    const char *words = json_string_value(json_object_get(error, "message"));
    json_t *note;
    size_t i;

    cli_error(id ? id : "E9900", words ? words : "");
    json_array_foreach(json_object_get(error, "notes"), i, note)
        cli_note(json_string_value(note));
    if (id && strcmp(id, "E2100") == 0) {
        cli_spaced(name, sizeof name,
                   json_string_value(json_object_get(line->method, "name")));
        snprintf(see, sizeof see, _("see gridbeat %s --help"), name);
        cli_note(see);
    }
}

/* Show what came back; the exit code. */
static int finish(const cli_line *line, const char *text)
{
    json_t *answer = json_loads(text, 0, NULL);
    int code = (int)json_integer_value(json_object_get(answer, "code"));

    cli_progress_stop();
    if (!answer)
        return report_error("E9300", _("out of memory"));
    if (line->is_json)
        printf("%s\n", text);
    if (json_object_get(answer, "error"))
        print_error(line, answer);
    else if (!line->is_json && !line->is_quiet)
        cli_show(stdout, line->method, answer);
    if (cli_progress_signal())
        code = 128 + cli_progress_signal();
    json_decref(answer);
    return code;
}

static int call(gb_context *ctx, const cli_line *line)
{
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_session *session = NULL;
    const char *answer = NULL;
    char *params = json_dumps(line->params, JSON_COMPACT);
    int code;

    options.workspace = line->workspace ? line->workspace
                                        : getenv("GRIDBEAT_WORKSPACE");
    if (options.workspace && !options.workspace[0])
        options.workspace = NULL;
    options.scope = line->scope;
    if (!params) {
        code = report_error("E9300", _("out of memory"));
    } else if (gb_session_open(ctx, &options, &session)) {
        code = report_error("E2100", gb_last_error(ctx));
    } else {
        cli_progress_start(ctx, line->is_quiet);
        gb_call(session,
                json_string_value(json_object_get(line->method, "name")),
                params, &answer);
        code = finish(line, answer);
    }
    gb_session_close(session);
    free(params);
    return code;
}

static int run(gb_context *ctx, json_t *description, int argc, char **argv)
{
    cli_line line = { .params = json_object() };
    int code;

    if (argc == 2 && strcmp(argv[1], "completion") == 0) {
        cli_completion(stdout, description);
        json_decref(line.params);
        return 0;
    }
    code = cli_read_line(&line, description, argc, argv);
    if (code == 0 && line.is_version)
        printf("gridbeat %s\n", gb_version());
    else if (code == 0 && (line.is_help || !line.method))
        code = print_help(&line, description);
    else if (code == 0)
        code = call(ctx, &line);
    json_decref(line.params);
    return code;
}

int main(int argc, char **argv)
{
    const char *wanted = cli_find_lang(argc, argv);
    const char *lang = cli_lang_choose(wanted);
    gb_context_options options = GB_CONTEXT_OPTIONS_INIT;
    gb_context *ctx = NULL;
    json_t *description = NULL;
    int code = 9;

    if (!lang) {
        char words[256];

        snprintf(words, sizeof words,
                 _("language \"%.64s\" is unknown; en and zh are known"),
                 wanted);
        return report_error("E2100", words);
    }
    options.lang = lang;
    if (gb_context_new(&options, &ctx) == GB_OK)
        description = describe(ctx);
    if (description)
        code = run(ctx, description, argc, argv);
    else
        report_error("E9300", _("out of memory"));
    json_decref(description);
    gb_context_free(ctx);
    if (fclose(stdout) != 0 && code == 0)
        code = report_error("E3301", _("standard output cannot be written"));
    return code;
}
