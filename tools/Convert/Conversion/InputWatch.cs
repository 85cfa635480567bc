using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Convert.Conversion;

/// <summary>The files that a conversion reads, some of them more than once: none may change before it ends.</summary>
internal sealed class InputWatch
{
    private readonly Dictionary<string, FileStamp> stamps = new(StringComparer.Ordinal);

    /// <summary>Notes what the files are now; what is missing is left to its reader.</summary>
    public InputWatch(IEnumerable<string> files)
    {
        foreach (string file in files)
            if (FileStamp.Of(file) is { } stamp)
                stamps.TryAdd(file, stamp);
    }

    /// <summary>Does some work, and throws where a file was changed before its end.</summary>
    /// <exception cref="IOException">One was changed or replaced, which may be why the work failed, too.</exception>
    public T During<T>(Func<T> work)
    {
        T result;
        try
        {
            result = work();
        }
        catch (Exception fault) when (fault is GauFormatException or IOException)
        {
            RequireUnchanged();
            throw;
        }
        RequireUnchanged();
        return result;
    }

    private void RequireUnchanged()
    {
        foreach ((string file, FileStamp stamp) in stamps)
            stamp.Require(file);
    }
}
