using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.TestSupport;

/// <summary>The table of architectures as the data of theories: another entry is tested by itself.</summary>
internal static class Architectures
{
    /// <summary>Every architecture.</summary>
    public static TheoryData<Architecture> All => [.. ArchitectureTraits.All.Select(entry => entry.Architecture)];

    /// <summary>Those whose texts have as many tokens as positions were learned.</summary>
    public static TheoryData<Architecture> WithPositions =>
    [
        .. ArchitectureTraits.All.Where(entry => entry.LearnsPositions).Select(entry => entry.Architecture),
    ];

    /// <summary>Every architecture with every kind of head.</summary>
    public static TheoryData<Architecture, HeadKind> Heads
    {
        get
        {
            TheoryData<Architecture, HeadKind> data = [];
            foreach (ArchitectureTraits entry in ArchitectureTraits.All)
                foreach (HeadKind kind in Enum.GetValues<HeadKind>())
                    data.Add(entry.Architecture, kind);
            return data;
        }
    }

    /// <summary>The folder of <c>tests/fixtures</c> with golden cases of a tiny model; every architecture has one.</summary>
    public static string Folder(Architecture architecture) => architecture == Architecture.GauAlpha
        ? "gau-tiny" : JsonName.Of(architecture).Replace('_', '-') + "-tiny";

    /// <summary>A file of that folder, or the folder.</summary>
    public static string Fixture(Architecture architecture, params string[] parts) =>
        Fixtures.Path([Folder(architecture), .. parts]);
}
