using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using GauRuntime.Cli.Tests;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>Several processes keep one copy of the weights: pages of the file, which the kernel shares.</summary>
public sealed class SharedWeightsTests : IDisposable
{
    private const int Count = 4;

    private readonly TemporaryFolder folder = new();
    private readonly List<Process> processes = [];
    private readonly string program, model;
    private readonly long modelKiB;

    public SharedWeightsTests(PublishedFile published)
    {
        program = published.OrSkip().Program;
        model = folder.Copy(Path.Combine(Fixtures.Root, "models", "legal.int8.safetensors"), "model.safetensors");
        modelKiB = new FileInfo(model).Length / 1024;
    }

    public void Dispose()
    {
        foreach (Process process in processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
        folder.Dispose();
    }

    [Fact]
    public void DefaultModel_InFourProcesses_IsOneCopy() => ShouldBeShared("", program);

    [Fact]
    public void ModelFile_InFourProcesses_IsOneCopy() => ShouldBeShared($"--model {model}", model);

    /// <summary>Four processes that have scored a record and wait for the next.</summary>
    private void ShouldBeShared(string options, string file)
    {
        for (int i = 0; i < Count; i++)
        {
            Process process = ChildProcess.Start($"exec '{program}' score - --format txt --batch-tokens 8 {options}");
            processes.Add(process);
            for (int line = 0; line < 64; line++)
                process.StandardInput.Write("第一条　为了规范网络数据处理活动。\n");
            process.StandardInput.Flush();
            process.StandardOutput.ReadLine().Should().StartWith("{\"id\":0,");
        }
        foreach (Process process in processes)
        {
            // The program's own file has code too, of about the model's size.
            Region weights = Regions(process.Id)
                .Where(region => region.File == file && !region.Permissions.Contains('x'))
                .MaxBy(region => region.Rss)!;
            weights.Permissions.Should().StartWith("r--");
            weights.Rss.Should().BeGreaterThanOrEqualTo(modelKiB * 9 / 10, "the whole file is checked at the start");
            weights.Anonymous.Should().Be(0);
            weights.PrivateDirty.Should().Be(0);
            weights.Pss.Should().BeLessThan(weights.Rss * 3 / (2 * Count), "{0} processes have it", Count);
        }
    }

    private static IEnumerable<Region> Regions(int process)
    {
        Region? region = null;
        foreach (string line in File.ReadLines($"/proc/{process}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                if (region is not null)
                    yield return region;
                region = new Region(words[1], words.Length > 5 ? words[5] : "", []);
            }
            else if (words.Length == 3)
            {
                region!.Sizes[words[0]] = long.Parse(words[1], CultureInfo.InvariantCulture);
            }
        }
        if (region is not null)
            yield return region;
    }

    /// <summary>A mapping, with its sizes in KiB.</summary>
    private sealed record Region(string Permissions, string File, Dictionary<string, long> Sizes)
    {
        public long Rss => Sizes["Rss:"];

        public long Pss => Sizes["Pss:"];

        public long Anonymous => Sizes["Anonymous:"];

        public long PrivateDirty => Sizes["Private_Dirty:"];
    }
}
