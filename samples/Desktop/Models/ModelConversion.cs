using GauRuntime.Convert.Conversion;
using GauRuntime.Desktop.Server;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Desktop.Models;

/// <summary>Makes a model of a checkpoint, as <c>gau-convert</c> does.</summary>
/// <param name="store">Where it goes.</param>
internal sealed class ModelConversion(ModelStore store)
{
    /// <summary>Names of the dialects, the usual one first.</summary>
    public const string Dialects = "port, keras, google";

    /// <summary>Converts.</summary>
    /// <param name="call">What, and how.</param>
    /// <param name="told">Is told what was found, and how far it is.</param>
    /// <param name="cancel">Ends it between two matrices, and leaves nothing.</param>
    /// <exception cref="GauFormatException">A file is malformed, or they do not fit together.</exception>
    /// <exception cref="IOException">A file is not there, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ConversionAnswer Run(ConversionCall call, Action<ConversionLine> told, CancellationToken cancel)
    {
        Dialect dialect = DialectOf(call.Dialect);
        string output = store.NewPath(call.Path);
        bool isMade = false;
        try
        {
            ConvertOptions options = new()
            {
                Checkpoint = call.Path, Output = output, Dialect = dialect, Report = ModelStore.ReportOf(output),
            };
            using ToldLines lines = new(line => Tell(new ConversionLine(Message: line)));
            ConversionResult result = Converter.Run(
                options,
                new ConvertMessages(
                    lines, quiet: false, terminal: false, share => Tell(new ConversionLine(Share: share))));
            isMade = true;
            return Describe(result, options.Report);
        }
        finally
        {
            if (!isMade)
                ModelStore.Remove(output);
        }

        void Tell(ConversionLine line)
        {
            cancel.ThrowIfCancellationRequested();
            told(line);
        }
    }

    /// <summary>A dialect by its name.</summary>
    /// <exception cref="ApiFault">There is none of that name.</exception>
    public static Dialect DialectOf(string name) => name switch
    {
        "port" => Dialect.Port,
        "keras" => Dialect.Keras,
        "google" => Dialect.Google,
        _ => throw ApiFault.Request($"dialects are {Dialects}"),
    };

    private static ConversionAnswer Describe(ConversionResult result, string report) => new(
        result.Output, report, result.Bytes, CheckpointSource.KindName(result.Kind),
        result.Model.Encoder.Traits.Title, result.Model.Map.Extra, result.Model.Map.Ignored,
        [
            .. result.Reports.Select(matrix => new MatrixAnswer(
                matrix.Name, JsonName.Of(matrix.Type), matrix.Bytes, matrix.RelativeError)),
        ]);
}
