using GauRuntime.Weights;
using Microsoft.Extensions.Options;

namespace GauRuntime.Extensions;

/// <summary>Finds out at the start what could not work later: loads the model once and makes an embedder.</summary>
/// <param name="name">Whose options; those of others are not looked at.</param>
internal sealed class GauOptionsValidation(string name) : IValidateOptions<GauOptions>
{
    public ValidateOptionsResult Validate(string? candidate, GauOptions options)
    {
        if (candidate != name)
            return ValidateOptionsResult.Skip;
        string? fault = Fault(options);
        string of = name.Length == 0 ? "AddGauRuntime" : $"AddGauRuntime '{name}'";
        return fault is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail($"{of}: {fault}");
    }

    private static string? Fault(GauOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ModelPath))
            return "ModelPath is not set";
        if (options.MaxConcurrency < 1)
            return $"MaxConcurrency is {options.MaxConcurrency}, not at least 1";
        try
        {
            using GauModel model = GauModel.Load(options.ModelPath);
            _ = new GauEmbedder(model, options.EmbedderFor(model));
            return null;
        }
        catch (Exception e) when (e is GauFormatException or IOException or UnauthorizedAccessException
            or ArgumentException or PlatformNotSupportedException)
        {
            return e is ArgumentException { ParamName: not null } argument
                ? argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal)
                : e.Message;
        }
    }
}
