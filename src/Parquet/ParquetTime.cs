using System.Globalization;

namespace GauRuntime.Parquet;

/// <summary>Dates and times as texts of JSON; null where they are outside of the years 1 to 9999.</summary>
internal static class ParquetTime
{
    /// <summary>A date, in days since 1970.</summary>
    public static string? Date(long days)
    {
        long number = days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return number < 0 || number > DateOnly.MaxValue.DayNumber
            ? null
            : $"\"{DateOnly.FromDayNumber((int)number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\"";
    }

    /// <summary>The days since 1970 of a date as <see cref="Date"/> writes it.</summary>
    /// <exception cref="FormatException">It is not a date.</exception>
    public static int Days(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber
            : throw new FormatException("an id that is no date among dates");

    /// <summary>A time of the day.</summary>
    /// <param name="value">The time.</param>
    /// <param name="digits">Its unit: 3, 6 or 9 digits of a second.</param>
    public static string? OfDay(long value, int digits)
    {
        (Int128 seconds, Int128 fraction) = Split(value, digits);
        return seconds < 0 || seconds >= 86_400 ? null : $"\"{Clock((long)seconds)}{Fraction(fraction, digits)}\"";
    }

    /// <summary>A point in time.</summary>
    /// <param name="value">The time since 1970.</param>
    /// <param name="digits">Its unit: 3, 6 or 9 digits of a second.</param>
    /// <param name="isUtc">Whether it is in UTC, or else in no known time zone.</param>
    public static string? Instant(Int128 value, int digits, bool isUtc)
    {
        (Int128 seconds, Int128 fraction) = Split(value, digits);
        Int128 sinceYearOne = seconds + DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond;
        if (sinceYearOne < 0 || sinceYearOne > DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond)
            return null;
        DateTime time = new((long)sinceYearOne * TimeSpan.TicksPerSecond);
        string text = time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return $"\"{text}{Fraction(fraction, digits)}{(isUtc ? "Z" : "")}\"";
    }

    private static (Int128 Seconds, Int128 Fraction) Split(Int128 value, int digits)
    {
        Int128 perSecond = digits switch { 3 => 1_000, 6 => 1_000_000, _ => 1_000_000_000 };
        Int128 fraction = (value % perSecond + perSecond) % perSecond;
        return ((value - fraction) / perSecond, fraction);
    }

    private static string Clock(long seconds) =>
        TimeSpan.FromSeconds(seconds).ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture);

    private static string Fraction(Int128 fraction, int digits) =>
        fraction == 0 ? "" : "." + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
