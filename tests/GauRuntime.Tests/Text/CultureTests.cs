using System.Diagnostics;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Text;

public sealed class CultureTests
{
    private const string MissingIcu = "Couldn't find a valid ICU package";

    /// <summary>
    /// Runs the golden tests again in a process with ICU and a culture whose lower case of I is no i.
    /// </summary>
    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void GoldenTests_InAnotherCulture_Pass(string culture)
    {
        string assembly = typeof(CultureTests).Assembly.Location;
        string configuration = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.runtimeconfig.json");
        string original = File.ReadAllText(Path.ChangeExtension(assembly, ".runtimeconfig.json"));
        string changed = original.Replace(
            "\"System.Globalization.Invariant\": true", "\"System.Globalization.Invariant\": false",
            StringComparison.Ordinal)
            .Replace(
                "\"System.Globalization.PredefinedCulturesOnly\": true",
                "\"System.Globalization.PredefinedCulturesOnly\": false", StringComparison.Ordinal);
        changed.Should().NotBe(original);
        File.WriteAllText(configuration, changed);
        try
        {
            (int exitCode, string output) = Run(
                "exec", "--runtimeconfig", configuration, assembly, "-culture", culture, "-noLogo", "-noColor",
                "-class", typeof(GoldenCasesTests).FullName!, "-class", typeof(PythonWordsTests).FullName!, "-class",
                typeof(DialectDifferencesTests).FullName!);
            Assert.SkipWhen(
                output.Contains(MissingIcu, StringComparison.Ordinal), "without ICU no process can have such a culture");
            exitCode.Should().Be(0, output);
            output.Should().MatchRegex("Total: [1-9][0-9]").And.NotContain("[FAIL]");
        }
        finally
        {
            File.Delete(configuration);
        }
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var start = new ProcessStartInfo(
            Path.GetFullPath(Path.Combine(framework, "..", "..", "..", "dotnet")), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        ChildProcess.End(process);
        return (process.ExitCode, output + errors.Result);
    }
}
