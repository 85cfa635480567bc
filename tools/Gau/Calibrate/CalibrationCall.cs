using System.CommandLine;
using System.Globalization;
using GauRuntime.Cli.Evaluate;
using GauRuntime.Cli.Records;
using GauRuntime.Evaluation;
using GauRuntime.Evaluation.Metrics;
using GauRuntime.Fitting;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Calibrate;

/// <summary>Calibrates the model that a command line names, and tells what came of it.</summary>
internal sealed class CalibrationCall(RecordOptions options, ParseResult result, CommandHost host)
{
    // The logits, once more as probabilities, and sorted by label.
    private const long OwnBytes = 6L * sizeof(float) * LogitCollection.MostValues;

    private readonly bool json = result.GetValue<bool>(CommonOptions.JsonName);

    /// <summary>The model file.</summary>
    public required string Model { get; init; }

    /// <summary>The field of the label.</summary>
    public required string Labels { get; init; }

    /// <summary>Where the calibrated model goes.</summary>
    public required string Output { get; init; }

    /// <summary>The precision that is wanted of each of several labels, or null.</summary>
    public required double? Precision { get; init; }

    /// <returns>The exit code; faults are exceptions.</returns>
    public int Execute(string[] data)
    {
        InputFile[] files = Inputs.Find(data, options.InputFormat(result), host, json);
        options.CheckFields(result, files);
        string? rejects = options.Rejects(result);
        if (Output == "-")
            throw new ToolException(ExitCode.Usage, "--output: a model goes into a file, not to standard output");
        if (Precision == 0)
            throw new ToolException(ExitCode.Usage, "--precision is above 0");
        TouchedFiles touched = Inputs.Touched(host, files);
        touched.Read(Model);
        touched.WriteTo(Output, "--output");
        touched.WriteTo(rejects, "--rejects");
        bool force = options.Force(result);
        using OutputFile output = host.Create(Output, force);
        using OutputFile? rejected = rejects is null ? null : host.Create(rejects, force);
        using GauModel model = ModelSource.LoadToCompute(Model);
        if (Collect(model, files, rejected) is not { } fit)
            return ExitCode.Ok;
        ModelFileWriter.AddCalibration(model.File, output.Stream, fit.Calibration);
        model.File.RequireUnchanged();
        output.Commit();
        IReadOnlyList<string> labels = model.Head.Labels;
        host.Print(json ? CalibrationReport.Json(fit, labels) : CalibrationReport.Words(fit, labels));
        host.Note($"the calibrated model is {Output}", json);
        return ExitCode.Ok;
    }

    // Null where the run is a dry one.
    private CalibrationFit? Collect(GauModel model, InputFile[] files, OutputFile? rejected)
    {
        EvaluationRun collecting = EvaluationRun.Collecting(model, Labels, out LogitCollection logits);
        if (Precision is not null
            && (model.Head.Kind, model.Head.ProblemType) != (HeadKind.SequenceClassification, ProblemType.MultiLabel))
            throw new ToolException(
                ExitCode.Usage, "--precision is for a model that gives a text several labels; this one gives one");
        string? hash = null;
        RunTotals totals = new LabelledRun(options, result, host)
        {
            Labels = Labels, OwnBytes = OwnBytes, Rejects = rejected,
        }.Do(
            collecting, files,
            (run, source) =>
            {
                collecting.Run(run, rejected?.Stream, predictions: null, detailed: false, host.Cancel);
                hash = source.Digest.ToString("x32", CultureInfo.InvariantCulture);
            });
        if (hash is null)
            return null;
        MonitoredRun.RequireResult(totals);
        if (model.Head.Calibration is not null)
            host.Note("the model was calibrated before; that calibration is replaced", json);
        if (logits.Count > logits.Examples.Count)
            host.Note($"fitted to a random sample of {logits.Examples.Count} records", json);
        string[] names = [.. files.Select(file => file.Name)];
        CalibrationFit fit =
            CalibrationFit.Of(
                model.Head, logits.Examples, Precision, [.. names.Select(name => Path.GetFileName(name))], hash,
                out string? fault)
            ?? throw new GauFormatException(
                names.Length == 1 ? names[0] : $"{names[0]} and {names.Length - 1} more", "labels", fault!);
        Note("labels keep the threshold 0.5, because fewer than "
            + $"{ThresholdFit.LeastRecords} records have them", fit.Rare);
        Note("labels have that precision from no score on and are never chosen", fit.Never);
        return fit;
    }

    private void Note(string what, IReadOnlyList<string> labels)
    {
        const int Shown = 10;
        if (labels.Count == 0)
            return;
        string names = string.Join(", ", labels.Take(Shown).Select(label => Printable.OneLine(label)));
        host.Note($"{labels.Count} {what}: {names}{(labels.Count > Shown ? ", …" : "")}", json);
    }
}
