using System.Globalization;
using System.Text.Json;
using GauRuntime.Kernels;

namespace GauRuntime.Cli.Bench;

/// <summary>The share that each step has of the time of passes; what is no step is the rest.</summary>
/// <param name="Shares">By <see cref="PassStep"/>, each 0 to 1.</param>
internal sealed record StepShares(IReadOnlyList<double> Shares)
{
    private const string Rest = "rest";

    /// <summary>Of passes that took so many ticks on all threads together.</summary>
    public static StepShares Of(StepTimes times, double ticks) =>
        new([.. StepTimes.Steps.Select(step => times.Of(step) / ticks)]);

    /// <summary>Names, in snake case, and shares, the rest being the last.</summary>
    public IEnumerable<(string Name, double Share)> All => StepTimes.Steps
        .Select(step => (JsonNamingPolicy.SnakeCaseLower.ConvertName(step.ToString()), Shares[(int)step]))
        .Append((Rest, 1 - Shares.Sum()));

    /// <summary>A line under a row of the table.</summary>
    public string Words() => "  " + string.Join(", ", All.Select(step => string.Create(
        CultureInfo.InvariantCulture, $"{step.Name.Replace('_', ' ')} {100 * step.Share:0.0} %")));

    /// <summary>A property of the row's object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("profile"u8);
        foreach ((string name, double share) in All)
            json.WriteNumber(name, Math.Round(share, 4));
        json.WriteEndObject();
    }
}
