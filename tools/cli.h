/*
 * cli.h - the gridbeat command: what its files share.
 *
 * The command knows no method by itself.  It asks the library for the
 * description of all methods, finds the one that the words name, turns options
 * into parameters by that description, calls, and shows the answer in the form
 * that the description tells.  Values go to the library as text: what a date
 * is, and what words are said when it is none, is decided in one place.
 *
 * Data go to standard output, words to standard error.
 */
#ifndef CLI_H
#define CLI_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include <gridbeat/gridbeat.h>

#define _(text) gettext(text)
#define N_(text) (text)

enum { CLI_MOST_WORDS = 64 };

/* What the command line says. */
typedef struct cli_line {
    const char *words[CLI_MOST_WORDS]; /* those behind the method's name */
    size_t n_words;
    char name[128];    /* the words that name a method, joined by dots */
    json_t *method;    /* borrowed from the description; NULL: none found */
    json_t *params;    /* to be sent */
    bool is_help, is_version, is_json, is_quiet, is_group;
    const char *lang, *workspace, *scope;
} cli_line;

/* cli_args.c.  0, or the exit code after the error was said. */
int cli_read_line(cli_line *line, json_t *description, int argc, char **argv);
/* The value of --lang, read ahead of everything so that errors speak it. */
const char *cli_find_lang(int argc, char **argv);
/* Options that belong to the command and not to a method. */
typedef struct cli_global {
    const char *name;
    char letter;       /* '\0': none */
    const char *value; /* what it takes, N_; NULL: nothing */
    const char *help;  /* N_ */
} cli_global;
extern const cli_global cli_globals[];
extern const size_t cli_n_globals;

/* cli_help.c */
void cli_help_all(FILE *out, const json_t *description);
void cli_help_group(FILE *out, const json_t *description, const char *group);
void cli_help_method(FILE *out, const json_t *description,
                     const json_t *method);
void cli_completion(FILE *out, const json_t *description);
/* "segment.preview" as "segment preview". */
void cli_spaced(char *out, size_t size, const char *name);
/* "as_of" as "as-of" */
void cli_dashed(char *out, size_t size, const char *name);

/* cli_lang.c: choose the language, set the locale and the catalogue; gives
 * "en" or "zh", NULL for a --lang that is unknown. */
const char *cli_lang_choose(const char *wanted);

/* cli_show.c: the answer in the form that the method's description tells. */
void cli_show(FILE *out, const json_t *method, const json_t *answer);

/* cli_text.c: words on a terminal. */
bool cli_has_colour(FILE *out);
/* How many cells of a terminal the text takes: 2 for a Chinese character. */
size_t cli_width(const char *text);
void cli_pad(FILE *out, const char *text, size_t width, bool is_right);
/* "error E2100  words", then the notes, each on a line. */
void cli_error(const char *id, const char *words);
void cli_note(const char *words);
/* Of two words, as the library counts it for its own "did you mean". */
bool cli_is_nearer(const char *word, const char *candidate, size_t *best);

/* cli_progress.c */
void cli_progress_start(gb_context *ctx, bool is_quiet);
void cli_progress_stop(void);
/* The signal that interrupted, 0: none. */
int cli_progress_signal(void);

#endif
