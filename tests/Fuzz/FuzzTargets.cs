using GauRuntime.Fuzz.Targets;

namespace GauRuntime.Fuzz;

/// <summary>All parsers of bytes that come from elsewhere.</summary>
internal static class FuzzTargets
{
    /// <summary>Every target; its name tells it.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. ModelTargets.All, .. CheckpointTargets.All, .. TorchTargets.All, .. ConfigurationTargets.All,
        .. RecordTargets.All, .. TableTargets.All, .. RowTargets.All, .. JobTargets.All, .. IndexTargets.All,
        .. ForwardTargets.All, .. ClueTargets.All,
    ];

    /// <summary>The target of a name, or null.</summary>
    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    /// <summary>Sound inputs, and those that were kept because a parser once did with them what it must not.</summary>
    public static IReadOnlyList<byte[]> SeedsOf(FuzzTarget target) =>
        [.. target.Seeds(), .. KeptOf(target).Select(File.ReadAllBytes)];

    /// <summary>The files of the inputs that were kept.</summary>
    public static IReadOnlyList<string> KeptOf(FuzzTarget target)
    {
        string folder = Fixtures.Path("fuzz", target.Name);
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];
    }
}
