using GauRuntime.Train.Pretraining;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Train.Tests.Pretraining;

/// <summary>Plans of the tests.</summary>
internal static class Plans
{
    public static PretrainPlan Tiny { get; } = new()
    {
        Program = "gau-train 0.1.0, libtorch 2", Model = TinyModel.ConfigOf(Architecture.GauAlpha, v: 50, h: 24, e: 36),
        Vocabulary = "aa", Corpus = "bb", Segmenter = "char", MaxLength = 32, BatchTokens = 128, Accumulate = 1,
        Rate = 1.76e-3, Schedule = "gau-alpha", HiddenDropout = 0.1, AttentionDropout = 0.1, Lamb = new(),
        Budget = "8000 updates", Updates = 8000, HeldOut = 0.01, Seed = 7, Threads = 2, Device = "cpu",
    };
}
