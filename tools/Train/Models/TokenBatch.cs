using TorchSharp;
using static TorchSharp.torch;

namespace GauRuntime.Train.Models;

/// <summary>Texts of token ids, padded to the longest of them.</summary>
internal sealed class TokenBatch : IDisposable
{
    /// <summary>Pads texts with id and segment 0.</summary>
    /// <param name="ids">Token ids of each text, one or more.</param>
    /// <param name="segments">Segment ids of each text; null: all 0.</param>
    /// <param name="device">Where the tensors lie.</param>
    /// <param name="keys">Which tokens of each text others attend to; null: all of them.</param>
    /// <exception cref="ArgumentException">There is no text, or one without tokens, or parts do not fit.</exception>
    public TokenBatch(int[][] ids, int[][]? segments, Device device, bool[][]? keys = null)
    {
        if (ids.Length == 0 || ids.Any(text => text.Length == 0))
            throw new ArgumentException("a batch without texts, or a text without tokens", nameof(ids));
        (Count, Length) = (ids.Length, ids.Max(text => text.Length));
        HighestId = ids.Max(text => text.Max());
        HighestSegment = segments?.Max(text => text.Max()) ?? 0;
        long[] paddedIds = new long[Count * Length], paddedSegments = new long[Count * Length];
        bool[] mask = new bool[Count * Length];
        int[] keyCounts = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            int[] text = ids[i];
            if ((segments is not null && segments[i].Length != text.Length)
                || (keys is not null && keys[i].Length != text.Length))
                throw new ArgumentException($"text {i} has {text.Length} tokens, and not as many segments or keys");
            for (int j = 0, at = i * Length; j < text.Length; j++, at++)
            {
                paddedIds[at] = text[j];
                paddedSegments[at] = segments?[i][j] ?? 0;
                mask[at] = keys?[i][j] ?? true;
                keyCounts[i] += mask[at] ? 1 : 0;
            }
        }
        if (keyCounts.Contains(0))
            throw new ArgumentException("a text without keys", nameof(keys));
        KeyCounts = keyCounts;
        HasPadding = mask.Contains(false);
        using DisposeScope scope = NewDisposeScope();
        Ids = tensor(paddedIds).reshape(Count, Length).to(device).DetachFromDisposeScope();
        Segments = tensor(paddedSegments).reshape(Count, Length).to(device).DetachFromDisposeScope();
        Mask = tensor(mask).reshape(Count, Length).to(device).DetachFromDisposeScope();
    }

    /// <summary>Token ids [B, n], int64.</summary>
    public Tensor Ids { get; }

    /// <summary>Segment ids [B, n], int64.</summary>
    public Tensor Segments { get; }

    /// <summary>Which tokens are keys [B, n].</summary>
    public Tensor Mask { get; }

    /// <summary>B, texts.</summary>
    public int Count { get; }

    /// <summary>n, tokens of the longest text.</summary>
    public int Length { get; }

    /// <summary>Texts in a row that are the choices of one question; 1 where there are no questions.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Keys of each text [B].</summary>
    internal IReadOnlyList<int> KeyCounts { get; }

    /// <summary>Whether anything is no key.</summary>
    internal bool HasPadding { get; }

    internal int HighestId { get; }

    internal int HighestSegment { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ids.Dispose();
        Segments.Dispose();
        Mask.Dispose();
    }
}
