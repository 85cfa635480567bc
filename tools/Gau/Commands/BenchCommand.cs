using System.CommandLine;
using System.Globalization;
using System.Text;
using GauRuntime.Cli.Bench;
using GauRuntime.Kernels;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau bench</c>: how fast the encoder is on this machine.</summary>
internal sealed class BenchCommand
{
    private const string All = "all";
    private static readonly int[] UsualLengths = [32, 64, 128, 256, 512];

    private readonly Option<string?> model = CommonOptions.CreateModel();
    private readonly Option<string> random = OptionKinds.Word(
        "--random", "A model of a published size with random weights, instead of a file.", null,
        [.. RandomModel.Sizes]);
    private readonly Option<string> type = OptionKinds.Word(
        "--type", "Number type of the random weights [default: int8]", null, "int8", "f32");
    private readonly Option<string> block = OptionKinds.Word(
        "--block", "Inputs per int8 block of the random weights [default: as gau-convert chooses]", null,
        [.. StorageScheme.Blocks.Select(size => size.ToString(CultureInfo.InvariantCulture))]);
    private readonly Option<int[]?> lengths = OptionKinds.Numbers(
        "--lengths", $"Tokens of a text, one measurement each [default: {string.Join(',', UsualLengths)}]",
        1, GauBatch.MaxLength);
    private readonly Option<int?> batch = OptionKinds.Number("--batch", "Texts per pass [default: 1]", 1, 1024);
    private readonly Option<string> read = OptionKinds.Word(
        "--read", $"Whose last hidden states are needed: of all tokens, or of the first of every text [default: {All}]",
        null, All, BenchResult.First);
    private readonly Option<bool> profile = OptionKinds.Switch(
        "--profile", "Also tell which share of a pass each of its steps has.");
    private readonly Option<string[]?> tiers = OptionKinds.Words(
        "--tiers", "Kernel tiers to measure, each in turn [default: the one in use]", All, [.. KernelTiers.Known]);
    private readonly ThreadsOption threads = new();

    private BenchCommand()
    {
    }

    public static Command Create(CommandHost host)
    {
        BenchCommand bench = new();
        Command command = new("bench", "Measure how fast the encoder is on this machine.");
        Array.ForEach<Option>(
            [
                bench.model, bench.random, bench.type, bench.block, bench.lengths, bench.batch, bench.read,
                bench.profile, bench.tiers, bench.threads.Option,
            ],
            command.Add);
        command.SetAction(result => bench.Execute(result, host));
        return command;
    }

    private int Execute(ParseResult result, CommandHost host)
    {
        int workers = threads.Count(result, host);
        using BenchModel loaded = Load(result, host);
        int most = loaded.Model.MaxTokens;
        // An option with a list that was not given has an empty one.
        int[] asked = result.GetValue(lengths) is { Length: > 0 } given ? given : Usual(most);
        if (asked.FirstOrDefault(length => length > most) is > 0 and var length)
            throw new ToolException(
                ExitCode.Usage,
                $"--lengths {length}: the model has learned {most} positions, and no text has more tokens");
        string[] used = Tiers(loaded.Model, result.GetValue(tiers));
        bool firstOnly = result.GetValue(read) == BenchResult.First;
        EncoderBench bench = new(
            loaded.Model, result.GetValue(batch) ?? 1, workers, firstOnly, result.GetValue(profile), host.Cancel);
        bool json = result.GetValue<bool>(CommonOptions.JsonName);
        using Stream output = host.OpenOutput();
        void Print(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        if (!json)
            Print(BenchResult.Header);
        foreach (int tokens in asked)
            foreach (string tier in used)
            {
                loaded.Model.Use(tier);
                BenchResult measured = bench.Measure(tokens);
                Print(json ? measured.Json() : measured.Words());
            }
        return ExitCode.Ok;
    }

    /// <summary>The tiers that are measured: those whose kernels could be made, if all are asked for.</summary>
    internal static string[] Tiers(GauModel model, string[]? asked)
    {
        if (asked is not { Length: > 0 })
        {
            model.Prepare();
            return [model.Tier];
        }
        bool all = asked[0] == All;
        List<string> found = [];
        foreach (string tier in all ? KernelTiers.Available : asked)
        {
            if (KernelTiers.Available.Contains(tier))
                model.Use(tier);
            if (KernelTiers.Available.Contains(tier))
                found.Add(tier);
            else if (!all)
                throw new ToolException(
                    ExitCode.Unsupported,
                    $"--tiers {tier}: {KernelTiers.Unavailable[tier]}; this machine has "
                    + string.Join(", ", KernelTiers.Available));
        }
        return [.. found];
    }

    /// <summary>The usual lengths that a model can have; of one for short texts alone, its longest.</summary>
    private static int[] Usual(int most) =>
        most < UsualLengths[0] ? [most] : [.. UsualLengths.Where(length => length <= most)];

    private static BenchModel Random(string size, WeightType type, string? block, CommandHost host)
    {
        if (type == WeightType.F32 && block is not null)
            throw new ToolException(ExitCode.Usage, "--block is for --type int8");
        int? inputs = block is null ? null : int.Parse(block, CultureInfo.InvariantCulture);
        return BenchModel.Random(size, type, inputs, host.Cancel);
    }

    private BenchModel Load(ParseResult result, CommandHost host)
    {
        string? path = result.GetValue(model), size = result.GetValue(random), asked = result.GetValue(type);
        if (path is not null && size is not null)
        {
            // The command line wins over the variables.
            if (path == host.Environment("GAU_MODEL"))
                path = null;
            else if (size == host.Environment("GAU_RANDOM"))
                size = null;
            else
                throw new ToolException(ExitCode.Usage, "--model and --random each name a model; give one of them");
        }
        if (size is not null)
            return Random(size, asked == "f32" ? WeightType.F32 : WeightType.Int8, result.GetValue(block), host);
        if (result.GetValue(block) is not null)
            throw new ToolException(ExitCode.Usage, "--block is for --random: a model file has its own blocks", path);
        BenchModel loaded = BenchModel.Load(path);
        string found = JsonName.Of(loaded.Model.File.Quantization.Type);
        if (asked is null || asked == found)
            return loaded;
        loaded.Dispose();
        throw new ToolException(
            ExitCode.Usage, $"--type {asked}: the weights of this model are {found}; --random has both types", path);
    }
}
