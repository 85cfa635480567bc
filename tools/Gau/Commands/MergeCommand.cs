using System.CommandLine;
using System.Globalization;
using GauRuntime.Cli.Records;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau merge</c>: the parts that shards have made, as one file.</summary>
internal static class MergeCommand
{
    public static Command Create(CommandHost host)
    {
        Command command = new(
            "merge", "Join the parts of a job that ran as shards, into what one process would have written.");
        Argument<string> folder = new("DIR") { Description = "The folder of the parts." };
        Option<string?> output = CommonOptions.CreateOutput("Write there instead of to standard output.");
        Option<string?> rejects =
            OptionKinds.Text("--rejects", "Join the parts' rejects files as well, there.", "FILE");
        Option<string?> rejectsParts = OptionKinds.Text(
            "--rejects-parts", "The folder of the parts' rejects files [default: DIR]", "DIR");
        Option<bool> force = CommonOptions.CreateForce();
        command.Add(folder);
        command.Add(output);
        command.Add(rejects);
        command.Add(rejectsParts);
        command.Add(force);
        command.SetAction(result => Execute(
            new Request(
                result.GetValue(folder)!, result.GetValue(output), result.GetValue(rejects),
                result.GetValue(rejectsParts), result.GetValue(force)),
            host, result.GetValue<bool>(CommonOptions.JsonName)));
        return command;
    }

    private static int Execute(Request request, CommandHost host, bool json)
    {
        if (request.Rejects is null && request.RejectsParts is not null)
            throw new ToolException(ExitCode.Usage, "--rejects-parts says where from; --rejects, where to, is missing");
        PartMerge merge = PartMerge.Open(
            request.Folder, request.Rejects is null ? null : request.RejectsParts ?? request.Folder);
        TouchedFiles files = Inputs.Touched(host, []);
        foreach (string file in merge.Files)
            files.Read(file, "is one of the files to be joined", ExitCode.Usage);
        files.WriteTo(request.Output, "--output");
        string[] beside = request.ToFile && !OutputFile.IsDevice(request.Output!)
            ? [.. merge.Beside.Select(suffix => request.Output + suffix)]
            : [];
        foreach (string other in beside)
            files.Write(other, "a file beside the results");
        files.WriteTo(request.Rejects, "--rejects");
        if (request.ToFile && !OutputFile.IsDevice(request.Output!))
            OutputExtension.Require(request.Output!, merge.Format);
        using OutputFile? rejects = request.Rejects is { } rejected ? host.Create(rejected, request.Force) : null;
        if (request.ToFile)
        {
            using OutputFile output = host.Create(request.Output!, request.Force);
            List<OutputFile> others = [];
            try
            {
                foreach (string other in beside)
                    others.Add(host.Create(other, request.Force));
                merge.Write(
                    output.Stream, [.. others.Select(file => file.Stream)], rejects?.Stream,
                    Compressions.OfExtension(request.Output!), host.Cancel);
                rejects?.Commit();
                others.ForEach(file => file.Commit());
                output.Commit();
            }
            finally
            {
                others.ForEach(file => file.Dispose());
            }
        }
        else
        {
            using Stream output = host.OpenOutput();
            merge.Write(output, rejects?.Stream, Compression.None, host.Cancel);
            rejects?.Commit();
        }
        host.Error.WriteLine(json ? Json(merge) : Words(merge));
        return ExitCode.Ok;
    }

    private static string Words(PartMerge merge) => string.Create(
        CultureInfo.InvariantCulture,
        $"gau: {merge.Parts} parts, {merge.Counts.Records} records ({merge.Counts.Rejected} rejected), "
        + $"{merge.Bytes} bytes");

    private static string Json(PartMerge merge) => JsonText.Of("summary", json =>
    {
        json.WriteNumber("parts"u8, merge.Parts);
        json.WriteNumber("records"u8, merge.Counts.Records);
        json.WriteNumber("rejected"u8, merge.Counts.Rejected);
        json.WriteNumber("truncated"u8, merge.Counts.Truncated);
        json.WriteNumber("tokens"u8, merge.Counts.Tokens);
        json.WriteNumber("bytes"u8, merge.Bytes);
        json.WriteNumber("rejects_bytes"u8, merge.RejectsBytes);
    });

    private sealed record Request(string Folder, string? Output, string? Rejects, string? RejectsParts, bool Force)
    {
        public bool ToFile => Output is not null and not "-";
    }
}
