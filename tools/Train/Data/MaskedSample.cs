namespace GauRuntime.Train.Data;

/// <summary>A text as the masked language model reads it, and what it is to say.</summary>
/// <param name="Source">Token ids, [CLS] and [SEP] included; [tokens].</param>
/// <param name="Target">The id that belongs there; 0 where nothing is asked; [tokens].</param>
internal sealed record MaskedSample(int[] Source, int[] Target);
