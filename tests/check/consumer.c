/* A user's program: makes a workspace, calls a method, reads an error. */
#include <gridbeat/gridbeat.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    gb_context_options options = GB_CONTEXT_OPTIONS_INIT;
    gb_session_options session_options = GB_SESSION_OPTIONS_INIT;
    gb_context *ctx = NULL;
    gb_session *session = NULL;
    gb_workspace *workspace = NULL;
    const char *answer = NULL;
    gb_status status;

    options.lang = "zh";
    if (argc != 2 || gb_context_new(&options, &ctx) != GB_OK)
        return 1;
    status = gb_workspace_create(ctx, argv[1], NULL, &workspace);
    gb_workspace_close(workspace);
    session_options.workspace = argv[1];
    if (!status)
        status = gb_session_open(ctx, &session_options, &session);
    if (!status)
        status = gb_call(session, "workspace.info", "{}", &answer);
    gb_call(session, "nothing", NULL, &answer);
    printf("%s: %d %s\n", gb_version(), (int)status, gb_last_error(ctx));
    gb_session_close(session);
    gb_context_free(ctx);
    return 0;
}
