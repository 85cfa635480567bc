using System.Text.Json;
using GauRuntime.Cli.Tests;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Aot.Tests;

/// <summary>Lines of every command but bench, which tells times, with the files that they read and their exit codes.</summary>
internal static class EveryCommand
{
    private static readonly DateTime Written = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);   // indexes hold it

    /// <summary>What is behind <c>gau</c>, and what it ends with.</summary>
    public static TheoryData<string, int> Lines => new()
    {
        { "score in.jsonl", 0 },
        { "score in.jsonl -o out.parquet", 0 },
        { "score in.jsonl -o out.arrow --threads 2", 0 },
        { "score in.jsonl -o out.csv.gz --rejects bad.jsonl", 0 },
        { "score in.jsonl -o out.jsonl.zst", 0 },
        { "score in.jsonl --encoding gb18030 --output-format tsv", 0 },
        { "score in.jsonl --shard 1/3 -o parts", 0 },
        { "score missing.jsonl", 66 },
        { "index in.jsonl labelled.jsonl -o in.index", 0 },
        { "merge part -o merged.jsonl", 0 },
        { "embed in.jsonl -o vectors.npy --precision int8", 0 },
        { "fill '本办法由国务院[MASK]政部门负责解释。'", 0 },
        { "tokenize '第一条　本法自2024年起施行。'", 0 },
        { "rerank queries.jsonl labelled.jsonl --model cross.safetensors", 0 },
        { "search in.jsonl '数据' --top 3", 0 },
        { "dedup in.jsonl", 0 },
        { "cluster in.jsonl --clusters 3", 0 },
        { "explain '第一条　制定本条例。' -o page.html", 0 },
        { "eval labelled.jsonl --labels label", 0 },
        { "calibrate legal.safetensors labelled.jsonl --labels label -o calibrated.safetensors", 0 },
        { "compare results.csv others.csv --tolerance 0.1", 78 },
        { "inspect --model cross.safetensors", 0 },
        { "verify", 0 },
        { "forward --input case.json -o hidden.safetensors --mlm", 0 },
        { "completion bash", 0 },
        { "man", 0 },
        { "--help", 0 },
    };

    /// <summary>Writes the files that the lines read.</summary>
    public static void WriteInputs(TemporaryFolder folder)
    {
        folder.Write("in.jsonl", SampleRecords.JsonLines(40));
        // Short beginnings of what the model inside tells apart: a calibration needs answers that are mostly right.
        folder.Write("labelled.jsonl", string.Concat(File.ReadLines(Fixtures.Path("legal", "test.jsonl")).Take(80).Select(line =>
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            string text = row.GetProperty("text").GetString()!;
            return JsonSerializer.Serialize(new
            {
                id = row.GetProperty("id").GetInt32(), text = text[..Math.Min(100, text.Length)],
                label = row.GetProperty("label").GetString(),
            }) + "\n";
        })));
        folder.Write("queries.jsonl", "{\"id\":\"a\",\"text\":\"数据安全\"}\n{\"id\":\"b\",\"text\":\"国务院部门\"}\n");
        folder.Write("results.csv", "id,label,score\na,法律,0.5\nb,法律,0.25\n");
        folder.Write("others.csv", "id,label,score\na,法律,0.5\nb,行政法规,0.75\n");
        folder.Write("case.json", "{\"input_ids\":[[2,10,11,12,3],[2,13,3,0,0]],\"attention_mask\":[[1,1,1,1,1],[1,1,1,0,0]]}\n");
        TinyModel.Write(folder.Path("cross.safetensors"), TinyModel.CrossEncoder);
        folder.Copy(Path.Combine(Fixtures.Root, "models", "legal.int8.safetensors"), "legal.safetensors");
        Programs.Run(Programs.Jit, folder.Root, "score in.jsonl --shard 0/1 -o part");
        foreach (string file in Directory.EnumerateFiles(folder.Root))
            File.SetLastWriteTimeUtc(file, Written);
    }
}
