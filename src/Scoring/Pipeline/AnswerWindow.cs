using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Scoring.Pipeline;

/// <summary>The answers of the last texts, so that a text that comes again is not computed again.</summary>
/// <remarks>
/// It changes no result, since a text gives the same bits every time. Bounded: the last 1024 different texts of at most
/// 1024 characters each. They are copied, because strings that live that long would make the heap grow for a while with
/// every collection.
/// </remarks>
/// <param name="answers">Where answers go back to that came too long ago.</param>
internal sealed class AnswerWindow(AnswerPool answers)
{
    private const int MostTexts = 1024;
    private const int MostCharacters = 1024;

    private const int BytesPerText = 256;   // besides its characters and its answer

    private readonly Place[] places = new Place[MostTexts];
    private readonly Dictionary<UInt128, int> byHash = new(MostTexts);
    private int next;

    /// <summary>What it holds at most.</summary>
    public static long BytesFor(RecordTask task) =>
        MostTexts * (BytesPerText + MostCharacters * sizeof(char)
            + task.RowBytes(new string(' ', MostCharacters), null, MostCharacters));

    /// <summary>The answer of an equal record, be it computed yet or not.</summary>
    public bool TryFind(in TextRecord record, [NotNullWhen(true)] out SharedAnswer? answer)
    {
        answer = null;
        if (CanShare(record) && byHash.TryGetValue(Hash(record), out int index) && places[index].Holds(record))
            answer = places[index].Answer;
        return answer is not null;
    }

    /// <summary>Remembers the answer of a record that <see cref="TryFind"/> did not find.</summary>
    public void Add(in TextRecord record, SharedAnswer answer)
    {
        UInt128 hash = Hash(record);
        // Of two texts with one hash the first is remembered.
        if (!CanShare(record) || !byHash.TryAdd(hash, next))
            return;
        ref Place place = ref places[next];
        if (place.Answer is { } oldest)
        {
            byHash.Remove(place.Hash);
            answers.Release(oldest);
        }
        answer.Hold();
        place.Set(record, hash, answer);
        next = (next + 1) % MostTexts;
    }

    // The answer of a text whose bytes were replaced says so.
    private static bool CanShare(in TextRecord record) =>
        record.Choices is null && record.Replaced is not true
        && (record.Text?.Length ?? 0) + (record.Pair?.Length ?? 0) <= MostCharacters;

    private static UInt128 Hash(in TextRecord record)
    {
        UInt128 text = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(record.Text.AsSpan()));
        return record.Pair is null
            ? text
            : XxHash128.HashToUInt128(MemoryMarshal.AsBytes(record.Pair.AsSpan()), seed: (long)(ulong)text);
    }

    private struct Place
    {
        private char[]? characters;   // of the text, then of the pair
        private int textLength;
        private int pairLength;   // -1: there is none

        public UInt128 Hash { get; private set; }

        public SharedAnswer? Answer { get; private set; }

        public readonly bool Holds(in TextRecord record) =>
            record.Pair is null == pairLength < 0
            && record.Text.AsSpan().SequenceEqual(characters.AsSpan(0, textLength))
            && record.Pair.AsSpan().SequenceEqual(characters.AsSpan(textLength, Math.Max(0, pairLength)));

        public void Set(in TextRecord record, UInt128 hash, SharedAnswer answer)
        {
            (Hash, Answer) = (hash, answer);
            (textLength, pairLength) = (record.Text?.Length ?? 0, record.Pair?.Length ?? -1);
            int length = textLength + Math.Max(0, pairLength);
            if (characters is null || characters.Length < length)
                characters = new char[Math.Min(MostCharacters, 2 * length)];
            record.Text.AsSpan().CopyTo(characters);
            record.Pair.AsSpan().CopyTo(characters.AsSpan(textLength));
        }
    }
}
