/*
 * store_segment_clause.c - reads a clause word by word.
 *
 * No grammar is needed: SQLite has one.  Only the words matter, that
 * parentheses balance without ever closing one that the clause did not open,
 * and how many arguments a function gets.
 */
#include "store_segment_clause.h"

#include "base_check.h"

#include <string.h>

enum { MAX_DEPTH = 40, MAX_WORD = 64 };

/* An open parenthesis: that of a function, or a plain one. */
typedef struct open_paren {
    const store_function *function; /* NULL: plain */
    int32_t n_args;                 /* begun */
} open_paren;

typedef struct reader {
    gb_context *ctx;
    const char *name;  /* of the clause */
    const char *at;    /* what is to be read */
    base_text *out;
    uint64_t mentions;
    open_paren open[MAX_DEPTH];
    size_t depth;
    const store_function *pending; /* a function name was read: "(" follows */
    char before[MAX_WORD]; /* the last word, in upper case; "" after others */
} reader;

static const char *const keywords[] = {
    "AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN", "LIKE", "GLOB",
    "ESCAPE", "CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE",
    "ISNULL", "NOTNULL", "DISTINCT", "FROM",
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance, at most MAX_WORD letters of each. */
static size_t distance(const char *a, const char *b)
{
    const size_t n = smaller(strlen(a), MAX_WORD - 1);
    const size_t m = smaller(strlen(b), MAX_WORD - 1);
    size_t row[MAX_WORD];

    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t up = row[j];

            row[j] = smaller(smaller(row[j], row[j - 1]) + 1,
                             corner + (a[i - 1] != b[j - 1]));
            corner = up;
        }
    }
    return row[m];
}

const char *store_nearest(const char *word, const char *const *names,
                          size_t n)
{
    size_t best = strlen(word) / 3 + 2;
    const char *nearest = NULL;

    for (size_t i = 0; i < n; i++) {
        const size_t d = distance(word, names[i]);

        if (d < best) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static bool equal_word(const char *a, const char *b)
{
    while (*a && upper(*a) == upper(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static gb_status refuse_unknown(reader *r, const char *word)
{
    const char *names[96];
    const char *near;
    size_t n = 0;

    for (size_t i = 0; i < store_n_facts; i++)
        names[n++] = store_facts_table[i].name;
    for (size_t i = 0; i < store_n_functions; i++)
        names[n++] = store_functions_table[i].name;
    near = store_nearest(word, names, n);
    if (near)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": \"%s\" is not allowed here; "
                         "did you mean %s?",
                         r->name, word, near);
    return base_fail(r->ctx, GB_ERR_DATA,
                     "clause \"%s\": \"%s\" is not allowed; a clause may "
                     "use the columns of customer_facts, AND, OR, NOT, "
                     "comparisons and the functions of rules",
                     r->name, word);
}

static const store_function *find_function(const char *word)
{
    for (size_t i = 0; i < store_n_functions; i++) {
        if (equal_word(word, store_functions_table[i].name))
            return &store_functions_table[i];
    }
    return NULL;
}

/* An argument begins with the first thing after "(" or ",". */
static void note_argument(reader *r)
{
    if (r->depth > 0 && r->open[r->depth - 1].n_args == 0)
        r->open[r->depth - 1].n_args = 1;
}

static gb_status check_literal_place(reader *r, const char *what)
{
    const store_function *f =
        r->depth > 0 ? r->open[r->depth - 1].function : NULL;

    if (f && f->is_literal)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": %s takes texts in quotes only, as "
                         "%s; here stands \"%s\"",
                         r->name, f->name, f->usage, what);
    return GB_OK;
}

static gb_status read_word(reader *r)
{
    char word[MAX_WORD];
    size_t n = 0;
    gb_status status;
    const store_function *function;

    while (is_letter(r->at[n]) || is_digit(r->at[n])) {
        if (n + 1 == sizeof word)
            return base_fail(r->ctx, GB_ERR_DATA,
                             "clause \"%s\": a word of more than %d letters",
                             r->name, MAX_WORD - 1);
        word[n] = r->at[n];
        n++;
    }
    word[n] = '\0';
    status = check_literal_place(r, word);
    if (status)
        return status;
    note_argument(r);
    r->at += n;
    base_text_add(r->out, " ");
    for (size_t i = 0; i < COUNT_OF(keywords); i++) {
        if (!equal_word(word, keywords[i]))
            continue;
        if (equal_word(word, "FROM") && strcmp(r->before, "DISTINCT") != 0)
            return refuse_unknown(r, word);
        base_text_add(r->out, keywords[i]);
        strcpy(r->before, keywords[i]);
        return GB_OK;
    }
    r->before[0] = '\0';
    for (size_t i = 0; i < store_n_facts; i++) {
        if (equal_word(word, store_facts_table[i].name)) {
            r->mentions |= (uint64_t)1 << i;
            base_text_add(r->out, store_facts_table[i].name);
            return GB_OK;
        }
    }
    function = find_function(word);
    if (!function)
        return refuse_unknown(r, word);
    r->pending = function;
    return GB_OK;
}

/* 'text' or "text": the quote doubled stands for itself. */
static gb_status read_string(reader *r)
{
    const char quote = *r->at++;

    note_argument(r);
    base_text_add(r->out, " '");
    for (;;) {
        if (!*r->at)
            return base_fail(r->ctx, GB_ERR_DATA,
                             "clause \"%s\": a quote is not closed", r->name);
        if (*r->at == quote) {
            if (r->at[1] != quote)
                break;
            r->at++;
        }
        base_text_append(r->out, r->at, 1);
        if (*r->at == '\'')
            base_text_add(r->out, "'");
        r->at++;
    }
    r->at++;
    base_text_add(r->out, "'");
    return GB_OK;
}

static gb_status read_number(reader *r)
{
    const char *from = r->at;
    gb_status status = check_literal_place(r, "a number");

    if (status)
        return status;
    note_argument(r);
    while (is_digit(*r->at) || *r->at == '.')
        r->at++;
    if ((*r->at == 'e' || *r->at == 'E')
        && (is_digit(r->at[1])
            || ((r->at[1] == '+' || r->at[1] == '-') && is_digit(r->at[2])))) {
        r->at += 2;
        while (is_digit(*r->at))
            r->at++;
    }
    if (is_letter(*r->at))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": a number runs into a word at "
                         "\"%.20s\"",
                         r->name, from);
    base_text_add(r->out, " ");
    base_text_append(r->out, from, (size_t)(r->at - from));
    return GB_OK;
}

static gb_status open_parenthesis(reader *r)
{
    const store_function *f = r->pending;
    gb_status status = f ? GB_OK : check_literal_place(r, "(");

    if (status)
        return status;
    if (r->depth == MAX_DEPTH)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": more than %d parentheses inside "
                         "each other",
                         r->name, MAX_DEPTH);
    note_argument(r);
    if (!f)
        base_text_add(r->out, "(");
    else if (f->becomes)
        base_text_add(r->out, f->becomes);
    else
        base_text_format(r->out, "%s(", f->name);
    r->open[r->depth++] = (open_paren){ f, 0 };
    r->pending = NULL;
    return GB_OK;
}

static gb_status close_parenthesis(reader *r)
{
    const open_paren *top;

    if (r->depth == 0)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": a parenthesis is closed that was "
                         "not opened",
                         r->name);
    top = &r->open[--r->depth];
    if (top->function
        && (top->n_args < top->function->min_args
            || top->n_args > top->function->max_args))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": %s takes %d to %d arguments, not %d",
                         r->name, top->function->name,
                         (int)top->function->min_args,
                         (int)top->function->max_args, (int)top->n_args);
    base_text_add(r->out, ")");
    return GB_OK;
}

