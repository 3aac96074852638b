/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Lists of sections, merged in any order, against the texts of the sections.
 */

#include "lists.h"

#include <strings.h>

static apr_pool_t *pool;

#define LEVELS 4

/* The words that hold, told from the texts of the sections alone: the text of
 * each section that the nearest one reaches by "inherit", NULL for others. */
typedef struct model_t {
    const char *texts[LEVELS];
    int count; /* of sections that hold */
    int open;
} model_t;

static int has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (; text; text = strchr(text, ' ')) {
        text += *text == ' ';
        if (strncasecmp(text, word, len) == 0
            && (text[len] == ' ' || text[len] == '\0')) {
            return 1;
        }
    }
    return 0;
}

static model_t make_model(const char *const *sections)
{
    model_t model = { { NULL }, 0, 1 };
    int i;

    for (i = LEVELS - 1; i >= 0 && model.open; i--) {
        if (sections[i]) {
            model.texts[i] = sections[i];
            model.open = has_word(sections[i], "inherit");
            model.count++;
        }
    }
    model.open = model.open && model.count;
    return model;
}

static int some_has(const model_t *model, const char *word)
{
    int i;

    for (i = 0; i < LEVELS; i++) {
        if (has_word(model->texts[i], word)) {
            return 1;
        }
    }
    return 0;
}

/* Merges lists that are neighbours until one is left, in a random order. */
static const cors_list_t *merge_all(const cors_list_t **lists, apr_pool_t *p)
{
    unsigned int count;

    for (count = LEVELS; count > 1; count--) {
        unsigned int first = pick(count - 1);
        unsigned int i;

        lists[first] = cors_list_merge(p, lists[first], lists[first + 1]);
        for (i = first + 1; i + 1 < count; i++) {
            lists[i] = lists[i + 1];
        }
    }
    return lists[0];
}

static int add_flags(void *flags, const cors_word_t *word)
{
    *(unsigned int *)flags |= word->flags;
    return 0;
}

/* The flags that anyone asks a list for, not a word. */
#define LIST_FLAGS (CORS_WORD_RISKS | CORS_WORD_KEYWORD | CORS_WORD_INHERIT)

/* What every list of the chain says of itself and all behind it. */
static void check_sums(const cors_list_t *list, const char *what,
                       apr_pool_t *p)
{
    for (; list; list = list->outer) {
        unsigned int flags = 0;

        cors_list_each(list, add_flags, &flags, p);
        check_number(what, list->flags & LIST_FLAGS, flags & LIST_FLAGS,
                     "flags of all its words");
        check_number(what, list->any != NULL, (flags & CORS_WORD_ANY) != 0,
                     "* of any leaf");
        assert_true(!list->any || strcmp(list->any->text, "*") == 0);
    }
}

static const char *text_of_all(const model_t *model, apr_pool_t *p)
{
    const char *text = "";
    int i;

    for (i = 0; i < LEVELS; i++) {
        if (model->texts[i]) {
            text = apr_pstrcat(p, text, *text ? " " : "", model->texts[i],
                               NULL);
        }
    }
    return text;
}

static int note_word(void *text, const cors_word_t *word)
{
    const char **words = text;

    *words = apr_pstrcat(pool, *words, **words ? " " : "", word->text, NULL);
    return 0;
}

