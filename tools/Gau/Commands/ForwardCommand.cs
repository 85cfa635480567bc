using System.CommandLine;
using GauRuntime.Cli.Forward;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Results;
using GauRuntime.Tools;
using GauRuntime.Tools.Shell;
using GauRuntime.Weights;

namespace GauRuntime.Cli.Commands;

/// <summary><c>gau forward</c>: the raw forward pass, for comparison with another implementation.</summary>
internal static class ForwardCommand
{
    private const int LargestCase = 1 << 30;

    public static Command Create(CommandHost host)
    {
        Command command = new(
            "forward", "Run the raw forward pass on token ids, to compare it with another implementation.");
        Option<string?> input = OptionKinds.Text(
            "--input",
            "JSON: input_ids and optional token_type_ids, attention_mask, [batch, tokens]; - is standard input.",
            "CASE");
        Option<string?> output = CommonOptions.CreateOutput(
            "Safetensors file to write: hidden, and logits where the model has a head.");
        Option<bool> maskedLm = OptionKinds.Switch("--mlm", "Write mlm_logits as well.");
        Option<string?> model = CommonOptions.CreateModel();
        Option<bool> force = CommonOptions.CreateForce();
        input.Required = true;
        output.Required = true;
        Array.ForEach<Option>([input, output, maskedLm, model, force], command.Add);
        command.SetAction(result =>
        {
            string path = result.GetValue(output)!;
            if (path == "-")
                throw new ToolException(
                    ExitCode.Usage, "forward writes a file that it must seek in, not standard output");
            InputFile found = Inputs.Find(result.GetValue(input)!, null, host);
            TouchedFiles files = Inputs.Touched(host, [found]);
            files.Read(result.GetValue(model));
            files.WriteTo(path, "--output");
            ForwardCase @case = Read(found);
            using OutputFile file = host.Create(path, result.GetValue(force));
            using GauModel loaded = ModelSource.Load(result.GetValue(model));
            using ForwardPass pass = new(loaded, @case, result.GetValue(maskedLm));
            pass.Write(new ForwardOutput(file.Stream, pass.Tensors), host.Cancel);
            loaded.File.RequireUnchanged();
            file.Commit();
            return ExitCode.Ok;
        });
        return command;
    }

    private static ForwardCase Read(InputFile input)
    {
        using Stream stream = input.Open();
        using MemoryStream content = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (content.Length + read > LargestCase)
                throw new GauFormatException(
                    input.Name, $"byte {content.Length}", $"a case of more than {LargestCase} bytes");
            content.Write(buffer, 0, read);
        }
        return ForwardCase.Parse(content.GetBuffer().AsSpan(0, (int)content.Length), input.Name);
    }
}
