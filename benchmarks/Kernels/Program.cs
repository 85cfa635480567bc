using System.Reflection;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using GauRuntime;
using GauRuntime.Benchmarks;
using GauRuntime.Benchmarks.Kernels;
using GauRuntime.Benchmarks.Kernels.Cases;
using GauRuntime.Benchmarks.Kernels.Report;

// See README.md in the folder above:
//   dotnet run -c Release --project benchmarks/Kernels
if (args is ["--help"])
{
    Console.WriteLine(KernelOptions.Help);
    return 0;
}
Console.OutputEncoding = System.Text.Encoding.UTF8;
DirectoryInfo artifacts = Directory.CreateTempSubdirectory("gau-kernels-");
try
{
    KernelOptions options = KernelOptions.Parse(args);
    Machine machine = Machine.Read();
    string? folder = options.Folder(machine);
    KernelBenchmark.Cases = [.. options.Tiers.SelectMany(KernelCases.Of).Where(options.Includes)];
    if (KernelBenchmark.Cases.Count == 0)
        throw new ArgumentException($"no case has '{options.Only}' in its name");

    AccumulationLogger log = new();
    Summary summary = BenchmarkRunner.Run<KernelBenchmark>(
        new KernelConfig(options.Log ? ConsoleLogger.Default : log, artifacts.FullName));
    Rates[] rates = [.. summary.BenchmarksCases.Select(benchmark => Rates.Of(summary, benchmark)).OfType<Rates>()
        .OrderBy(rate => KernelBenchmark.Cases.ToList().IndexOf(rate.Case))];
    if (rates.Length < KernelBenchmark.Cases.Count)
    {
        Console.Error.WriteLine(log.GetLog());
        return 1;
    }
    string report = KernelReport.Write(
        machine, $"GauRuntime {Version(typeof(GauModel))}, BenchmarkDotNet {Version(typeof(BenchmarkRunner))}",
        KernelOptions.Command(args), rates);
    Console.Write(report);
    if (folder is null)
        return 0;
    Directory.CreateDirectory(folder);
    File.WriteAllText(Path.Combine(folder, "kernels.md"), report);
    Console.Error.WriteLine(Path.Combine(folder, "kernels.md"));
    return 0;
}
catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException or DirectoryNotFoundException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
finally
{
    artifacts.Delete(recursive: true);
}

static string Version(Type type) =>
    type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
