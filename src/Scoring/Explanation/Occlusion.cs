namespace GauRuntime.Scoring.Explanation;

/// <summary>How the characters of a token are taken away.</summary>
public enum Occlusion
{
    /// <summary>The token becomes [MASK]; all others keep their places.</summary>
    Mask,
    /// <summary>The characters are left out of the text.</summary>
    Drop,
}
