namespace GauRuntime.Weights.Checkpoints;

/// <summary>Recognizes tar archives.</summary>
internal static class TarArchive
{
    /// <summary>Whether the magic of POSIX and GNU tar stands at its place.</summary>
    public static bool Is(FileView file) => file.Length >= 512 && file.Span(257, 5).SequenceEqual("ustar"u8);

    /// <summary>The fault that names it.</summary>
    public static GauFormatException Refusal(string path) =>
        new(path, "offset 0", "a tar archive: unpack it where it holds a "
            + "checkpoint; those that torch 0.1 wrote are not supported");
}
