using System.CommandLine;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Scoring.Vectors;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Vectors;

/// <summary>Reads the vectors of a command's inputs, or makes them of the texts there.</summary>
internal sealed class VectorSource(
    RecordOptions options, EmbedderOptionSet embedder, ParseResult result, CommandHost host)
{
    private const long OwnBytes = 64 << 20, BytesOfInputByte = 12;   // of ids, texts and lists that grow

    /// <summary>The vectors.</summary>
    /// <param name="inputs">What was typed.</param>
    /// <param name="keepsTexts">Whether texts are held.</param>
    /// <exception cref="ToolException">An option would have no effect, or no record has a vector.</exception>
    public VectorTable Open(InputFile[] inputs, bool keepsTexts)
    {
        int longest = options.LongestLine(result);
        if (inputs.FirstOrDefault(input => VectorFiles.AreIn(input, longest)) is not { } vectors)
            return Embed(inputs, keepsTexts);
        if (inputs.Length > 1)
            throw new ToolException(
                ExitCode.Usage,
                $"{Printable.OneLine(vectors.Name)}: vectors stand alone: name one file of them, or files of texts",
                vectors.Name);
        RequireNoTexts(vectors.Name);
        return VectorFiles.Open(vectors, longest, keepsTexts, host.Cancel);
    }

    // Refuses options about texts and models, where there are vectors already.
    private void RequireNoTexts(string name)
    {
        IEnumerable<Option> idle = embedder.All.Concat(options.OfTexts);
        // A variable may be there for other commands.
        if (idle.FirstOrDefault(option => EnvironmentOptions.IsTyped(result, option, host.Environment)) is { } given)
            throw new ToolException(
                ExitCode.Usage, $"{given.Name}: {Printable.OneLine(name)} holds vectors already, no texts", name);
    }

    private VectorTable Embed(InputFile[] inputs, bool keepsTexts)
    {
        options.CheckFields(result, inputs);
        using GauModel model = ModelSource.LoadToCompute(options.Model(result));
        EmbedTask task = new(model, embedder.Value(result));
        using RecordSource source = new(
            inputs, options.Fields(result, task.DefaultFields), options.LongestLine(result));
        ScoringOptions asked = options.Run(result, host, model);
        MemoryBound memory = new(options.Memory(result), asked.Threads, limit => Plan(task, source, asked, limit));
        using OutputFile? rejects = options.Rejects(result) is { } path
            ? host.Create(path, options.Force(result))
            : null;
        VectorTable table = new(inputs[0].Name, keepsTexts) { Description = task.Describe(asked) };
        try
        {
            RunTotals totals = new MonitoredRun(options, result, host) { Rejects = rejects }.Do(
                task, source, RecordFormat.JsonLines, memory,
                run => run.Write(new VectorSink(table, rejects?.Stream), host.Cancel));
            if (!inputs.All(Inputs.IsStandard))
                MonitoredRun.RequireResult(totals);
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static MemoryPlan Plan(EmbedTask task, RecordSource source, ScoringOptions asked, long limit)
    {
        long own = OwnBytes + BytesOfInputByte * (source.BytesTotal ?? OwnBytes);
        own = Math.Min(own, limit / 2);
        MemoryPlan plan = MemoryPlan.For(task, source, asked, toTable: false, limit - own);
        return plan with { Heap = plan.Heap + own };
    }
}
