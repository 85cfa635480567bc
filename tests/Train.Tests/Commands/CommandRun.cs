using System.Text.Json;

namespace GauRuntime.Train.Tests.Commands;

/// <summary>A run of <c>gau-train</c> in this process, and what it left.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static CommandRun Of(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(args, output, error);
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
