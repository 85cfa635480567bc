using Xunit;

namespace GauRuntime.TestSupport;

/// <summary>
/// How much is tested. <c>dotnet test</c> alone tests what takes minutes; <c>GAU_TESTS=ci</c>, which <c>.ci/run</c>
/// sets, adds what publishes native files and more faults; <c>GAU_TESTS=long</c>, which <c>.ci/run --long</c> sets, adds
/// the rest.
/// </summary>
internal static class TestLevel
{
    private static readonly string? Level = Environment.GetEnvironmentVariable("GAU_TESTS");

    /// <summary>Whether all is tested.</summary>
    public static bool IsLong { get; } = Level == "long";

    /// <summary>Whether more is tested than by <c>dotnet test</c> alone.</summary>
    public static bool IsCi { get; } = IsLong || Level == "ci";

    /// <summary>Why tests of <c>.ci/run</c> are skipped, or null where they run.</summary>
    public static string? MissingCi { get; } = IsCi ? null : "takes long: .ci/run runs it (GAU_TESTS=ci)";

    /// <summary>One number for each level.</summary>
    public static int Of(int usual, int ci, int @long) => IsLong ? @long : IsCi ? ci : usual;

    /// <summary>Skips a test that only <c>.ci/run</c> runs.</summary>
    public static void RequireCi() => Assert.SkipUnless(IsCi, MissingCi ?? "");

    /// <summary>Skips a test that only <c>.ci/run --long</c> runs.</summary>
    public static void RequireLong() =>
        Assert.SkipUnless(IsLong, "takes very long: .ci/run --long runs it (GAU_TESTS=long)");
}
