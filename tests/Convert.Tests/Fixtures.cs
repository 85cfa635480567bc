namespace GauRuntime.Convert.Tests;

/// <summary>Files under tests/fixtures.</summary>
internal static class Fixtures
{
    private static readonly string Root = FindRoot();

    public static string Gau(string name = "") => Path.Combine(Root, "gau-tiny", name);

    public static string RoFormer(string name = "") => Path.Combine(Root, "roformer-v2-tiny", name);

    public static string Hdf5(string name) => Path.Combine(Root, "hdf5", name);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GauRuntime.slnx")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new DirectoryNotFoundException("GauRuntime.slnx"), "tests", "fixtures");
    }
}
