using System.Text;
using GauRuntime.Convert;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return CommandLine.Run(args, Console.Out, Console.Error, !Console.IsErrorRedirected);
