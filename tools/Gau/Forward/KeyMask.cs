using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Forward;

/// <summary>Which tokens of a case are keys. The others take no part in the computation.</summary>
internal static class KeyMask
{
    /// <summary>The mask of the case, else the rule of the model's upstream; checked.</summary>
    /// <remarks>
    /// Without a mask: GAU-α masks the padding id, the RoFormerV2 port nothing, the keras dialect id 0. In the keras
    /// dialect the first position of a row is always a key.
    /// </remarks>
    /// <returns>[rows × n], true for keys.</returns>
    /// <exception cref="GauFormatException">A value is neither 0 nor 1, or a row has no key.</exception>
    public static bool[] Of(ForwardCase input, ModelConfig config)
    {
        int[] ids = input.Ids.Values;
        int n = input.Ids.Shape[^1];
        bool[] keys = new bool[ids.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = input.Mask is null ? IsKeyWithoutMask(ids[i], config) : IsKey(input.Mask, i, input.File);
            keys[i] |= config.FirstAlwaysKey && i % n == 0;
        }
        for (int row = 0; row < keys.Length / n; row++)
        {
            if (!keys.AsSpan(row * n, n).Contains(true))
                throw new GauFormatException(input.File, RowPlace(input, row), "every position is masked");
        }
        return keys;
    }

    /// <summary>The row's place in <c>input_ids</c>.</summary>
    private static string RowPlace(ForwardCase input, int row)
    {
        string place = input.Ids.Place(row * input.Ids.Shape[^1]);
        return place[..place.LastIndexOf('[')];
    }

    private static bool IsKeyWithoutMask(int id, ModelConfig config) => config switch
    {
        { Dialect: Dialect.Keras } => id != 0,
        { Traits.PaddingIsMasked: false } => true,
        _ => id != config.PadTokenId,
    };

    private static bool IsKey(NestedNumbers mask, int index, string file) => mask.Values[index] switch
    {
        0 => false,
        1 => true,
        int value => throw new GauFormatException(file, mask.Place(index), $"{value} is neither 0 nor 1"),
    };
}
