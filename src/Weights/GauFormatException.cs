using System.Globalization;

namespace GauRuntime.Weights;

/// <summary>A file is not what it claims to be: malformed, truncated, hostile, or unlike its configuration.</summary>
/// <remarks>The message is one line, <c>file: place: reason</c>, fit to be shown to a user as it is.</remarks>
public sealed class GauFormatException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">Path of the file, as the user named it.</param>
    /// <param name="place">Where in the file: an offset, a line, a tensor name.</param>
    /// <param name="reason">What is wrong there, and what was expected.</param>
    /// <param name="inner">The cause, kept for a debugger; never shown.</param>
    public GauFormatException(string file, string place, string reason, Exception? inner = null)
        : base($"{Printable.OneLine(file)}: {Printable.OneLine(place)}: {Printable.OneLine(reason)}", inner)
    {
        File = file;
        Place = place;
        Reason = reason;
        Files = [file];
    }

    private GauFormatException(IReadOnlyList<GauFormatException> faults, string reason)
        : base(reason, faults[0])
    {
        File = faults[0].File;
        Place = faults[0].Place;
        Reason = reason;
        Files = [.. faults.Select(fault => fault.File)];
    }

    /// <summary>Path of the file, as the user named it.</summary>
    public string File { get; }

    /// <summary>All files that are malformed; more than one where several were looked at before the work.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Where in the file: an offset, a line, a tensor name.</summary>
    public string Place { get; }

    /// <summary>What is wrong there, and what was expected.</summary>
    public string Reason { get; }

    /// <summary>Faults of several files as one, which names every file; those with the same fault together.</summary>
    /// <param name="faults">One or more, each of one file.</param>
    /// <param name="count">How many files were looked at.</param>
    internal static GauFormatException Of(IReadOnlyList<GauFormatException> faults, int count)
    {
        if (faults is [var single])
            return single;
        IEnumerable<string> words = faults.GroupBy(fault => (fault.Place, fault.Reason)).Select(same =>
            $"{string.Join(", ", same.Select(fault => Printable.OneLine(fault.File)))}: "
            + $"{Printable.OneLine(same.Key.Place)}: {Printable.OneLine(same.Key.Reason)}");
        return new GauFormatException(
            faults,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{faults.Count} of {count} inputs cannot be read: {string.Join("; ", words)}"));
    }
}
