using System.Globalization;
using System.Text.Json;
using FluentAssertions;

namespace GauRuntime.LibGau.Tests;

/// <summary>The same lines through the sample in C and through gau.</summary>
internal static class NativeRun
{
    /// <summary>What a program wrote to standard output; it has to end with a code.</summary>
    public static string[] Lines(string command, int code = 0)
    {
        (int found, string output, string error) = ChildProcess.Shell(command);
        found.Should().Be(code, output + error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The records of a run of gau.</summary>
    public static JsonElement[] Gau(string arguments) =>
        [.. Lines($"{ChildProcess.Command("gau")} {arguments}").Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The bits of a float that was printed.</summary>
    public static int Bits(string number) =>
        BitConverter.SingleToInt32Bits(float.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture));

    public static int Bits(JsonElement number) => BitConverter.SingleToInt32Bits(number.GetSingle());
}
