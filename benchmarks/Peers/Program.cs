using GauRuntime.Benchmarks.Peers;
using GauRuntime.Benchmarks.Peers.Measuring;
using GauRuntime.Benchmarks.Peers.Reports;

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
    if (args is ["--tables", string written])
    {
        ResultsFolder.WriteTables(written);
        return 0;
    }
    PeerOptions options = PeerOptions.Parse(args);
    PeerResults results = new PeerRun(options, folder.FullName).Run();
    string output = options.Output ?? results.Machine.ResultsFolder();
    Console.WriteLine(ResultsFolder.Write(output, results));
#if NATIVES
    if (options.Report == PeerReport.Peers)
        new Charts(results, output).Write();
#endif
    return 0;
}
catch (Exception e) when (e is ArgumentException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 70;
}
finally
{
    folder.Delete(recursive: true);
}
