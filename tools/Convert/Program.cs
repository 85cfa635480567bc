using System.Text;
using GauRuntime.Convert;
using GauRuntime.Tools;

return ProgramFrame.Run(args, error =>
{
    StandardStreams.RequireOutput();
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    return CommandLine.Run(args, Console.Out, error, !Console.IsErrorRedirected);
});
