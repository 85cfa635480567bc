using System.Diagnostics.CodeAnalysis;
using GauRuntime.Scoring.Formats;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>The answers of the last texts, so that a text that comes again is not computed again.</summary>
/// <remarks>
/// It changes no result, since a text gives the same bits every time. Bounded: the last 1024 different texts of at most
/// 1024 characters each.
/// </remarks>
internal sealed class AnswerWindow
{
    private const int MostTexts = 1024;
    private const int MostCharacters = 1024;

    private const int BytesPerText = 256;   // besides its characters and its answer

    private readonly Dictionary<(string? Text, string? Pair), Answer> answers = new(MostTexts);
    private readonly Queue<(string? Text, string? Pair)> order = new(MostTexts);

    /// <summary>What it holds at most.</summary>
    public static long BytesFor(RecordTask task) =>
        MostTexts * (BytesPerText + MostCharacters * sizeof(char)
            + task.RowBytes(new string(' ', MostCharacters), null, MostCharacters));

    /// <summary>The answer of an equal record, be it computed yet or not.</summary>
    public bool TryFind(TextRecord record, [NotNullWhen(true)] out Answer? answer)
    {
        answer = null;
        return CanShare(record) && answers.TryGetValue((record.Text, record.Pair), out answer);
    }

    /// <summary>Remembers the answer of a record that <see cref="TryFind"/> did not find.</summary>
    public void Add(TextRecord record, Answer answer)
    {
        if (!CanShare(record) || (record.Text?.Length ?? 0) + (record.Pair?.Length ?? 0) > MostCharacters)
            return;
        if (order.Count == MostTexts)
            answers.Remove(order.Dequeue());
        answers.Add((record.Text, record.Pair), answer);
        order.Enqueue((record.Text, record.Pair));
    }

    // The answer of a text whose bytes were replaced says so.
    private static bool CanShare(TextRecord record) => record.Choices is null && record.Replaced is not true;
}
