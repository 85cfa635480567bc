using System.Reflection;
using System.Text.Json;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Jobs;

/// <summary>
/// Everything that the bytes of a job's output depend on, as names and values. What changes nothing (threads, batches)
/// is not in it.
/// </summary>
/// <remarks>
/// A value holds at most one thing that a user or a file can spell, so no two jobs are spelled alike.
/// </remarks>
internal sealed class JobFingerprint
{
    private const string ShardName = "shard";
    private const string RejectsName = "rejects";
    private const string InputName = "input ";

    private readonly List<KeyValuePair<string, string>> values;

    private JobFingerprint(List<KeyValuePair<string, string>> values) => this.values = values;

    /// <summary>Whether the job writes a rejects file.</summary>
    public bool WritesRejects => values.Contains(new(RejectsName, "yes"));

    /// <summary>That of a job.</summary>
    public static JobFingerprint Of(ScoringRun run, JobOutput output)
    {
        RecordFields fields = run.Source.Fields;
        IReadOnlyList<InputFile> inputs = run.Source.Inputs;
        ModelFileReader model = run.Task.Model.File;
        List<KeyValuePair<string, string>> values =
        [
            new("program", Version()),
            new("model", $"{model.Hash} {model.Metadata[ModelMetadata.MetadataHash]}"),
            new("task", run.Task.Head.Windows is { } windows ? $"{run.Task.Name}, {windows}" : run.Task.Name),
            new("field of the text", Quoted(fields.Text)),
            new("field of the pair", Quoted(fields.Pair)),
            new("field of the id", Quoted(fields.Id)),
            new("field of the choices", Quoted(fields.Choices)),
            new("other fields", fields.KeepOthers ? "kept" : "left out"),
            new("texts", fields.KeepTexts ? "kept" : "left out"),
            new("bytes that are no characters", fields.ReplaceInvalid ? "replaced" : "rejected"),
            new("delimiter of CSV", fields.Delimiter is { } mark ? $"{(int)mark:x2} (hexadecimal)" : "the usual"),
            new("columns of CSV and TSV", fields.HasHeader ? "named" : "numbered"),
            new("longest text", $"{run.Options.MaxLength} tokens"),
            new("longest line", $"{run.Source.LongestLine} bytes"),
            new("output format", $"{output.Format}, compression {output.Compression}"),
            new("byte order mark", run.ByteOrderMark ? "yes" : "no"),
            new(RejectsName, output.Rejects is null ? "no" : "yes"),
            new(ShardName, $"{output.Shard}"),
        ];
        for (int i = 0; i < inputs.Count; i++)
        {
            values.Add(new($"{InputName}{i + 1}", Described(inputs[i])));
            if (!RecordFormats.IsTable(inputs[i].Format))
                values.Add(new($"encoding of {InputName}{i + 1}", run.Source.Beginnings[i].Encoding.FullName()));
            if (RecordFormats.IsDelimited(inputs[i].Format))
                values.Add(new($"quotes of {InputName}{i + 1}", $"{run.Source.Beginnings[i].Quotes}"));
            values.Add(
                new($"size of {InputName}{i + 1}", inputs[i].Length is { } bytes ? $"{bytes} bytes" : "unknown"));
        }
        values.Add(new("ids", run.Source.Beginnings.HasIds ? "of the records" : "numbers"));
        values.AddRange(run.Task.DependsOn);
        return new JobFingerprint(values);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static JobFingerprint Read(JsonElement json) => new(
        [.. json.EnumerateObject().Select(p => new KeyValuePair<string, string>(p.Name, p.Value.GetString() ?? ""))]);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach ((string name, string value) in values)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>The first thing in which another job differs, in words; null where they are the same.</summary>
    /// <param name="other">The earlier job.</param>
    /// <param name="anyShard">Whether both may be shards of one job.</param>
    public string? Difference(JobFingerprint other, bool anyShard = false)
    {
        for (int i = 0; i < Math.Max(values.Count, other.values.Count); i++)
        {
            if (i >= values.Count || i >= other.values.Count || values[i].Key != other.values[i].Key)
                return Unlike(i, other);
            (string name, string value) = values[i];
            if (value != other.values[i].Value && !(anyShard && name == ShardName))
                return $"{name}: was '{other.values[i].Value}', is '{value}'{NameOf(name)}";
        }
        return null;
    }

    // Up to there all names are the same, so one job has an input that the other has not.
    private string Unlike(int index, JobFingerprint other)
    {
        if (index < values.Count && values[index].Key.StartsWith(InputName, StringComparison.Ordinal))
            return $"{values[index].Key}, '{values[index].Value}', was not there";
        if (index < other.values.Count && other.values[index].Key.StartsWith(InputName, StringComparison.Ordinal))
            return $"{other.values[index].Key}, '{other.values[index].Value}', is no longer there";
        return "the inputs are others";
    }

    // Which input is meant by its number, if one is.
    private string NameOf(string name)
    {
        int at = name.IndexOf($" of {InputName}", StringComparison.Ordinal);
        return at < 0 ? "" : $"; that is '{values.Find(v => v.Key == name[(at + 4)..]).Value}'";
    }

    // A file may have a name that reads like standard input's.
    private static string Described(InputFile input) =>
        $"{input.Name}, {input.Format}{(input.Path is null ? ", no file" : "")}";

    // A field may have any name, "none" too.
    private static string Quoted(string? field) => field is null ? "none" : $"\"{field}\"";

    private static string Version() =>
        typeof(JobFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;
}
