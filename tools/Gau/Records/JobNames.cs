using GauRuntime.Scoring;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Records;

/// <summary>Names a job's files in messages as the user did: nobody has typed the names of its work files.</summary>
internal sealed class JobNames(JobOutput output)
{
    private const string WorkFile = "a file kept beside it";
    private const int AttemptLength = 32;   // what ends the names that shards add

    private readonly string[] names = [.. Named(output).Select(path => Path.GetFileName(path))];

    /// <summary>Does something with the job.</summary>
    public void Shown(Action work) => Shown<object?>(() =>
    {
        work();
        return null;
    });

    /// <inheritdoc cref="Shown(Action)"/>
    public T Shown<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (Renamed(e) is { } renamed)
        {
            throw renamed;
        }
    }

    // The same fault in other words, or null where its words are right.
    private Exception? Renamed(Exception fault)
    {
        string message = Named(fault.Message);
        string? file = (fault as ScoringException)?.File ?? (fault as GauFormatException)?.File;
        bool isWorkFile = file is not null && Named(file) != file;
        if (message == fault.Message && !isWorkFile)
            return null;
        return fault switch
        {
            ScoringException e => new ScoringException(
                e.Fault, isWorkFile ? $"{WorkFile}: {message}" : message, e.File is null ? null : Named(e.File), e),
            GauFormatException e => new GauFormatException(Named(e.File), $"{WorkFile}, {e.Place}", e.Reason),
            UnauthorizedAccessException => new UnauthorizedAccessException(message, fault),
            IOException => new IOException(message, fault) { HResult = fault.HResult },
            _ => null,
        };
    }

    private string Named(string text)
    {
        foreach (string name in names)
        {
            foreach (string suffix in JobFiles.WorkSuffixes)
            {
                for (int at; (at = text.IndexOf(name + suffix, StringComparison.Ordinal)) >= 0;)
                    text = text[..(at + name.Length)] + Rest(text[(at + name.Length + suffix.Length)..]);
            }
        }
        return text;
    }

    // Without what sets the work files of an attempt at a shard apart.
    private static string Rest(string text)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '.'))
            end++;
        return end > AttemptLength ? text[end..] : text;
    }

    private static IEnumerable<string> Named(JobOutput output) => output.Shard is null
        ? ((string?[])[output.Path, output.Rejects, .. output.Beside]).OfType<string>()
        : output.WorkFiles;
}
