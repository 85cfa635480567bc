using System.CommandLine;
using System.Globalization;
using GauRuntime.Tools;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau verify</c>: re-runs the golden vectors that a model file keeps.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new(
            "verify", "Check a model file, and that this machine computes what its maker saw, to the last bit.");
        ModelArgument argument = new(command);
        command.SetAction(result =>
        {
            using GauModel model = argument.Load(result, host);
            IReadOnlyList<GoldenCheck> checks = GoldenVectors.Verify(model);
            if (checks.Count == 0)
                throw new GauFormatException(
                    model.File.Path, ModelMetadata.Golden, "the file keeps no golden vectors to verify");
            bool json = result.GetValue<bool>(CommonOptions.JsonName);
            int wrong = checks.Count(check => !check.SameBits);
            string end = json ? "" : wrong == 0
                ? $"OK: all {checks.Count} golden vectors have the same bits, tier {model.Tier}\n"
                : $"FAILED: {wrong} of {checks.Count} golden vectors have other bits, tier {model.Tier}\n";
            host.Print(string.Concat(checks.Select(check => (json ? Json(check) : Words(check)) + "\n")) + end);
            if (wrong > 0)
                throw new ToolException(
                    ExitCode.Internal,
                    $"{wrong} of {checks.Count} golden vectors came out with other bits, tier {model.Tier}",
                    model.File.Path);
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Json(GoldenCheck check) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("tokens"u8, check.Tokens);
        json.WriteBoolean("same_bits"u8, check.SameBits);
        if (double.IsFinite(check.Difference))
            json.WriteNumber("difference"u8, check.Difference);
        else
            json.WriteNull("difference"u8);
        json.WriteEndObject();
    });

    private static string Words(GoldenCheck check)
    {
        string bits = check.SameBits ? "same bits" : "OTHER BITS";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{check.Tokens} tokens: {bits}, {check.Difference:E2} from the unquantized model");
    }
}
