using System.Globalization;

namespace GauRuntime.Tools;

/// <summary>The day that model files and manuals say they were made, so that builds can be reproduced.</summary>
internal static class BuildDate
{
    public const string Variable = "SOURCE_DATE_EPOCH";

    /// <summary>The day of SOURCE_DATE_EPOCH where it is set, else today, UTC, as yyyy-MM-dd.</summary>
    public static string Today() => Of(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The day of so many seconds since 1970; today without.</summary>
    public static string Of(string? epoch)
    {
        DateTimeOffset time = DateTimeOffset.UtcNow;
        if (!string.IsNullOrEmpty(epoch))
        {
            if (!long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                || seconds > 253_402_300_799)
                throw new ToolException(ExitCode.Usage, $"{Variable}={epoch} is no number of seconds since 1970");
            time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
        return time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
