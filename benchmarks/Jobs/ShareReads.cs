using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GauRuntime.Benchmarks.Jobs;

/// <summary>
/// What the tasks of an array read of one input, with an index and without, and how fast the index is made beside
/// <c>wc -l</c>.
/// </summary>
internal sealed class ShareReads
{
    private const int Sampled = 10, Rounds = 5, Larger = 4;
    private const int WideRecord = 1 << 20;   // bytes; few records, so that reading is what takes time

    private const string Sentence = "为了规范网络数据处理活动，保障网络数据安全，促进网络数据依法合理有效利用";

    private static readonly int[] Counts = [1, 10, 100, 1000];

    private readonly string gau;
    private readonly string folder;
    private readonly long size;
    private readonly StringBuilder text = new();

    private ShareReads(string gau, string folder, long size) =>
        (this.gau, this.folder, this.size) = (gau, folder, size);

    /// <summary>Measures, and writes the page <c>shares.md</c> of this machine.</summary>
    /// <param name="megabytes">Size of each input.</param>
    /// <param name="model">The model that the shares are scored with.</param>
    /// <param name="file">The native file, or null: the program under the JIT.</param>
    /// <returns>The page's path.</returns>
    public static string Run(int megabytes, string model, string? file)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gau-shares-");
        try
        {
            string program = file ?? $"dotnet '{Path.Combine(AppContext.BaseDirectory, "gau.dll")}'";
            ShareReads reads = new(
                $"GAU_MODEL='{Path.GetFullPath(model)}' {program}", folder.FullName, (long)megabytes << 20);
            return reads.Write(megabytes, model, file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private string Write(int megabytes, string model, string? file)
    {
        Machine machine = Machine.Read();
        Line($"# What shares read");
        Line($"");
        Line($"- Machine: {machine.Processor}, {machine.Cores} cores; {machine.System}; {machine.Framework}");
        string load = File.ReadAllText("/proc/loadavg").Trim();
        Line($"- {(file is null ? "Under the JIT" : "The native file")}. {DateTime.UtcNow:yyyy-MM-dd}, load {load}");
        Line($"- Command: `dotnet run -c Release --project benchmarks/Jobs -- shares {megabytes} {model}{
            (file is null ? "" : " FILE")}`");
        Line($"");
        Line($"## Bytes read");
        Line($"");
        AddShares();
        Line($"");
        Line($"## The rate of `gau index`");
        Line($"");
        Line($"Medians of {Rounds} runs in turn, on files of {Larger * megabytes} MiB in the page cache.");
        Line($"");
        Line($"| file | `gau index`, MB/s | `wc -l`, MB/s | index / wc |");
        Line($"| --- | ---: | ---: | ---: |");
        AddRate("JSON Lines", "lines.jsonl", i => $"{{\"id\":\"r{i}\",\"text\":\"第{i}条{Sentence}\"}}\n");
        AddRate(
            "CSV, quoted fields with line breaks", "rows.csv", i => $"r{i},\"第{i}条\n\"\"{Sentence}\"\"\"\n");
        AddRate("CSV without quotes", "plain.csv", i => $"r{i},第{i}条{Sentence}\n");
        AddRate("lines of text", "lines.txt", i => $"第{i}条{Sentence}\n");
        string results = machine.ResultsFolder();
        Directory.CreateDirectory(results);
        string page = Path.Combine(results, "shares.md");
        File.WriteAllText(page, text.ToString());
        return page;
    }

    private void AddShares()
    {
        string rest = new('x', WideRecord);
        string input = Input("wide.jsonl", i => $"{{\"id\":{i},\"rest\":\"{rest}\",\"text\":\"第{i}条\"}}\n");
        long length = new FileInfo(input).Length;
        string index = Path.Combine(folder, "wide.gauindex");
        string one = Input("one.jsonl", _ => "{\"text\":\"第\"}\n", 1);
        long start = Read($"index '{one}' -o '{index}.one'");
        long making = Read($"index '{input}' -o '{index}'") - start;
        Line($"Of one input of {length} bytes, by `/proc/PID/io`, without what a task reads of program and model. For");
        Line($"more than {Sampled} shares, the mean of {Sampled} of them, evenly spaced, times their number. Making");
        Line($"the index read {making} bytes, once.");
        Line($"");
        Line($"| shares | bytes in all | × the input | by an index | × the input | most of a share | S/N + 64 MiB |");
        Line($"| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        long program = Read($"score '{one}' --shard 0/1 --no-progress");
        foreach (int count in Counts)
        {
            int[] shares = [.. Enumerable.Range(0, Math.Min(count, Sampled)).Select(
                i => count <= Sampled ? i : (int)((2L * i + 1) * count / (2 * Sampled)))];
            string Command(int share, string options) =>
                $"score '{input}' --shard {share}/{count} --no-progress{options}";
            double without = shares.Average(i => (double)Math.Max(0, Read(Command(i, "")) - program));
            long[] with = [.. shares.Select(i => Math.Max(0, Read(Command(i, $" --index '{index}'")) - program))];
            Line($"| {count} | {without * count:0} | {without * count / length:0.0} | {with.Average() * count:0} | {
                with.Average() * count / length:0.0} | {with.Max()} | {length / count + (64 << 20)} |");
        }
    }

    private void AddRate(string kind, string name, Func<int, string> line)
    {
        string input = Input(name, line, bytes: Larger * size);
        long length = new FileInfo(input).Length;
        string index = Path.Combine(folder, name + ".gauindex");
        List<double> made = [], counted = [];
        Shell($"cat '{input}' > /dev/null");
        for (int i = 0; i < Rounds; i++)
        {
            counted.Add(length / Seconds($"wc -l '{input}' > /dev/null") / 1e6);
            made.Add(length / Seconds($"{gau} index '{input}' -o '{index}' --force") / 1e6);
        }
        made.Sort();
        counted.Sort();
        (double rate, double lines) = (made[Rounds / 2], counted[Rounds / 2]);
        Line($"| {kind} | {rate:0} | {lines:0} | {rate / lines:0.00} |");
        File.Delete(input);
    }

    private string Input(string name, Func<int, string> line, int most = int.MaxValue, long? bytes = null)
    {
        string path = Path.Combine(folder, name);
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(false), 1 << 20);
        if (name.EndsWith(".csv", StringComparison.Ordinal))
            writer.Write("id,text\n");
        for (int i = 0; i < most && writer.BaseStream.Position < (bytes ?? size); i++)
            writer.Write(line(i));
        return path;
    }

    // What a process has read, as the shell that has waited for it is told.
    private long Read(string command) => long.Parse(
        Shell($"""
            read -r _ before < /proc/$$/io
            {gau} {command} > /dev/null || exit
            read -r _ after < /proc/$$/io
            echo $((after - before))
            """),
        CultureInfo.InvariantCulture);

    private static double Seconds(string command)
    {
        long start = Stopwatch.GetTimestamp();
        Shell(command);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Shell(string script)
    {
        ProcessStartInfo start = new("bash", ["-c", script])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script}: {error.Result}");
    }

    private void Line(FormattableString line)
    {
        string words = line.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine(words);
        text.Append(words).Append('\n');
    }
}
