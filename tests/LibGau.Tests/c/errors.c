/* Every way to call libgau wrongly ends in the code that gau.h names, with a message, and in nothing else.
   Arguments: a file that is no model, models with a head for tokens, choices and questions, a model whose numbers are not
   finite. */
#include <stdio.h>
#include <string.h>

#include "gau.h"

static int failures, checks;

static void check(int line, const char *what, gau_status found, gau_status expected, const char *message)
{
    char said[512] = "";
    checks++;
    if (expected != GAU_OK) gau_last_error(said, sizeof said);
    if (found != expected || (message && !strstr(said, message))) {
        failures++;
        printf("line %d: %s is %d, not %d; \"%s\" should hold \"%s\"\n", line, what, found, expected, said,
            message ? message : "");
    }
}

#define EXPECT(call, expected, message) check(__LINE__, #call, call, expected, message)
#define HOLDS(condition) check(__LINE__, #condition, (condition) ? GAU_OK : GAU_INTERNAL, GAU_OK, NULL)

static gau_text text_of(const char *text)
{
    gau_text result;
    memset(&result, 0, sizeof result);
    result.text = text;
    result.text_length = strlen(text);
    return result;
}

static void bad_models(gau_model model)
{
    gau_text text = text_of("x [MASK]");
    float floats[2048];
    gau_filled filled[64];
    gau_entity entities[4];
    gau_span span;
    const char *choices[] = {"x"};
    const size_t lengths[] = {1};
    char name[64];
    size_t count = 0;
    EXPECT(gau_entity_label_count(model, &count), GAU_BAD_MODEL, "no model");
    EXPECT(gau_entity_label(model, 0, name, sizeof name, &count), GAU_BAD_MODEL, "no model");
    EXPECT(gau_entities(model, &text, entities, 4, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_choose(model, &text, choices, lengths, 1, floats, 4, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_rerank(model, &text, choices, lengths, 1, 0, floats, 4, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_answer(model, &text, &span, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_label_count(model, &count), GAU_BAD_MODEL, "no model");
    EXPECT(gau_label(model, 0, name, sizeof name, &count), GAU_BAD_MODEL, "no model");
    EXPECT(gau_vector_size(model, &count), GAU_BAD_MODEL, "no model");
    EXPECT(gau_token(model, 0, name, sizeof name, &count), GAU_BAD_MODEL, "no model");
    EXPECT(gau_score(model, &text, floats, 2048, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_embed(model, &text, GAU_POOLING_CLS, 0, floats, 2048, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_embed_prompt(model, &text, "q", 1, GAU_POOLING_MODEL, 0, floats, 2048, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_embed_prefix(model, &text, "q", 1, GAU_POOLING_MODEL, 0, floats, 2048, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_fill(model, &text, 5, filled, 64, &count, NULL), GAU_BAD_MODEL, "no model");
    EXPECT(gau_free(model), GAU_BAD_MODEL, "no model");
}

static void bad_files(const char *malformed)
{
    gau_model model = 7;
    EXPECT(gau_load("no/such/file", 12, &model), GAU_MISSING, "no/such/file");
    HOLDS(model == 0);
    EXPECT(gau_load("/", 1, &model), GAU_MALFORMED, "/: file: this is a folder");
    EXPECT(gau_load(malformed, strlen(malformed), &model), GAU_MALFORMED, malformed);
    EXPECT(gau_load(NULL, 4, &model), GAU_USAGE, "path is NULL");
    EXPECT(gau_load("", 0, &model), GAU_USAGE, "path is empty");
    EXPECT(gau_load("a\0b", 3, &model), GAU_USAGE, "NUL");
    EXPECT(gau_load("a\xFF", 2, &model), GAU_NOT_UTF8, "path is not UTF-8");
    EXPECT(gau_load("a", (size_t)-1, &model), GAU_USAGE, "path has 18446744073709551615 bytes");
    EXPECT(gau_load("a", 1, NULL), GAU_USAGE, "model is NULL");
    EXPECT(gau_load_default(NULL), GAU_USAGE, "model is NULL");
}

static void bad_arguments(gau_model model)
{
    gau_text text = text_of("x"), none, broken, pair, few, many, masks = text_of("x [MASK]");
    float floats[2048];
    gau_filled filled[64];
    char name[64];
    size_t count = 0;
    memset(&none, 0, sizeof none);
    broken = text_of("x\xE4\xBB");
    pair = text_of("x");
    pair.pair_length = 1;
    few = text_of("x");
    few.max_tokens = 7;
    many = text_of("x");
    many.max_tokens = 65537;
    EXPECT(gau_label_count(model, NULL), GAU_USAGE, "count is NULL");
    EXPECT(gau_vector_size(model, NULL), GAU_USAGE, "size is NULL");
    EXPECT(gau_label(model, 0, name, sizeof name, NULL), GAU_USAGE, "length is NULL");
    EXPECT(gau_label(model, 0, NULL, 9, &count), GAU_USAGE, "buffer is NULL");
    EXPECT(gau_label(model, 4, name, sizeof name, &count), GAU_USAGE, "there are 4 labels, and none of index 4");
    EXPECT(gau_label(model, (size_t)-1, name, sizeof name, &count), GAU_USAGE, "none of index");
    EXPECT(gau_token(model, -1, name, sizeof name, &count), GAU_USAGE, "none of id -1");
    EXPECT(gau_token(model, 2147483647, name, sizeof name, &count), GAU_USAGE, "none of id 2147483647");
    EXPECT(gau_token(model, 0, name, sizeof name, NULL), GAU_USAGE, "length is NULL");
    EXPECT(gau_score(model, NULL, floats, 4, &count, NULL), GAU_USAGE, "text is NULL");
    EXPECT(gau_score(model, &none, floats, 4, &count, NULL), GAU_USAGE, "text is NULL");
    EXPECT(gau_score(model, &text, NULL, 4, &count, NULL), GAU_USAGE, "probabilities is NULL");
    EXPECT(gau_score(model, &text, floats, 4, NULL, NULL), GAU_USAGE, "count is NULL");
    EXPECT(gau_score(model, &broken, floats, 4, &count, NULL), GAU_NOT_UTF8, "text is not UTF-8");
    EXPECT(gau_score(model, &pair, floats, 4, &count, NULL), GAU_USAGE, "pair is NULL");
    EXPECT(gau_score(model, &few, floats, 4, &count, NULL), GAU_USAGE, "max_tokens is 7");
    EXPECT(gau_score(model, &many, floats, 4, &count, NULL), GAU_USAGE, "max_tokens is 65537");
    pair.pair = "\xC0\x80";
    pair.pair_length = 2;
    EXPECT(gau_score(model, &pair, floats, 4, &count, NULL), GAU_NOT_UTF8, "pair is not UTF-8");
    text.text_length = (size_t)1 << 40;
    EXPECT(gau_score(model, &text, floats, 4, &count, NULL), GAU_USAGE, "text has 1099511627776 bytes");
    text.text_length = 1;
    EXPECT(gau_embed(model, &text, 6, 0, floats, 2048, &count, NULL), GAU_USAGE, "pooling 6");
    EXPECT(gau_embed(model, &text, -2, 0, floats, 2048, &count, NULL), GAU_USAGE, "pooling -2");
    EXPECT(gau_embed_prompt(model, &text, NULL, 0, GAU_POOLING_MODEL, 0, floats, 2048, &count, NULL), GAU_USAGE, "prompt is NULL");
    EXPECT(gau_embed_prompt(model, &text, "query", 5, GAU_POOLING_MODEL, 0, floats, 2048, &count, NULL), GAU_USAGE,
        "prompt 'query': the model has no prompts");
    EXPECT(gau_embed_prompt(model, &text, "\xff", 1, GAU_POOLING_MODEL, 0, floats, 2048, &count, NULL), GAU_NOT_UTF8, "prompt");
    EXPECT(gau_embed_prefix(model, &text, NULL, 1, GAU_POOLING_MODEL, 0, floats, 2048, &count, NULL), GAU_USAGE, "prefix is NULL");
    EXPECT(gau_embed_prefix(model, &text, "\xff", 1, GAU_POOLING_MODEL, 0, floats, 2048, &count, NULL), GAU_NOT_UTF8, "prefix");
    EXPECT(gau_fill(model, &masks, 0, filled, 64, &count, NULL), GAU_USAGE, "top is 0");
    EXPECT(gau_fill(model, &masks, 10001, filled, 64, &count, NULL), GAU_USAGE, "top is 10001");
    EXPECT(gau_fill(model, &text, 5, filled, 64, &count, NULL), GAU_NO_ANSWER, "no [MASK] in the text");
    EXPECT(gau_score(model, &text, floats, 4, &count, NULL), GAU_OK, NULL);
    HOLDS(count == 4);
}

static void small_buffers(gau_model model)
{
    gau_text text = text_of("x"), masks = text_of("[MASK]x[MASK]");
    float floats[4] = {7, 7, 7, 7};
    gau_filled filled[9];
    char label[64], same[64], message[5];
    size_t count = 0, length = 0, size = 0, whole;
    EXPECT(gau_score(model, &text, NULL, 0, &count, NULL), GAU_TOO_SMALL, "the buffer holds 0, the result has 4");
    HOLDS(count == 4);
    EXPECT(gau_score(model, &text, floats, 3, &count, NULL), GAU_TOO_SMALL, "the buffer holds 3");
    HOLDS(floats[0] == 7 && floats[3] == 7);
    EXPECT(gau_vector_size(model, &size), GAU_OK, NULL);
    EXPECT(gau_embed(model, &text, GAU_POOLING_MAX, 0, floats, 4, &count, NULL), GAU_TOO_SMALL, "the buffer holds 4");
    HOLDS(count == size && floats[0] == 7);
    EXPECT(gau_fill(model, &masks, 5, filled, 9, &count, NULL), GAU_TOO_SMALL, "the result has 10");
    HOLDS(count == 10);
    EXPECT(gau_label(model, 0, label, sizeof label, &length), GAU_OK, NULL);
    HOLDS(length == strlen(label) && length == 12);
    memset(same, '#', sizeof same);
    EXPECT(gau_label(model, 0, same, length, &count), GAU_TOO_SMALL, "the result has 13");
    HOLDS(count == length && same[0] == '#');
    EXPECT(gau_label(model, 0, same, length + 1, &count), GAU_OK, NULL);
    HOLDS(strcmp(label, same) == 0 && same[length + 1] == '#');
    EXPECT(gau_free(0), GAU_BAD_MODEL, "no model: 0");
    whole = gau_last_error(message, sizeof message);
    HOLDS(whole == strlen("no model: 0") && strcmp(message, "no m") == 0);
    HOLDS(gau_last_error(NULL, 0) == whole && gau_last_error(NULL, 99) == whole);
}

static void token_heads(const char *file)
{
    gau_text text = text_of("x y"), none;
    gau_entity entities[8];
    char name[64];
    gau_model model;
    size_t count = 7, length = 0;
    gau_text_info info;
    memset(&none, 0, sizeof none);
    EXPECT(gau_load(file, strlen(file), &model), GAU_OK, NULL);
    EXPECT(gau_entity_label_count(model, &count), GAU_OK, NULL);
    HOLDS(count == 2);
    EXPECT(gau_entity_label(model, 1, name, sizeof name, &length), GAU_OK, NULL);
    HOLDS(strcmp(name, "q") == 0 && length == 1);
    EXPECT(gau_entity_label(model, 1, name, 1, &length), GAU_TOO_SMALL, "the result has 2");
    EXPECT(gau_entity_label(model, 2, name, sizeof name, &length), GAU_USAGE, "there are 2 labels of entities");
    EXPECT(gau_entities(model, NULL, entities, 8, &count, NULL), GAU_USAGE, "text is NULL");
    EXPECT(gau_entities(model, &none, entities, 8, &count, NULL), GAU_USAGE, "text is NULL");
    EXPECT(gau_entities(model, &text, NULL, 8, &count, NULL), GAU_USAGE, "entities is NULL");
    EXPECT(gau_entities(model, &text, entities, 8, NULL, NULL), GAU_USAGE, "count is NULL");
    EXPECT(gau_entities(model, &text, entities, 0, &count, NULL), GAU_TOO_SMALL, "the buffer holds 0");
    HOLDS(count > 0 && count <= 2);
    EXPECT(gau_entities(model, &text, entities, count, &count, &info), GAU_OK, NULL);
    HOLDS(entities[0].start == 0 && entities[0].pair == 0 && entities[count - 1].end == 3 && info.tokens == 4);
    EXPECT(gau_free(model), GAU_OK, NULL);
}

static void choice_heads(const char *file)
{
    gau_text text = text_of("x"), none, pair = text_of("x");
    const char *choices[] = {"y", "\xFF", NULL};
    const size_t lengths[] = {1, 1, 1};
    float floats[4] = {7, 7, 7, 7};
    gau_model model;
    size_t count = 7;
    gau_text_info info;
    memset(&none, 0, sizeof none);
    pair.pair = "z";
    EXPECT(gau_load(file, strlen(file), &model), GAU_OK, NULL);
    EXPECT(gau_choose(model, NULL, choices, lengths, 1, floats, 4, &count, NULL), GAU_USAGE, "text is NULL");
    EXPECT(gau_choose(model, &text, NULL, lengths, 1, floats, 4, &count, NULL), GAU_USAGE, "choices is NULL");
    EXPECT(gau_choose(model, &text, choices, NULL, 1, floats, 4, &count, NULL), GAU_USAGE, "choice_lengths is NULL");
    EXPECT(gau_choose(model, &text, choices, lengths, 0, floats, 4, &count, NULL), GAU_USAGE, "choice_count is 0");
    EXPECT(gau_choose(model, &text, choices, lengths, 65537, floats, 4, &count, NULL), GAU_USAGE, "choice_count is 65537");
    EXPECT(gau_choose(model, &text, choices, lengths, 3, NULL, 4, &count, NULL), GAU_USAGE, "probabilities is NULL");
    EXPECT(gau_choose(model, &text, choices, lengths, 3, floats, 2, &count, NULL), GAU_TOO_SMALL, "the result has 3");
    HOLDS(count == 3 && floats[0] == 7);
    EXPECT(gau_choose(model, &text, choices, lengths, 2, floats, 4, &count, NULL), GAU_NOT_UTF8, "a choice is not UTF-8");
    choices[1] = "y";
    EXPECT(gau_choose(model, &text, choices, lengths, 3, floats, 4, &count, NULL), GAU_USAGE, "a choice is NULL");
    EXPECT(gau_choose(model, &pair, choices, lengths, 2, floats, 4, &count, NULL), GAU_USAGE, "pair is not NULL");
    EXPECT(gau_choose(model, &text, choices, lengths, 2, floats, 4, &count, &info), GAU_OK, NULL);
    HOLDS(count == 2 && floats[0] == 0.5f && floats[1] == 0.5f && floats[2] == 7 && info.tokens == 10);
    EXPECT(gau_choose(model, &none, choices, lengths, 2, floats, 4, &count, &info), GAU_OK, NULL);
    HOLDS(info.tokens == 6);
    EXPECT(gau_free(model), GAU_OK, NULL);
}

static void question_heads(const char *file)
{
    gau_text text = text_of("x"), pair = text_of("x");
    gau_span span;
    gau_model model;
    pair.pair = "y z";
    pair.pair_length = 3;
    EXPECT(gau_load(file, strlen(file), &model), GAU_OK, NULL);
    EXPECT(gau_answer(model, NULL, &span, NULL), GAU_USAGE, "text is NULL");
    EXPECT(gau_answer(model, &pair, NULL, NULL), GAU_USAGE, "span is NULL");
    EXPECT(gau_answer(model, &text, &span, NULL), GAU_USAGE, "pair is NULL");
    EXPECT(gau_answer(model, &pair, &span, NULL), GAU_OK, NULL);
    HOLDS(span.found == 1 && span.start >= 0 && span.end > span.start && span.end <= 3 && span.score > 0);
    pair.pair_length = 0;
    EXPECT(gau_answer(model, &pair, &span, NULL), GAU_OK, NULL);
    HOLDS(span.found == 0 && span.end == 0);
    EXPECT(gau_free(model), GAU_OK, NULL);
}

static void other_models(const char *tokens, const char *overflowing)
{
    gau_text text = text_of("x"), masks = text_of("x[MASK]");
    float floats[2048];
    gau_filled filled[64];
    gau_entity entities[4];
    gau_span span;
    const char *choices[] = {"x"};
    const size_t lengths[] = {1};
    gau_model model;
    size_t count = 7;
    EXPECT(gau_load(tokens, strlen(tokens), &model), GAU_OK, NULL);
    EXPECT(gau_score(model, &text, floats, 2048, &count, NULL), GAU_USAGE, "the model's head is token_classification");
    EXPECT(gau_embed(model, &text, GAU_POOLING_MEAN, 1, floats, 2048, &count, NULL), GAU_OK, NULL);
    EXPECT(gau_free(model), GAU_OK, NULL);
    EXPECT(gau_load(overflowing, strlen(overflowing), &model), GAU_OK, NULL);
    EXPECT(gau_entities(model, &text, entities, 4, &count, NULL), GAU_USAGE, "the model's head is sequence_classification");
    EXPECT(gau_choose(model, &text, choices, lengths, 1, floats, 4, &count, NULL), GAU_USAGE, "gau_choose is for multiple choice");
    EXPECT(gau_rerank(model, &text, choices, lengths, 1, 0, floats, 4, &count, NULL), GAU_USAGE, "reranking needs a cross-encoder");
    EXPECT(gau_answer(model, &text, &span, NULL), GAU_USAGE, "gau_answer is for question answering");
    EXPECT(gau_entity_label_count(model, &count), GAU_OK, NULL);
    HOLDS(count == 0);
    EXPECT(gau_score(model, &text, floats, 2048, &count, NULL), GAU_NO_ANSWER, "not finite");
    EXPECT(gau_embed(model, &text, GAU_POOLING_MEAN, 1, floats, 2048, &count, NULL), GAU_NO_ANSWER, "not finite");
    EXPECT(gau_fill(model, &masks, 5, filled, 64, &count, NULL), GAU_NO_ANSWER, "not finite");
    EXPECT(gau_free(model), GAU_OK, NULL);
}

int main(int argc, char **argv)
{
    gau_model model, again;
    if (argc != 6) return GAU_USAGE;
    HOLDS(gau_last_error(NULL, 0) == 0);
    bad_models(0);
    bad_models(1);
    bad_models((gau_model)-1);
    bad_files(argv[1]);
    EXPECT(gau_load_default(&model), GAU_OK, NULL);
    bad_arguments(model);
    small_buffers(model);
    EXPECT(gau_free(model), GAU_OK, NULL);
    bad_models(model);
    EXPECT(gau_load_default(&again), GAU_OK, NULL);
    HOLDS(again != model);
    bad_models(model);
    EXPECT(gau_free(again), GAU_OK, NULL);
    token_heads(argv[2]);
    choice_heads(argv[3]);
    question_heads(argv[4]);
    other_models(argv[2], argv[5]);
    printf("%d checks, %d failed\n", checks, failures);
    return failures == 0 ? 0 : 1;
}
