namespace GauRuntime.Evaluation.Explanation;

/// <summary>How the characters of a token are taken away.</summary>
internal enum Occlusion
{
    /// <summary>The token becomes [MASK]; all others keep their places.</summary>
    Mask,
    /// <summary>The characters are left out of the text.</summary>
    Drop,
}
