// A user's program in C++: as consumer.c.
#include <gridbeat/gridbeat.h>

#include <iostream>
#include <memory>

int main(int argc, char **argv)
{
    gb_context_options options = GB_CONTEXT_OPTIONS_INIT;
    gb_context *made = nullptr;
    options.lang = "zh";
    if (argc != 2 || gb_context_new(&options, &made) != GB_OK)
        return 1;
    std::unique_ptr<gb_context, decltype(&gb_context_free)> ctx(
        made, gb_context_free);

    gb_workspace *workspace = nullptr;
    gb_status status
        = gb_workspace_create(ctx.get(), argv[1], nullptr, &workspace);
    gb_workspace_close(workspace);

    gb_session_options session_options = GB_SESSION_OPTIONS_INIT;
    gb_session *opened = nullptr;
    session_options.workspace = argv[1];
    if (status == GB_OK)
        status = gb_session_open(ctx.get(), &session_options, &opened);
    std::unique_ptr<gb_session, decltype(&gb_session_close)> session(
        opened, gb_session_close);
    const char *answer = nullptr;
    if (status == GB_OK)
        status = gb_call(session.get(), "workspace.info", "{}", &answer);
    gb_call(session.get(), "nothing", nullptr, &answer);
    std::cout << gb_version() << ": " << status << ' '
              << gb_last_error(ctx.get()) << '\n';
    return 0;
}
