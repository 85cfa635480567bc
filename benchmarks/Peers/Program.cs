using GauRuntime.Benchmarks.Peers;
using GauRuntime.Benchmarks.Peers.Measuring;

// See README.md beside this file.
if (args is [MemoryProbe.ChildOption, string engine, string models, string lengths])
    return MemoryProbe.Child(engine, models, lengths);
if (args is ["--help"])
{
    Console.WriteLine(PeerOptions.Help);
    return 0;
}
DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-peers-");
try
{
    PeerOptions options = PeerOptions.Parse(args);
    PeerResults results = new PeerRun(options, folder.FullName).Run();
    return 0;
}
catch (Exception e) when (e is ArgumentException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
finally
{
    folder.Delete(recursive: true);
}
