using System.Text.Json;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Tests;

/// <summary>What a run of <c>gau-convert</c> left.</summary>
internal sealed record ToolResult(int Code, string Output, string Error)
{
    /// <summary>The error of a run with <c>--json</c>.</summary>
    public JsonElement ErrorJson => JsonDocument.Parse(Error).RootElement;

    public JsonElement OutputJson => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Runs <c>gau-convert</c> in this process.</summary>
internal static class Tool
{
    public static ToolResult Run(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(args, output, error);
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Converts into a temporary folder, expects success, and opens the model.</summary>
    public static ModelFileReader Convert(TemporaryFolder folder, string checkpoint, params string[] more)
    {
        string path = folder.Path($"{Guid.NewGuid():N}.safetensors");
        ToolResult result = Run([checkpoint, "-o", path, .. more]);
        result.Error.Should().NotContain("error:");
        result.Code.Should().Be(0);
        return ModelFileReader.Open(path);
    }
}
