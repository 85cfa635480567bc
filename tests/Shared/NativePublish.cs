namespace GauRuntime.TestSupport;

/// <summary>Publishes programs as native code, as <c>.ci/publish</c> does, whose work is taken over.</summary>
internal static class NativePublish
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(18);

    /// <summary>Publishes a program for a platform. One at a time, since what they are made of is built in one place.</summary>
    /// <param name="project">Its folder, as in <c>tools/Gau</c>.</param>
    /// <param name="platform">As in <c>linux-x64</c>.</param>
    /// <param name="dynamic">Whether a program takes the system's C library, and so libraries that are preloaded.</param>
    /// <returns>The folder that it is in, with nothing else.</returns>
    public static string Run(string project, string platform, bool dynamic = false)
    {
        string artifacts = Path.Combine(Fixtures.Root, "artifacts", "tests");
        string folder = Path.Combine(artifacts, $"{Path.GetFileName(project)}-{platform}{(dynamic ? "-dynamic" : "")}");
        string gate = Path.Combine(artifacts, "publish.lock");
        Directory.CreateDirectory(artifacts);
        (int code, string output, string error) = ChildProcess.Shell(
            $"rm -rf '{folder}' && cd '{Fixtures.Root}' && flock '{gate}' dotnet publish {project} -c Release "
            + $"-r {platform} -o '{folder}' -p:ContinuousIntegrationBuild=true {(dynamic ? "-p:StaticExecutable=false " : "")}--nologo -nr:false -m:1",
            Patience);
        return code == 0 ? folder : throw new InvalidOperationException(output + error);
    }
}
