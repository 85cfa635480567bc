using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Answers;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Scoring.Tasks;
using GauRuntime.Scoring.Tests.Jobs;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Scoring.Tests.Vectors;

/// <summary>Jobs that end as vectors: npy with what belongs to it, and Parquet of fewer bits.</summary>
public sealed class VectorJobTests(JobFixture jobs) : IClassFixture<JobFixture>
{
    private const string Lines = ".ids.jsonl", Description = ".json";

    public static MatrixTheoryData<RecordFormat, VectorPrecision> Tables =>
        new(
            [RecordFormat.Npy, RecordFormat.Parquet], Enum.GetValues<VectorPrecision>());

    [Theory]
    [InlineData(VectorPrecision.F32, "<f4", 4)]
    [InlineData(VectorPrecision.F16, "<f2", 2)]
    [InlineData(VectorPrecision.Int8, "|i1", 1)]
    public void Run_Npy_HoldsTheVectorsOfJsonLines(VectorPrecision precision, string type, int size)
    {
        (JsonElement[] rows, JobOutput job) = (Rows(), NewJob(RecordFormat.Npy));
        Run(job, precision);
        byte[] npy = File.ReadAllBytes(job.Path);
        // As numpy.save writes it (numpy/lib/format.py): 21 places for the rows, then a multiple of 64.
        Encoding.Latin1.GetString(npy[..128]).Should().Be(
            $"\u0093NUMPY\u0001\0v\0{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows.Length}, 16), }}"
            .PadRight(127) + "\n");
        npy.Length.Should().Be(128 + rows.Length * 16 * size);
        string[] lines = File.ReadAllLines(job.Path + Lines);
        lines.Should().HaveSameCount(rows);
        for (int i = 0; i < rows.Length; i++)
        {
            float[] exact = Vector(rows[i]);
            JsonElement line = JsonDocument.Parse(lines[i]).RootElement;
            line.GetProperty("id").GetRawText().Should().Be(rows[i].GetProperty("id").GetRawText());
            line.GetProperty("tokens").GetInt32().Should().Be(rows[i].GetProperty("tokens").GetInt32());
            line.TryGetProperty("embedding", out _).Should().BeFalse();
            line.TryGetProperty("scale", out JsonElement scale).Should().Be(precision == VectorPrecision.Int8);
            ReadOnlySpan<byte> stored = npy.AsSpan(128 + i * 16 * size, 16 * size);
            if (precision == VectorPrecision.F32)
                MemoryMarshal.Cast<byte, float>(stored).ToArray().Should().Equal(exact);
            else if (precision == VectorPrecision.F16)
                MemoryMarshal.Cast<byte, Half>(stored).ToArray().Should().Equal(exact.Select(v => (Half)v));
            else
                for (int j = 0; j < 16; j++)
                    ((sbyte)stored[j] * scale.GetSingle()).Should().BeApproximately(exact[j], 0.51f * scale.GetSingle());
        }
    }

