using GauRuntime.Text;
using GauRuntime.Train.Models;

namespace GauRuntime.Train.Finetuning;

/// <summary>A sequence of tokens.</summary>
/// <param name="Ids">Token ids, [CLS] and [SEP] included [n].</param>
/// <param name="Segments">Segment ids [n].</param>
/// <param name="Places">Where each token stands in its text [n].</param>
internal sealed record EncodedSequence(int[] Ids, int[] Segments, TokenSpan[] Places);

/// <summary>A record as a model sees it, with what it should say.</summary>
/// <param name="Sequences">One, or one for each choice.</param>
/// <param name="Targets">
/// The index of the label or choice [1]; of every token [n], −100 where none is asked for; the first and the last
/// token of the answer [2].
/// </param>
/// <param name="Values">Of several labels 0 or 1 each [labels]; of a regression the value [1].</param>
internal sealed record Example(EncodedSequence[] Sequences, int[] Targets, float[] Values)
{
    /// <summary>A token that is not asked for, as libtorch's losses know it.</summary>
    public const int NoTarget = (int)Losses.NoLabel;

    /// <summary>Tokens of the longest sequence.</summary>
    public int Length { get; } = Sequences.Max(sequence => sequence.Ids.Length);
}
