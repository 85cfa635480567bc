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
if (args is ["--tables", string written])
{
    PeerResults read = JsonReport.Read(Path.Combine(written, "peers.json"));
    new MarkdownReport(read).Write(Path.Combine(written, "peers.md"));
    new Summary(read).WriteTo(Path.Combine(written, "..", "..", "..", "README.md"));
    return 0;
}
DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-peers-");
try
{
    PeerOptions options = PeerOptions.Parse(args);
    PeerResults results = new PeerRun(options, folder.FullName).Run();
    string output = options.Output ?? results.Machine.ResultsFolder();
    Directory.CreateDirectory(output);
    JsonReport.Write(Path.Combine(output, "peers.json"), results);
    new MarkdownReport(results).Write(Path.Combine(output, "peers.md"));
#if NATIVES
    new Charts(results, output).Write();
#endif
    Console.WriteLine(Path.Combine(output, "peers.md"));
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