    [Fact]
    public void Run_Npy_DescribesItsVectors()
    {
        JobOutput job = NewJob(RecordFormat.Npy);
        Run(job, VectorPrecision.F16);
        using GauModel model = GauModel.Load(jobs.ModelPath);
        byte[] json = File.ReadAllBytes(job.Path + Description);
        VectorDescription vectors = VectorDescription.Parse(json);
        vectors.Model.Should().Be(model.File.Hash);
        vectors.ModelMetadata.Should().Be(model.File.Metadata["gau.metadata_hash"]);
        vectors.Should().Be(new VectorDescription
        {
            Model = vectors.Model, ModelMetadata = vectors.ModelMetadata, Pooling = "mean", Normalize = true, Dimensions = 16,
            Prefix = "查询", MaxTokens = 64, Similarity = Similarity.Cosine, Precision = VectorPrecision.F16,
            Task = "embed, pooling Mean, normalize True, dimensions 16, behind \"查询\", precision f16",
        });
        JsonDocument.Parse(json).RootElement.GetProperty("rows").GetInt32().Should().Be(Rows().Length);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Run_FewerBits_TellsTheCosines(RecordFormat format, VectorPrecision precision)
    {
        CosineLoss? loss = Run(NewJob(format), precision).Loss;
        if (precision == VectorPrecision.F32)
            loss.Should().BeNull();
        else
        {
            loss!.Count.Should().Be(Rows().Length);
            loss.Min.Should().BeInRange(precision == VectorPrecision.F16 ? 0.999999 : 0.999, loss.Mean);
            loss.Mean.Should().BeLessThan(1);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Merge_Parts_MakesTheFilesOfOneRun(RecordFormat format, VectorPrecision precision)
    {
        JobOutput whole = NewJob(format);
        Run(whole, precision);
        string folder = Parts(whole, precision);
        using MemoryStream merged = new(), lines = new(), description = new(), rejects = new();
        PartMerge merge = PartMerge.Open(folder, folder);
        Stream[] beside = merge.Beside.Count == 0 ? [] : [lines, description];
        merge.Write(merged, beside, rejects, Compression.None, CancellationToken.None);
        merged.ToArray().Should().Equal(File.ReadAllBytes(whole.Path));
        rejects.ToArray().Should().Equal(File.ReadAllBytes(whole.Rejects!));
        if (format != RecordFormat.Npy)
            return;
        lines.ToArray().Should().Equal(File.ReadAllBytes(whole.Path + Lines));
        description.ToArray().Should().Equal(File.ReadAllBytes(whole.Path + Description));
    }

    [Fact]
    public void Resume_AfterAStop_MakesTheFilesOfAnUninterruptedRun()
    {
        (JobOutput whole, JobOutput job) = (NewJob(RecordFormat.Npy), NewJob(RecordFormat.Npy));
        Run(whole, VectorPrecision.Int8);
        Action run = () => Run(job, VectorPrecision.Int8, stopAfter: 12);
        run.Should().Throw<OperationCanceledException>();
        Pipeline.RunTotals totals = Run(job with { Resume = true }, VectorPrecision.Int8);
        totals.Resumed.Records.Should().BePositive();
        totals.Loss!.Count.Should().Be(Rows().Length, "of those that an earlier attempt computed too");
        ShouldBe(job, whole);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_EveryOperationFails_LosesNothingAndResumes(bool losesPower)
    {
        JobOutput whole = NewJob(RecordFormat.Npy);
        Run(whole, VectorPrecision.Int8);
        int n = 0;
        FailingStorage storage;
        do
        {
            storage = new FailingStorage(++n, forGood: true, losesPower);
            JobOutput job = NewJob(RecordFormat.Npy);
            try
            {
                Run(job, VectorPrecision.Int8, storage: storage);
            }
            catch (Exception e) when (e is IOException or ScoringException { InnerException: IOException })
            {
                // What is left is looked at.
            }
            if (File.Exists(job.Path))
                Files(job).Should().BeEquivalentTo(Files(whole), $"they were there before it when operation {n} failed");
            Run(job with { Resume = true }, VectorPrecision.Int8);
            ShouldBe(job, whole);
        }
        while (storage.Failed);
        n.Should().BeGreaterThan(30, "there are writes, flushes and renames to fail");
    }

    [Fact]
    public void Run_AFileBesideIsThere_IsNotReplaced()
    {
        JobOutput job = NewJob(RecordFormat.Npy);
        File.WriteAllText(job.Path + Description, "mine");
        Action run = () => Run(job, VectorPrecision.F32);
        run.Should().Throw<ScoringException>().WithMessage("*exists already; --force replaces it")
            .Which.File.Should().Be(job.Path + Description);
        File.ReadAllText(job.Path + Description).Should().Be("mine");
        Run(job with { Force = true }, VectorPrecision.F32);
        File.ReadAllText(job.Path + Description).Should().Contain("\"rows\":");
    }

    [Theory]
    [InlineData("", "*its bytes are not those that its marker says*")]
    [InlineData(Lines, "*its bytes are not those that its marker says*")]
    [InlineData(Description, "*")]
    public void Merge_AFileWasChanged_IsRefused(string suffix, string reason)
    {
        string folder = Parts(NewJob(RecordFormat.Npy), VectorPrecision.F32);
        string path = Path.Combine(folder, "part-00001-of-00003.npy" + suffix);
        byte[] content = File.ReadAllBytes(path);
        content[^3]++;
        File.WriteAllBytes(path, content);
        Action merge = () => PartMerge.Open(folder, null).Write(
            new MemoryStream(), [new MemoryStream(), new MemoryStream()], null, Compression.None, CancellationToken.None);
        merge.Should().Throw<GauFormatException>().WithMessage(reason).Which.File.Should().Be(path);
    }

    [Theory]
    [InlineData("\"records\":(\\d+)", "\"records\":9$1", "*it has * rows and its marker says *")]
    [InlineData("\"beside\":", "\"besides\":", "*does not say what the files beside the part are*")]
    [InlineData("\"beside\":\\[", "\"beside\":[{},", "*is no marker of a part*")]
    [InlineData("\"beside\":", "\"beside\":1,\"besides\":", "*is no marker of a part*")]
    [InlineData("\"bytes\":", "\"bytes\":-", "*is no marker of a part*")]
    public void Merge_MarkerOfSomethingElse_IsRefused(string from, string to, string reason)
    {
        string folder = Parts(NewJob(RecordFormat.Npy), VectorPrecision.F16);
        string marker = Path.Combine(folder, "part-00001-of-00003.npy.done");
        File.WriteAllText(marker, Regex.Replace(File.ReadAllText(marker), from, to));
        Action merge = () => PartMerge.Open(folder, null).Write(
            new MemoryStream(), [new MemoryStream(), new MemoryStream()], null, Compression.None, CancellationToken.None);
        merge.Should().Throw<GauFormatException>().WithMessage(reason);
    }

    [Fact]
    public void Merge_NpyIntoAPipe_IsRefused()
    {
        PartMerge merge = PartMerge.Open(Parts(NewJob(RecordFormat.Npy), VectorPrecision.F32), null);
        Action write = () => merge.Write(new MemoryStream(), null, Compression.None, CancellationToken.None);
        write.Should().Throw<ScoringException>().WithMessage("npy parts are joined into files that are not compressed*");
    }

    [Fact]
    public void Fault_NumberThatNoHalfHolds_IsARejectOfF16Alone()
    {
        using GauModel model = GauModel.Load(jobs.ModelPath);
        VectorAnswer great = new() { Numbers = { 1, -65520 } }, usual = new() { Numbers = { 1, 65519 } };
        new EmbedTask(model, new EmbedderOptions(), VectorPrecision.F16).Fault(great).Should().Be(
            "a number of the vector is beyond 65504, the greatest that f16 holds");
        new EmbedTask(model, new EmbedderOptions(), VectorPrecision.F16).Fault(usual).Should().BeNull();
        new EmbedTask(model, new EmbedderOptions(), VectorPrecision.Int8).Fault(great).Should().BeNull();
    }

    [Theory]
    [InlineData(RecordFormat.JsonLines)]
    [InlineData(RecordFormat.Csv)]
    [InlineData(RecordFormat.Tsv)]
    public void ScoringRun_FewerBitsAsText_IsRefused(RecordFormat format)
    {
        Action run = () => Run(NewJob(format), VectorPrecision.F16);
        run.Should().Throw<ScoringException>().WithMessage("precision f16 is for Parquet, Arrow and npy; *");
    }

    [Fact]
    public void ScoringRun_NpyOfSomethingElse_IsRefused()
    {
        Action run = () => jobs.Run(NewJob(RecordFormat.Npy));
        run.Should().Throw<ScoringException>().WithMessage("npy holds vectors, and this task makes none");
    }

    private static float[] Vector(JsonElement row) =>
        [.. row.GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle())];

    private static Dictionary<string, string> Files(JobOutput job) => Directory
        .GetFiles(Path.GetDirectoryName(job.Path)!, "out.npy*")
        .Where(path => path.EndsWith("npy", StringComparison.Ordinal) || path.EndsWith(Lines, StringComparison.Ordinal)
            || path.EndsWith(Description, StringComparison.Ordinal))
        .ToDictionary(path => Path.GetFileName(path), path => Convert.ToBase64String(File.ReadAllBytes(path)));

    private static void ShouldBe(JobOutput job, JobOutput whole)
    {
        Files(job).Should().BeEquivalentTo(Files(whole));
        File.ReadAllBytes(job.Rejects!).Should().Equal(File.ReadAllBytes(whole.Rejects!));
        Directory.GetFiles(Path.GetDirectoryName(job.Path)!).Select(Path.GetFileName).Should().BeEquivalentTo(
            "out.npy", "out.npy.ids.jsonl", "out.npy.json", "rejects.jsonl");
    }

    private Pipeline.RunTotals Run(
        JobOutput job, VectorPrecision precision, IJobStorage? storage = null, int? stopAfter = null) => jobs.Run(
        job, storage, stopAfter: stopAfter,
        task: model => new EmbedTask(model, new EmbedderOptions { Normalize = true, Prefix = "查询" }, precision));

    private string Parts(JobOutput whole, VectorPrecision precision)
    {
        string folder = Path.GetDirectoryName(NewJob(whole.Format).Path)!;
        for (int i = 0; i < 3; i++)
            Run(whole with { Path = folder, Rejects = folder, Shard = new Shard(i, 3) }, precision);
        return folder;
    }

    // Those of JSON Lines that are no rejects.
    private JsonElement[] Rows()
    {
        JobOutput job = NewJob(RecordFormat.JsonLines);
        Run(job, VectorPrecision.F32);
        return [.. File.ReadLines(job.Path).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => !row.TryGetProperty("error", out _))];
    }

    private JobOutput NewJob(RecordFormat format)
    {
        (string output, string rejects) = jobs.NewOutput();
        return new JobOutput
        {
            Path = Path.ChangeExtension(output, RecordFormats.Extension(format)), Rejects = rejects, Format = format,
        };
    }
}
