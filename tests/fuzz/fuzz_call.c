/*
 * fuzz_call.c - a method's name, a line feed, and JSON, through the door.
 *
 * The session has no workspace, so that methods end after their parameters
 * are checked; those that work without one and write files are left alone.
 * Whatever comes in, the answer must be one JSON object of our version.
 */
#include <gridbeat/gridbeat.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_writing(const char *method)
{
    static const char *const names[]
        = { "init", "world.make", "roads.build", "roads.table" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(method, names[i]) == 0)
            return 1;
    return 0;
}

static void call(const char *method, const char *params, const char *lang)
{
    gb_context_options options = GB_CONTEXT_OPTIONS_INIT;
    gb_context *ctx = NULL;
    gb_session *session = NULL;
    const char *answer = NULL;
    gb_status status;

    options.lang = lang;
    if (gb_context_new(&options, &ctx) || gb_session_open(ctx, NULL, &session))
        abort();
    status = gb_call(session, method, params, &answer);
    if (!answer || strncmp(answer, "{\"gridbeat\": 1, ", 16) != 0)
        abort();
    if ((status == GB_OK) != (strstr(answer, "\"error\": {\"id\"") == NULL))
        abort();
    gb_session_close(session);
    gb_context_free(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *params;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    params = strchr(text, '\n');
    if (params)
        *params++ = '\0';
    if (!is_writing(text)) {
        call(text, params, "en");
        call(text, params, "zh");
    }
    free(text);
    return 0;
}
