using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Tests;

/// <summary>Tiny models, ready to score with.</summary>
internal static class LoadedModel
{
    public static GauModel Of(
        TemporaryFolder folder, HeadConfig head, Action<string, Span<float>>? change = null,
        Architecture architecture = Architecture.GauAlpha)
    {
        string path = folder.Path("model.safetensors");
        TinyModel.Write(path, head, change, architecture: architecture);
        return GauModel.Load(path);
    }
}
