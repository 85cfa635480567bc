/* Scores, embeds or completes the lines of standard input with libgau, a line of output each (fill: one per token,
   entities: one per entity).

     cc -std=c11 -O2 -I FOLDER samples/c/gau-lines.c -o gau-lines -L FOLDER -lgau -Wl,-rpath,FOLDER
     ./gau-lines score <texts.txt
     ./gau-lines embed model.safetensors <texts.txt
     ./gau-lines fill <samples/masks.txt
     ./gau-lines entities model.safetensors <texts.txt
     ./gau-lines choose model.safetensors <choices.tsv
     ./gau-lines answer model.safetensors <questions.tsv

   FOLDER is what `dotnet publish tools/LibGau -c Release -r linux-x64 -o FOLDER` filled. Numbers are printed with nine
   digits, which read back as the same float. What follows a tab is the second text of a pair: of a question the context;
   to choose, the choices, with tabs between them. A line that has no answer is an error on stderr, and the next
   follows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gau.h"

enum { top = 5 };

static int report(const char *what, gau_status status)
{
    char message[512];
    gau_last_error(message, sizeof message);
    fprintf(stderr, "%s: %s (%d)\n", what, message, status);
    return status;
}

/* Makes room for count elements; what was there is gone. */
static void *room(void *buffer, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity) return buffer;
    free(buffer);
    buffer = malloc(count * size);
    if (!buffer) {
        fputs("no memory\n", stderr);
        exit(GAU_INTERNAL);
    }
    *capacity = count;
    return buffer;
}

/* A line without its newline, or NULL at the end of the input. */
static char *read_line(size_t *length)
{
    static char *line;
    static size_t capacity;
    int c;
    *length = 0;
    while ((c = getchar()) != EOF && c != '\n') {
        if (*length == capacity) {
            char *larger = realloc(line, capacity = 2 * capacity + 256);
            if (!larger) {
                fputs("no memory\n", stderr);
                exit(GAU_INTERNAL);
            }
            line = larger;
        }
        line[(*length)++] = (char)c;
    }
    return c == EOF && *length == 0 ? NULL : line ? line : "";
}

static gau_status score(gau_model model, const gau_text *text)
{
    static float *probabilities;
    static size_t capacity;
    size_t count = 0, length;
    char label[256];
    gau_text_info info;
    gau_status status = gau_score(model, text, probabilities, capacity, &count, &info);
    if (status == GAU_TOO_SMALL) {
        probabilities = room(probabilities, &capacity, count, sizeof *probabilities);
        status = gau_score(model, text, probabilities, capacity, &count, &info);
    }
    if (status != GAU_OK) return status;
    for (size_t i = 0; i < count; i++) {
        if (gau_label(model, i, label, sizeof label, &length) != GAU_OK) strcpy(label, "value");
        printf("%s=%.9g\t", label, (double)probabilities[i]);
    }
    printf("tokens=%d\ttruncated=%d\tempty=%d\n", info.tokens, info.truncated, info.empty);
    return GAU_OK;
}

static gau_status embed(gau_model model, const gau_text *text)
{
    static float *vector;
    static size_t capacity;
    size_t count = 0;
    gau_status status = gau_vector_size(model, &count);
    if (status != GAU_OK) return status;
    vector = room(vector, &capacity, count, sizeof *vector);
    status = gau_embed(model, text, GAU_POOLING_MODEL, 1, vector, capacity, &count, NULL);
    if (status != GAU_OK) return status;
    for (size_t i = 0; i < count; i++) printf(i ? "\t%.9g" : "%.9g", (double)vector[i]);
    putchar('\n');
    return GAU_OK;
}

static gau_status fill(gau_model model, const gau_text *text)
{
    static gau_filled *tokens;
    static size_t capacity;
    size_t count = 0, length;
    char token[256];
    gau_status status = gau_fill(model, text, top, tokens, capacity, &count, NULL);
    if (status == GAU_TOO_SMALL) {
        tokens = room(tokens, &capacity, count, sizeof *tokens);
        status = gau_fill(model, text, top, tokens, capacity, &count, NULL);
    }
    if (status != GAU_OK) return status;
    for (size_t i = 0; i < count; i++) {
        status = gau_token(model, tokens[i].token, token, sizeof token, &length);
        if (status != GAU_OK) return status;
        printf("%d\t%d\t%s\t%.9g\n", tokens[i].position, tokens[i].offset, token, (double)tokens[i].probability);
    }
    return GAU_OK;
}

