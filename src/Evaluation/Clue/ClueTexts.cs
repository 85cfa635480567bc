using System.Globalization;
using System.Text;
using System.Text.Json;
using GauRuntime.Scoring.Records;
using GauRuntime.Text;

namespace GauRuntime.Evaluation.Clue;

/// <summary>How each task's texts are built, see docs/clue.md.</summary>
internal static class ClueTexts
{
    /// <summary>iflytek, tnews: <c>sentence</c>.</summary>
    public static IEnumerable<ClueRecord> Sentence(JsonElement element, ClueContext context) =>
        [Labelled(element, context) with { Text = element.Text("sentence") }];

    /// <summary>afqmc, cmnli, ocnli: <c>sentence1</c> and <c>sentence2</c>.</summary>
    public static IEnumerable<ClueRecord> Sentences(JsonElement element, ClueContext context) =>
        [Labelled(element, context) with { Text = element.Text("sentence1"), Pair = element.Text("sentence2") }];

    /// <summary>csl: the keywords, and the abstract.</summary>
    public static IEnumerable<ClueRecord> Keywords(JsonElement element, ClueContext context) =>
    [
        Labelled(element, context) with
        {
            Text = string.Join(' ', ClueText.Texts(element.Field("keyword", JsonValueKind.Array))),
            Pair = element.Text("abst"),
        },
    ];

    /// <summary>wsc: the text, with _ around the noun (span1) and [ ] around the pronoun (span2).</summary>
    public static IEnumerable<ClueRecord> Pronoun(JsonElement element, ClueContext context)
    {
        string text = element.Text("text");
        JsonElement target = element.Field("target", JsonValueKind.Object);
        (int Start, int End) noun = Span(target, "span1", text), pronoun = Span(target, "span2", text);
        (int At, int Order, char Mark)[] marks =
        [
            (noun.Start, 2, '_'), (noun.End, 1, '_'), (pronoun.Start, 3, '['), (pronoun.End, 0, ']'),
        ];
        StringBuilder marked = new(text);
        // From the end, so that places stay what they are; where two spans touch, one closes before the other opens.
        foreach ((int at, _, char mark) in marks.OrderByDescending(m => m.At).ThenByDescending(m => m.Order))
            marked.Insert(at, mark);
        return [Labelled(element, context) with { Text = marked.ToString() }];
    }

    /// <summary>cluener: the text; entities by label and text, with places whose last is inside.</summary>
    public static IEnumerable<ClueRecord> Entities(JsonElement element, ClueContext context)
    {
        string text = element.Text("text");
        string? label = element.Given("label") is null
            ? null
            : Entities(element.Field("label", JsonValueKind.Object), text);
        return [new ClueRecord { Id = element.Id(), Text = text, Label = label }];
    }

    /// <summary>cmrc2018: every question of an article, and its paragraph.</summary>
    public static IEnumerable<ClueRecord> Questions(JsonElement article, ClueContext context)
    {
        foreach (JsonElement paragraph in article.Field("paragraphs", JsonValueKind.Array).EnumerateArray())
        {
            string passage = paragraph.Text("context");
            foreach (JsonElement question in paragraph.Field("qas", JsonValueKind.Array).EnumerateArray())
                yield return new ClueRecord
                {
                    Id = question.Id(), Text = question.Text("question"), Pair = passage, Label = Answers(question),
                };
        }
    }

    /// <summary>c3: the lines of a dialogue or text; each choice behind the question.</summary>
    public static IEnumerable<ClueRecord> Dialogue(JsonElement element, ClueContext context)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() < 2
            || element[1].ValueKind != JsonValueKind.Array)
            throw new ClueFault("expected an array of lines and questions");
        string text = string.Join('\n', ClueText.Texts(element[0]));
        foreach (JsonElement question in element[1].EnumerateArray())
        {
            string asked = question.Text("question");
            string[] choices = ClueText.Texts(question.Field("choice", JsonValueKind.Array));
            int right = question.Given("answer") is null ? -2 : Array.IndexOf(choices, question.Text("answer"));
            yield return new ClueRecord
            {
                Id = question.Id(),
                Text = text,
                // One too many is enough to refuse it: each holds the whole question.
                Choices = [.. choices.Take(JsonRecord.MostChoices + 1).Select(choice => $"{asked} {choice}")],
                Label = right >= 0 ? right.ToString(CultureInfo.InvariantCulture) : null,
                Error = right == -1 ? "the answer is none of the choices" : null,
            };
        }
    }

    /// <summary>chid: a record per blank of each text: [MASK] four times there, [UNK] in the other blanks.</summary>
    public static IEnumerable<ClueRecord> Idioms(JsonElement element, ClueContext context)
    {
        string[] candidates = ClueText.Texts(element.Field("candidates", JsonValueKind.Array));
        string[] texts = element.Given("content") is { ValueKind: JsonValueKind.String } only
            ? [only.GetString()!]
            : ClueText.Texts(element.Field("content", JsonValueKind.Array));
        if (texts.SelectMany(IdiomBlanks.Find).Skip(IdiomBlanks.Most).Any())
            throw new ClueFault($"more than {IdiomBlanks.Most} blanks");
        foreach (string text in texts)
        {
            foreach (string blank in IdiomBlanks.Find(text))
            {
                int? right = context.Answers?.TryGetValue(blank, out int index) == true ? index : null;
                yield return new ClueRecord
                {
                    Id = RecordId.OfText(blank),
                    Text = IdiomBlanks.Ask(text, blank),
                    Choices = candidates,
                    ParsesSpecial = true,
                    Label = right?.ToString(CultureInfo.InvariantCulture),
                    Error = right is { } of && (of < 0 || of >= candidates.Length)
                        ? string.Create(
                            CultureInfo.InvariantCulture, $"answer {of}: there are {candidates.Length} candidates")
                        : null,
                };
            }
        }
    }

    private static ClueRecord Labelled(JsonElement element, ClueContext context) =>
        element.ValueKind != JsonValueKind.Object
            ? throw new ClueFault("expected a JSON object")
            : new ClueRecord { Id = element.Id(), Label = context.Label(element) };

    private static (int Start, int End) Span(JsonElement target, string name, string text)
    {
        string span = target.Text(name + "_text");
        int index = target.Whole(name + "_index"), start = new CodePoints(text).Offset(index);
        return start >= 0 && string.CompareOrdinal(text, start, span, 0, span.Length) == 0
            ? (start, start + span.Length)
            : throw new ClueFault($"'{span}' does not stand at {index}");
    }

    private static string Entities(JsonElement kinds, string text)
    {
        CodePoints points = new(text);
        return EntityLabels.Write(
            from kind in kinds.EnumerateObject()
            from entity in kind.Value.ValueKind == JsonValueKind.Object
                ? kind.Value.EnumerateObject() : throw new ClueFault($"'{kind.Name}' holds no entities")
            from place in entity.Value.ValueKind == JsonValueKind.Array
                ? entity.Value.EnumerateArray() : throw new ClueFault($"'{entity.Name}' has no places")
            select EntityLabels.Of(kind.Name, entity.Name, place, points));
    }

    private static string? Answers(JsonElement question)
    {
        if (question.Given("answers") is null)
            return null;
        JsonElement answers = question.Field("answers", JsonValueKind.Array);
        if (answers.GetArrayLength() == 0)
            return null;
        return $"[{string.Join(',', answers.EnumerateArray().Select(a => ClueText.Quoted(a.Text("text"))))}]";
    }
}
