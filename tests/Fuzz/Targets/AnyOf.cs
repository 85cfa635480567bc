using GauRuntime.Weights;

namespace GauRuntime.Fuzz.Targets;

/// <summary>Reads an input in several ways, of which a sound one need not fit all.</summary>
internal static class AnyOf
{
    /// <summary>Reads it in all ways.</summary>
    /// <exception cref="GauFormatException">None of them fits.</exception>
    public static void These<T>(IReadOnlyCollection<T> ways, Action<T> read)
    {
        List<GauFormatException> refusals = [];
        foreach (T way in ways)
        {
            try
            {
                read(way);
            }
            catch (GauFormatException e)
            {
                refusals.Add(e);
            }
        }
        if (refusals.Count == ways.Count)
            throw refusals[0];
    }
}
