using System.CommandLine;
using System.Text;
using GauRuntime.Cli.Explain;
using GauRuntime.Evaluation.Explanation;
using GauRuntime.Scoring.Results;
using GauRuntime.Threads;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau explain</c>: what an answer rests on, as a page to look at.</summary>
internal static class ExplainCommand
{
    private const int UsualTokens = 256, FewestTokens = 8;

    public static Command Create(CommandHost host)
    {
        Command command = new("explain", "Show what a classifier's answer to a text rests on, as a page of HTML.");
        Argument<string> text = new("TEXT") { Description = "The text." };
        Option<string?> pair = OptionKinds.Text("--pair", "The second text of a pair.", "TEXT");
        Option<string?> output = CommonOptions.CreateOutput("Write the page there.");
        Option<string> occlusion = OptionKinds.Word(
            "--occlusion", "How a token is taken away: it becomes [MASK], or its characters are left out.", "mask",
            "mask", "drop");
        Option<int?> maxLength = OptionKinds.Number(
            "--max-length", $"Cut the text to so many tokens [default: {UsualTokens}]", FewestTokens,
            TextExplanation.MostTokens);
        ThreadsOption threads = new();
        Option<string?> model = CommonOptions.CreateModel();
        Option<bool> force = CommonOptions.CreateForce();
        command.Add(text);
        Array.ForEach<Option>([pair, output, occlusion, maxLength, threads.Option, model, force], command.Add);
        command.SetAction(result =>
        {
            string? path = result.GetValue(output);
            bool json = result.GetValue<bool>(CommonOptions.JsonName);
            if (path is null && !json)
                throw new ToolException(ExitCode.Usage, "explain needs -o FILE.html for the "
                    + "page, or --json for the numbers");
            if (path is "-" && json)
                throw new ToolException(ExitCode.Usage, "the page and the numbers cannot both go to standard output");
            TouchedFiles files = Inputs.Touched(host, []);
            files.Read(result.GetValue(model));
            files.WriteTo(path, "--output");
            using OutputFile? file =
                path is null or "-"
                    ? null
                    : host.Create(path, result.GetValue(force));
            using GauModel loaded = ModelSource.Load(result.GetValue(model));
            int most = PositionLimit.Checked(result.GetValue(maxLength), loaded)
                ?? Math.Min(UsualTokens, loaded.UsualMaxTokens);
            using WorkerPool pool = new(threads.Count(result, host));
            TextExplanation explanation = TextExplanation.Of(
                loaded, result.GetValue(text)!, result.GetValue(pair), most,
                result.GetValue(occlusion) == "drop" ? Occlusion.Drop : Occlusion.Mask, pool,
                new ExplanationProgress(host, json).Tell, host.Cancel);
            loaded.File.RequireUnchanged();
            if (path is "-")
                host.Print(ExplanationPage.Of(explanation));
            file?.Stream.Write(Encoding.UTF8.GetBytes(ExplanationPage.Of(explanation)));
            file?.Commit();
            if (file is not null)
                host.Note($"the page is {path}", json);
            if (json)
                host.Print(ExplanationJson.Of(explanation));
            return ExitCode.Ok;
        });
        return command;
    }
}