static gau_status entities(gau_model model, const gau_text *text)
{
    static gau_entity *found;
    static size_t capacity;
    size_t count = 0, length;
    char label[256];
    gau_status status = gau_entities(model, text, found, capacity, &count, NULL);
    if (status == GAU_TOO_SMALL) {
        found = room(found, &capacity, count, sizeof *found);
        status = gau_entities(model, text, found, capacity, &count, NULL);
    }
    if (status != GAU_OK) return status;
    for (size_t i = 0; i < count; i++) {
        status = gau_entity_label(model, (size_t)found[i].label, label, sizeof label, &length);
        if (status != GAU_OK) return status;
        printf("%s\t%d\t%d\t%d\t%.9g\n", label, found[i].pair, found[i].start, found[i].end, (double)found[i].score);
    }
    return GAU_OK;
}

static gau_status choose(gau_model model, const gau_text *text)
{
    static const char **choices;
    static size_t *lengths, choice_capacity, length_capacity, capacity;
    static float *probabilities;
    const char *at = text->pair, *end = at + text->pair_length;
    size_t choice_count = text->pair ? 1 : 0, count = 0;
    gau_text question = *text;
    question.pair = NULL;
    question.pair_length = 0;
    for (size_t i = 0; i < text->pair_length; i++) choice_count += text->pair[i] == '\t';
    choices = room(choices, &choice_capacity, choice_count + 1, sizeof *choices);
    lengths = room(lengths, &length_capacity, choice_count + 1, sizeof *lengths);
    probabilities = room(probabilities, &capacity, choice_count, sizeof *probabilities);
    for (size_t i = 0; i < choice_count; i++) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        choices[i] = at;
        lengths[i] = (size_t)((tab ? tab : end) - at);
        if (tab) at = tab + 1;
    }
    gau_status status = gau_choose(
        model, &question, choices, lengths, choice_count, probabilities, capacity, &count, NULL);
    if (status != GAU_OK) return status;
    for (size_t i = 0; i < count; i++) printf(i ? "\t%.9g" : "%.9g", (double)probabilities[i]);
    putchar('\n');
    return GAU_OK;
}

static gau_status answer_question(gau_model model, const gau_text *text)
{
    gau_span span;
    gau_status status = gau_answer(model, text, &span, NULL);
    if (status != GAU_OK) return status;
    if (span.found) printf("%d\t%d\t%.9g\n", span.start, span.end, (double)span.score);
    else puts("none");
    return GAU_OK;
}

int main(int argc, char **argv)
{
    gau_status (*answer)(gau_model, const gau_text *) = argc < 2 ? NULL
        : strcmp(argv[1], "score") == 0 ? score
        : strcmp(argv[1], "embed") == 0 ? embed
        : strcmp(argv[1], "fill") == 0 ? fill
        : strcmp(argv[1], "entities") == 0 ? entities
        : strcmp(argv[1], "choose") == 0 ? choose
        : strcmp(argv[1], "answer") == 0 ? answer_question : NULL;
    if (!answer || argc > 3) {
        fprintf(stderr, "usage: %s score|embed|fill|entities|choose|answer [MODEL] <LINES\n", argv[0]);
        return GAU_USAGE;
    }
    if (!gau_supported()) {
        fputs("this processor lacks AVX2\n", stderr);
        return GAU_UNSUPPORTED;
    }
    gau_model model;
    gau_status status = argc == 3 ? gau_load(argv[2], strlen(argv[2]), &model) : gau_load_default(&model);
    if (status != GAU_OK) return report(argc == 3 ? argv[2] : "model", status);

    gau_text text;
    memset(&text, 0, sizeof text);
    while ((text.text = read_line(&text.text_length)) != NULL) {
        const char *tab = memchr(text.text, '\t', text.text_length);
        text.pair = tab ? tab + 1 : NULL;
        text.pair_length = tab ? text.text_length - (size_t)(tab + 1 - text.text) : 0;
        if (tab) text.text_length = (size_t)(tab - text.text);
        status = answer(model, &text);
        if (status == GAU_NOT_UTF8 || status == GAU_NO_ANSWER) report("line", status);
        else if (status != GAU_OK) return report("line", status);
    }
    gau_free(model);
    return GAU_OK;
}
