namespace GauRuntime.Weights.Checkpoints;

/// <summary>Names of files that a checkpoint says lie beside it: what it says never leads out of its folder.</summary>
internal static class SiblingName
{
    /// <summary>Whether a name is that of a file in the same folder, on every system: no path, drive, stream.</summary>
    public static bool Is(string name) => name.Length is > 0 and <= 255 && name is not ("." or "..")
        && !name.AsSpan().ContainsAny('/', '\\', ':') && !name.Any(char.IsControl);
}
