namespace GauRuntime.TestSupport;

/// <summary>Files under tests/fixtures, and the repository around them.</summary>
internal static class Fixtures
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, "tests", "fixtures", .. parts]);

    /// <summary>A file of the tiny GAU-α, or its folder.</summary>
    public static string Gau(string name = "") => Path("gau-tiny", name);

    /// <summary>A file of the tiny RoFormerV2, or its folder.</summary>
    public static string RoFormer(string name = "") => Path("roformer-v2-tiny", name);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "GauRuntime.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("GauRuntime.slnx is not above the test program");
    }
}
