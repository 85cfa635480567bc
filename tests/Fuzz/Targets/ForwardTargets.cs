using GauRuntime.Cli.Forward;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Fuzz.Targets;

/// <summary>CASE of <c>gau forward</c>.</summary>
internal static class ForwardTargets
{
    private static readonly ModelConfig Config = TinyModel.GauConfig(200, 16, 32, 8);

    public static IEnumerable<FuzzTarget> All =>
    [
        new("forward", Seeds, input => _ = KeyMask.Of(ForwardCase.Parse(input.Bytes, "case.json"), Config)),
    ];

    private static IEnumerable<byte[]> Seeds() =>
    [
        """{"input_ids":[[2,5,6,3],[2,7,3,0]],"token_type_ids":[[0,0,1,1],[0,0,0,0]],"attention_mask":[[1,1,1,1],[1,1.0,1,0]]}"""u8
            .ToArray(),
        """{"input_ids":[[[2,3],[2,3]]],"others":{"a":[null,"b"]}}"""u8.ToArray(),
    ];
}
