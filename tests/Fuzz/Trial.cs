using System.Text.RegularExpressions;
using GauRuntime.Scoring;
using GauRuntime.Weights;

namespace GauRuntime.Fuzz;

/// <summary>How a parser took an input.</summary>
/// <param name="Fault">What it must not have done, or null.</param>
/// <param name="Answer">What it said, without the numbers; empty where it took the input.</param>
internal sealed record Verdict(string? Fault, string Answer);

/// <summary>Gives a parser an input and judges what comes of it.</summary>
/// <remarks>
/// An input is read, or refused by an exception of the house with a message of one line; in little time, and in memory
/// that its size bounds.
/// </remarks>
internal static partial class Trial
{
    /// <summary>An input that takes longer is slow, in time of the processor; milliseconds are usual.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static Verdict Run(FuzzTarget target, FuzzInput input)
    {
        Exception? thrown = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan time = ProcessorTime.Of(() => thrown = Parse(target, input));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long most = target.FixedBytes + target.BytesPerByte * input.Bytes.Length;
        string? fault = thrown is not null && !IsRefusal(target, thrown) ? thrown.ToString()
            : time > Longest ? $"slow: {time.TotalSeconds:F1} s for {input.Bytes.Length} bytes"
            : allocated > most ? $"greedy: {allocated} bytes allocated for {input.Bytes.Length}; {most} are allowed"
            : null;
        return new Verdict(fault, thrown is null ? "" : Numbers().Replace(thrown.Message, "#"));
    }

    private static Exception? Parse(FuzzTarget target, FuzzInput input)
    {
        try
        {
            target.Parse(input);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static bool IsRefusal(FuzzTarget target, Exception thrown) =>
        (thrown is GauFormatException or ScoringException || target.NamesFiles && thrown is FileNotFoundException)
        && !thrown.Message.AsSpan().ContainsAny('\n', '\r');

    // Messages that differ in names and numbers alone are one answer.
    [GeneratedRegex(@"[0-9]+|'[^']*'|""[^""]*""")]
    private static partial Regex Numbers();
}
