using GauRuntime.Kernels;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli;

/// <summary>Finds the model of a command.</summary>
internal static class ModelSource
{
    private const string DefaultResource = "default-model";

    /// <summary>Loads a model to compute with: kernels are made while it is checked.</summary>
    /// <inheritdoc cref="Load"/>
    public static GauModel LoadToCompute(string? path)
    {
        // What fails here fails again where kernels are needed, and is said there.
        _ = Task.Run(KernelTiers.Prepare, CancellationToken.None);
        return Load(path);
    }

    /// <summary>Loads a model file, or the model embedded in this program.</summary>
    public static GauModel Load(string? path)
    {
        if (Directory.Exists(path))
            throw new ToolException(
                ExitCode.InputMissing,
                $"{Printable.OneLine(path)}: a folder is no model file; 'gau-convert {Printable.OneLine(path)} -o "
                + "MODEL.safetensors' makes one of a checkpoint", path);
        if (path is not null)
            return GauModel.Load(path);
        if (typeof(ModelSource).Assembly.GetManifestResourceStream(DefaultResource) is UnmanagedMemoryStream embedded)
            return GauModel.Load(embedded, DefaultResource);
        throw new ToolException(ExitCode.Usage, "this build of gau holds no model; name one with --model");
    }
}
