namespace GauRuntime.Train.Optimizers;

/// <summary>The schedules that a command line can name.</summary>
internal static class Schedules
{
    public const string Usual = "gau-alpha";

    private static readonly Dictionary<string, Schedule> Known = new(StringComparer.Ordinal)
    {
        [Usual] = Schedule.GauAlpha,
        ["roformer-v2"] = Schedule.RoFormerV2,
        ["constant"] = Schedule.Constant,
    };

    /// <summary>The names.</summary>
    public static string[] Names { get; } = [.. Known.Keys];

    /// <summary>The schedule of a name.</summary>
    public static Schedule Of(string name) => Known[name];
}
