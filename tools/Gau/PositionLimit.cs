using GauRuntime.Tools;

namespace GauRuntime.Cli;

/// <summary>No text has more tokens than a model has learned positions.</summary>
internal static class PositionLimit
{
    /// <summary>What <c>--max-length</c> says, or null.</summary>
    /// <exception cref="ToolException">It is beyond the positions.</exception>
    public static int? Checked(int? given, GauModel model) => given > model.MaxTokens
        ? throw new ToolException(
            ExitCode.Usage,
            $"--max-length {given}: the model has learned {model.MaxTokens} positions, and no text has more tokens")
        : given;
}
