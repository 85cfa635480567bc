using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests;

/// <summary>Runs <c>gau-convert</c> in this process.</summary>
internal static class GauConvert
{
    /// <summary>Converts without an option but the type, expects success, and opens the model.</summary>
    public static ModelFileReader F32(TemporaryFolder folder, string checkpoint, params string[] more) =>
        ModelFileReader.Open(To(folder.Path($"{Guid.NewGuid():N}.safetensors"), checkpoint, ["--type", "f32", .. more]));

    /// <summary>Converts, and expects success.</summary>
    /// <returns>The model file.</returns>
    public static string To(string path, string checkpoint, params string[] more)
    {
        using StringWriter output = new(), error = new();
        Convert.CommandLine.Run([checkpoint, "-o", path, .. more], output, error).Should().Be(0, error.ToString());
        return path;
    }
}