/* A list of names has the words of its model, whichever order made it. */
static void check_names(const char *const *sections, apr_pool_t *p)
{
    const cors_list_t *lists[LEVELS];
    const cors_list_t *list;
    model_t model = make_model(sections);
    const char *text = text_of_all(&model, p);
    const char *words = "";
    const char *value;
    int i;

    for (i = 0; i < LEVELS; i++) {
        lists[i] = sections[i]
                       ? names(CORS_NAMES_ALLOW_HEADERS, sections[i], p)
                       : NULL;
    }
    list = merge_all(lists, p);
    check_number(text, list != NULL, model.count != 0, "whether it is named");
    if (!list) {
        return;
    }
    cors_list_each(list, note_word, &words, p);
    check_text("words", words, text, "the outermost section first");
    check_number(text, (unsigned long)cors_list_leaves(list, p)->nelts,
                 (unsigned long)model.count, "a leaf for each section");
    check_number(text, list->open, (unsigned long)model.open, "open");
    check_number(text, list->any != NULL, (unsigned long)some_has(&model, "*"),
                 "any");
    check_number(text, list->authorization,
                 (unsigned long)some_has(&model, "Authorization"),
                 "authorization");
    check_sums(list, text, p);
    value = cors_names_value(list, CORS_NAMES_ALLOW_HEADERS, p);
    assert_true(list->length >= (value ? strlen(value) : 0));
}

/* Fills four sections at random, some of which do not name the list. */
static void some_sections(const char *const *texts, unsigned int count,
                          const char **sections)
{
    int i;

    for (i = 0; i < LEVELS; i++) {
        sections[i] = pick(5) ? texts[pick(count)] : NULL;
    }
}

/* Checks many such fillings. */
static void check_at_random(const char *const *texts, unsigned int count,
                            void (*check)(const char *const *sections,
                                          apr_pool_t *p),
                            apr_pool_t *parent)
{
    int round;

    for (round = 0; round < 3000; round++) {
        const char *sections[LEVELS];
        apr_pool_t *p;

        apr_pool_create(&p, parent);
        pool = p;
        some_sections(texts, count, sections);
        check(sections, p);
        apr_pool_destroy(p);
    }
}

static void merges_names_in_any_order(void **state)
{
    static const char *const texts[] = { "*",
                                         "none",
                                         "X-A",
                                         "X-A X-B",
                                         "inherit",
                                         "inherit X-A",
                                         "inherit X-C X-D",
                                         "Inherit authorization",
                                         "Authorization",
                                         "* Authorization",
                                         "inherit inherit" };

    check_at_random(texts, COUNT(texts), check_names, *state);
}

/* How many origins a text has, each once; the first of them in *only. */
static unsigned int count_once(const char *text, const char **only,
                               apr_pool_t *p)
{
    char *state;
    char *word = apr_strtok(apr_pstrdup(p, text), " ", &state);
    const char *seen = "";
    unsigned int count = 0;

    for (; word; word = apr_strtok(NULL, " ", &state)) {
        if (!has_word("* none inherit", word) && !has_word(seen, word)) {
            seen = apr_pstrcat(p, seen, *seen ? " " : "", word, NULL);
            *only = word;
            count++;
        }
    }
    return count;
}

static void check_origins(const char *const *sections, apr_pool_t *p)
{
    const cors_list_t *lists[LEVELS];
    const cors_list_t *list;
    model_t model = make_model(sections);
    const char *text = text_of_all(&model, p);
    const char *only = NULL;
    unsigned int count = 0;
    int i;

    for (i = 0; i < LEVELS; i++) {
        lists[i] = sections[i] ? origins(sections[i], p) : NULL;
        count += model.texts[i] ? count_once(model.texts[i], &only, p) : 0;
    }
    list = merge_all(lists, p);
    if (!list) {
        return;
    }
    if (count_once(text, &only, p) != 1 || strpbrk(only, "*")
        || strcmp(only, "null") == 0) {
        only = NULL;
    }
    check_number(text, list->count, count, "those of each section");
    check_text(text, list->only ? list->only->text : NULL, only, "only");
    check_sums(list, text, p);
}

static void merges_origins_in_any_order(void **state)
{
    static const char *const texts[] = {
        "https://a.example",
        "https://a.example https://a.example",
        "https://a.example https://b.example",
        "https://*.a.example",
        "null",
        "inherit",
        "inherit https://a.example",
        "inherit http://a.example",
        "inherit https://*.a.example https://a.example",
        "inherit null",
        "none",
        "*"
    };

    check_at_random(texts, COUNT(texts), check_origins, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(merges_names_in_any_order),
                                        TEST(merges_origins_in_any_order) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
