namespace GauRuntime.Text;

/// <summary>Characters that a vocabulary holds twice: as x, and as the continuation ##x.</summary>
internal static class TokenTwins
{
    private const string ContinuationMark = "##";

    /// <summary>The id of every token's twin, or −1 [V].</summary>
    public static int[] Find(string[] vocabulary)
    {
        Dictionary<string, int> plain = new(StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Length; id++)
            if (!IsContinuation(vocabulary[id]))
                plain[vocabulary[id]] = id;
        int[] twins = new int[vocabulary.Length];
        Array.Fill(twins, -1);
        for (int id = 0; id < vocabulary.Length; id++)
        {
            if (!IsContinuation(vocabulary[id])
                || !plain.TryGetValue(vocabulary[id][ContinuationMark.Length..], out int other))
                continue;
            (twins[id], twins[other]) = (other, id);
        }
        return twins;
    }

    private static bool IsContinuation(string token) =>
        token.Length > ContinuationMark.Length && token.StartsWith(ContinuationMark, StringComparison.Ordinal);
}
