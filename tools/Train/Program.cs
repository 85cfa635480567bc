using System.Text;
using GauRuntime.Tools;
using GauRuntime.Train;

return ProgramFrame.Run(args, error =>
{
    StandardStreams.UseUtf8();
    using StreamWriter output = new(
        StandardStreams.OpenOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    return CommandLine.Run(args, output, error, !Console.IsErrorRedirected);
});