static gb_status read_comma(reader *r)
{
    if (r->depth == 0)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": a comma outside of parentheses; a "
                         "clause is one condition",
                         r->name);
    r->open[r->depth - 1].n_args++;
    base_text_add(r->out, ",");
    return GB_OK;
}

static gb_status read_operator(reader *r)
{
    static const char *const operators[] = {
        "||", "<=", ">=", "==", "!=", "<>", "<", ">", "=", "+", "-", "*",
        "/", "%",
    };

    if ((r->at[0] == '-' && r->at[1] == '-')
        || (r->at[0] == '/' && r->at[1] == '*'))
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": comments are not allowed", r->name);
    for (size_t i = 0; i < COUNT_OF(operators); i++) {
        const size_t n = strlen(operators[i]);

        if (strncmp(r->at, operators[i], n) == 0) {
            gb_status status = check_literal_place(r, operators[i]);

            r->at += n;
            base_text_format(r->out, " %s", operators[i]);
            note_argument(r);
            return status;
        }
    }
    if ((unsigned char)*r->at < 0x20 || (unsigned char)*r->at > 0x7e)
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": byte 0x%02x is not allowed outside "
                         "of quotes",
                         r->name, (unsigned)(unsigned char)*r->at);
    return base_fail(r->ctx, GB_ERR_DATA,
                     "clause \"%s\": \"%c\" is not allowed", r->name, *r->at);
}

static gb_status read_token(reader *r)
{
    const char c = *r->at;
    const bool is_word = is_letter(c);

    if (r->pending && c != '(')
        return base_fail(r->ctx, GB_ERR_DATA,
                         "clause \"%s\": %s is a function: %s(...)", r->name,
                         r->pending->name, r->pending->name);
    if (!is_word)
        r->before[0] = '\0';
    if (is_word)
        return read_word(r);
    if (is_digit(c) || (c == '.' && is_digit(r->at[1])))
        return read_number(r);
    if (c == '\'' || c == '"')
        return read_string(r);
    if (c == '(' || c == ')' || c == ',') {
        r->at++;
        return c == '(' ? open_parenthesis(r)
               : c == ')' ? close_parenthesis(r) : read_comma(r);
    }
    return read_operator(r);
}

gb_status store_clause_check(gb_context *ctx, const char *name,
                             const char *sql, base_text *out,
                             uint64_t *mentions)
{
    reader r = { .ctx = ctx, .name = name, .at = sql, .out = out };
    bool is_empty = true;

    if (strlen(sql) > STORE_MAX_CLAUSE)
        return base_fail(ctx, GB_ERR_DATA,
                         "clause \"%s\": longer than %d bytes", name,
                         STORE_MAX_CLAUSE);
    while (*r.at) {
        gb_status status;

        if (*r.at == ' ' || *r.at == '\t' || *r.at == '\n' || *r.at == '\r') {
            r.at++;
            continue;
        }
        is_empty = false;
        status = read_token(&r);
        if (status)
            return status;
    }
    if (is_empty)
        return base_fail(ctx, GB_ERR_DATA, "clause \"%s\": nothing in it",
                         name);
    if (r.pending)
        return base_fail(ctx, GB_ERR_DATA,
                         "clause \"%s\": %s is a function: %s(...)", name,
                         r.pending->name, r.pending->name);
    if (r.depth > 0)
        return base_fail(ctx, GB_ERR_DATA,
                         "clause \"%s\": a parenthesis is not closed", name);
    if (out->is_short)
        return base_fail_nomem(ctx);
    *mentions |= r.mentions;
    return GB_OK;
}
