using System.IO.Hashing;
using System.Runtime.InteropServices;
using GauRuntime.Tools;

namespace GauRuntime.Train.Data;

/// <summary>How a corpus becomes pieces.</summary>
/// <param name="Longest">Most code points of a piece; <see cref="Pieces.Longest"/> unless told.</param>
/// <param name="HeldOut">The share of the documents that is held out, in [0, 1).</param>
/// <param name="Seed">Decides which.</param>
/// <param name="HasWords">Whether spaces part words.</param>
internal sealed record CorpusLayout(int Longest, double HeldOut, ulong Seed, bool HasWords = false);

/// <summary>The pieces of a corpus, in a part to train on and a part that is held out.</summary>
/// <remarks>
/// A copy lies on disk (<see cref="PieceStore"/>); in memory some 14 bytes a piece with its length, some 28 while it
/// is read: at most 0.05 bytes a character of long documents. Which documents are held out depends on their text and
/// the seed, not on order or company, but that at least one is. Immutable, thread-safe.
/// </remarks>
internal sealed class Corpus : IDisposable
{
    private readonly PieceStore store;
    private readonly int[] training, heldOut;   // places in the store

    private Corpus(PieceStore store, int[] training, int[] heldOut, string digest)
    {
        (this.store, this.training, this.heldOut) = (store, training, heldOut);
        Digest = digest;
    }

    /// <summary>Pieces to train on.</summary>
    public int Count => training.Length;

    /// <summary>Pieces held out; none is in the other part too, and none is there twice.</summary>
    public int HeldOutCount => heldOut.Length;

    /// <summary>UTF-16 units of all pieces.</summary>
    public long Units => store.Units;

    /// <summary>XxHash128 of all pieces in their order: what a run that goes on must find again.</summary>
    public string Digest { get; }

    /// <summary>The pieces to train on, in the order of the files.</summary>
    public IEnumerable<string> Texts => training.Select(place => store[place]);

    /// <summary>A piece to train on.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public string Text(int index) => store[training[index]];

    /// <summary>A piece held out, in an order that does not depend on that of the files.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public string HeldOut(int index) => store[heldOut[index]];

    /// <summary>Reads documents.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="layout">What becomes of them.</param>
    /// <param name="folder">Where the copy lies.</param>
    /// <exception cref="Weights.GauFormatException">A file is malformed, or there is no text.</exception>
    /// <exception cref="ToolException">Too many records are rejected, or all are held out.</exception>
    /// <exception cref="IOException">A file cannot be read, or the disk is full.</exception>
    public static Corpus Read(IEnumerable<string> documents, CorpusLayout layout, string folder)
    {
        PieceStore store = new(folder);
        try
        {
            return Read(documents, layout, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public void Dispose() => store.Dispose();

    private static Corpus Read(IEnumerable<string> documents, CorpusLayout layout, PieceStore store)
    {
        List<ulong> documentOf = [], hashes = [];   // of each piece
        XxHash128 digest = new();
        foreach (string text in documents)
        {
            ulong document = Hash(text, layout.Seed);
            foreach ((int start, int length) in Pieces.Of(text, layout.Longest, layout.HasWords))
            {
                ReadOnlySpan<char> piece = text.AsSpan(start, length);
                store.Add(piece);
                documentOf.Add(document);
                hashes.Add(Hash(piece, layout.Seed));
                digest.Append(MemoryMarshal.AsBytes(piece));
                digest.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
            }
        }
        store.Complete();
        Predicate<ulong> isHeldOut = HeldOutDocuments(documentOf, layout.HeldOut);
        Dictionary<ulong, int> held = [];   // of each piece that is held out, one of its places
        for (int i = 0; i < documentOf.Count; i++)
            if (isHeldOut(documentOf[i]))
                held.TryAdd(hashes[i], i);
        int[] training = [.. Enumerable.Range(0, hashes.Count).Where(i => !held.ContainsKey(hashes[i]))];
        if (training.Length == 0)
            throw new ToolException(
                ExitCode.Usage, $"all {documentOf.Distinct().Count()} documents are held out: hold out less");
        return new Corpus(
            store,
            training,
            [.. held.OrderBy(piece => piece.Key).Select(piece => piece.Value)],
            System.Convert.ToHexStringLower(digest.GetCurrentHash()));
    }

    // Those whose hash lies below the share; where that is none, the one of the least hash, if there are others.
    private static Predicate<ulong> HeldOutDocuments(List<ulong> documents, double share)
    {
        ulong least = documents.Count == 0 ? 0 : documents.Min();
        bool areSeveral = documents.Exists(document => document != least);
        return document => share > 0
            && ((document >> 11) * (1.0 / (1L << 53)) < share || (areSeveral && document == least));
    }

    private static ulong Hash(ReadOnlySpan<char> text, ulong seed) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text), (long)seed);
}
