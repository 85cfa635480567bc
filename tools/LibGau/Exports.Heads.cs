using System.Runtime.InteropServices;
using System.Text;
using GauRuntime.Answers;
using GauRuntime.Tools;

namespace GauRuntime.LibGau;

/// <summary>The functions of <c>gau.h</c> for heads of tokens, choices, pairs and questions.</summary>
internal static unsafe partial class Exports
{
    private const int MostChoices = 1 << 16;

    [UnmanagedCallersOnly(EntryPoint = "gau_entity_label_count")]
    public static int GetEntityLabelCount(ulong model, nuint* count) =>
        Ask(model, count, "count", static loaded => loaded.EntityLabels.Count);

    [UnmanagedCallersOnly(EntryPoint = "gau_entity_label")]
    public static int GetEntityLabel(ulong model, nuint index, byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(length, "length");
            IReadOnlyList<string> labels = call.Model.EntityLabels;
            if (index >= (nuint)labels.Count)
                throw Status.Usage($"there are {labels.Count} labels of entities, and none of index {index}");
            return Argument.ReturnString(
                Encoding.UTF8.GetBytes(labels[(int)index]), Argument.Buffer(buffer, capacity, "buffer"), length);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_entities")]
    public static int FindEntities(
        ulong model, NativeText* text, NativeEntity* entities, nuint capacity, nuint* count, NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(text, "text");
            Argument.Require(count, "count");
            Span<NativeEntity> buffer = Argument.Buffer(entities, capacity, "entities");
            EntityHead head = call.Model.Head<EntityHead>("gau_entities", "token classification");
            call.Add(head, *text);
            EntityAnswer answer = call.Answer(head);
            List<TextEntity> found = answer.Entities;
            *count = (nuint)found.Count;
            if (found.Count > buffer.Length)
                return Argument.TooSmall(found.Count, buffer.Length);
            for (int i = 0; i < found.Count; i++)
                buffer[i] = new NativeEntity
                {
                    Label = head.Scheme.IndexOf(found[i].Label), Score = found[i].Score, Pair = found[i].InPair ? 1 : 0,
                    Start = call.CodePoint(found[i].Start, found[i].InPair),
                    End = call.CodePoint(found[i].End, found[i].InPair),
                };
            return Inform(info, answer.Text);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_choose")]
    public static int Choose(
        ulong model, NativeText* text, byte** choices, nuint* lengths, nuint choiceCount, float* probabilities,
        nuint capacity, nuint* count, NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(text, "text");
            Argument.Require(choices, "choices");
            Argument.Require(lengths, "choice_lengths");
            Argument.Require(count, "count");
            Span<float> buffer = Argument.Buffer(probabilities, capacity, "probabilities");
            ChoiceHead head = call.Model.Head<ChoiceHead>("gau_choose", "multiple choice");
            if (choiceCount is 0 or > MostChoices)
                throw Status.Usage($"choice_count is {choiceCount}, not 1 to {MostChoices}");
            *count = choiceCount;
            if ((int)choiceCount > buffer.Length)
                return Argument.TooSmall((int)choiceCount, buffer.Length);
            call.Add(head, *text, choices, lengths, (int)choiceCount);
            return Inform(info, call.Answer(head).CopyTo(buffer));
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_rerank")]
    public static int Rerank(
        ulong model, NativeText* query, byte** candidates, nuint* lengths, nuint candidateCount, int raw,
        float* scores, nuint capacity, nuint* count, NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(query, "query");
            Argument.Require(candidates, "candidates");
            Argument.Require(lengths, "candidate_lengths");
            Argument.Require(count, "count");
            Span<float> buffer = Argument.Buffer(scores, capacity, "scores");
            ScoreHead head = call.Model.Scores(raw != 0);
            if (candidateCount is 0 or > MostChoices)
                throw Status.Usage($"candidate_count is {candidateCount}, not 1 to {MostChoices}");
            *count = candidateCount;
            if ((int)candidateCount > buffer.Length)
                return Argument.TooSmall((int)candidateCount, buffer.Length);
            return Inform(info, call.Score(head, *query, candidates, lengths, buffer[..(int)candidateCount]));
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "gau_answer")]
    public static int Answer(ulong model, NativeText* text, NativeSpan* span, NativeTextInfo* info)
    {
        try
        {
            using Call call = new(model);
            Argument.Require(text, "text");
            Argument.Require(span, "span");
            SpanHead head = call.Model.Head<SpanHead>("gau_answer", "question answering");
            Argument.Require(text->Pair, "pair");
            call.Add(head, *text);
            SpanAnswer answer = call.Answer(head);
            *span = !answer.Found ? default : new NativeSpan
            {
                Found = 1, Start = call.CodePoint(answer.Start, inPair: true),
                End = call.CodePoint(answer.End, inPair: true), Score = answer.Score,
            };
            return Inform(info, answer.Text);
        }
        catch (Exception e)
        {
            return Status.Of(e);
        }
    }
}
