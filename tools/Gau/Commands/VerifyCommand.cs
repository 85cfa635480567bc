using System.CommandLine;
using System.Globalization;
using System.Text;
using GauRuntime.Tools;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau verify</c>: re-runs the golden vectors that a model file keeps.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new("verify", "Check a model file, and that this machine computes what its maker saw, to the last bit.");
        Argument<string?> file = new("MODEL") { Description = "The model file; without it the model inside this program.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> option = CommonOptions.CreateModel();
        command.Add(file);
        command.Add(option);
        command.SetAction(result =>
        {
            using GauModel model = ModelSource.Load(result.GetValue(file) ?? result.GetValue(option));
            IReadOnlyList<GoldenCheck> checks = GoldenVectors.Verify(model);
            if (checks.Count == 0)
                throw new GauFormatException(model.File.Path, "gau.golden", "the file keeps no golden vectors to verify");
            using (Stream output = host.OpenOutput())
                output.Write(Encoding.UTF8.GetBytes(Lines(checks, result.GetValue<bool>(CommonOptions.JsonName))));
            int wrong = checks.Count(check => !check.SameBits);
            if (wrong > 0)
                throw new ToolException(
                    ExitCode.Internal, $"{wrong} of {checks.Count} golden vectors came out with other bits, tier {model.Tier}", model.File.Path);
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Lines(IReadOnlyList<GoldenCheck> checks, bool json)
    {
        StringBuilder text = new();
        foreach (GoldenCheck check in checks)
        {
            if (json)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{{\"tokens\":{check.Tokens},\"same_bits\":{(check.SameBits ? "true" : "false")},\"difference\":{check.Difference:R}}}\n");
            }
            else
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{check.Tokens} tokens: {(check.SameBits ? "same bits" : "OTHER BITS")}, {check.Difference:E2} from the unquantized model\n");
            }
        }
        return text.ToString();
    }
}
