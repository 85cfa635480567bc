using System.IO.Hashing;

namespace GauRuntime.Scoring.Jobs;

/// <summary>Tells which of its marks a file still agrees with.</summary>
internal static class PrefixCheck
{
    /// <summary>Reads the file once.</summary>
    /// <param name="storage">Where it is; a missing file is an empty one.</param>
    /// <param name="path">The file.</param>
    /// <param name="marks">By ascending length.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>One answer per mark.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static bool[] Holds(
        IJobStorage storage, string path, IReadOnlyList<FileMark> marks, CancellationToken cancel)
    {
        bool[] holds = new bool[marks.Count];
        using Stream stream = storage.Exists(path) ? storage.OpenRead(path) : Stream.Null;
        XxHash128 digest = new();
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        for (int i = 0; i < marks.Count; i++)
        {
            while (length < marks[i].Length)
            {
                cancel.ThrowIfCancellationRequested();
                int read = stream.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, marks[i].Length - length)));
                if (read == 0)
                    return holds;
                digest.Append(buffer.AsSpan(0, read));
                length += read;
            }
            holds[i] = length == marks[i].Length && digest.GetCurrentHashAsUInt128() == marks[i].Digest;
        }
        return holds;
    }
}
