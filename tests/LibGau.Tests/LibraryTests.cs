using System.Text.RegularExpressions;
using FluentAssertions;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.LibGau.Tests;

/// <summary>The library as other C programs meet it: errors, threads, symbols, C++.</summary>
[Collection(nameof(NativeCollection))]
public sealed partial class LibraryTests(PublishedLibrary library) : IDisposable
{
    private static readonly string Header = File.ReadAllText(
        Path.Combine(Fixtures.Root, "tools", "LibGau", "gau.h"));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Calls_ThatAreWrong_EndInTheirCodeAndMessage()
    {
        string errors = library.Compile("tests", "LibGau.Tests", "c", "errors.c");
        string malformed = folder.Write("malformed.safetensors", "not a model");
        string Tiny(HeadKind kind, params string[] labels)
        {
            string path = folder.Path($"{kind}.safetensors");
            TinyModel.Write(path, TinyModel.Sequence with { Kind = kind, Labels = labels });
            return $"'{path}'";
        }
        TinyModel.Write(folder.Path("overflow.safetensors"), TinyModel.Sequence, (name, weights) =>
        {
            if (name != "layers.0.gau.o_dense")
                return;
            foreach (ref float weight in weights)
                weight *= 1e25f;
        });
        string[] lines = NativeRun.Lines(
            $"'{errors}' '{malformed}' {Tiny(HeadKind.TokenClassification, "p", "q")} {Tiny(HeadKind.MultipleChoice)} "
            + $"{Tiny(HeadKind.QuestionAnswering)} '{folder.Path("overflow.safetensors")}'");
        lines.Should().ContainSingle().Which.Should().MatchRegex("^2[0-9]{2} checks, 0 failed$");
    }

    [Fact]
    public void Threads_OnOneModel_GiveTheSameBitsAndMayGoOnWhileItIsFreed()
    {
        string threads = library.Compile("tests", "LibGau.Tests", "c", "threads.c");
        string input = Path.Combine(Fixtures.Root, "samples", "masks.txt");
        NativeRun.Lines($"'{threads}' 8 < '{input}'").Should().Equal(
            $"8 threads, {8 * 8 * File.ReadLines(input).Count()} texts: 0 wrong",
            "messages: 0 wrong; freed meanwhile: 0 wrong");
    }

    [Fact]
    public void Symbols_AreThoseOfTheHeader()
    {
        string file = Path.Combine(library.Folder, "libgau.so");
        PublishedLibrary.RequireProgram("nm", "binutils");
        string[] declared = [.. Declaration().Matches(Header).Select(match => match.Groups[1].Value)];
        declared.Should().HaveCount(20);
        // The runtime's header for debuggers, and the name of the symbols' version.
        NativeRun.Lines($"nm -D --defined-only '{file}'").Select(line => line.Split(' ')[^1].Split('@')[0])
            .Should().BeEquivalentTo([.. declared, "DotNetRuntimeDebugHeader", "V1.0"]);
    }

    [Fact]
    public void Folder_HasTheLibraryAndItsHeader() =>
        Directory.GetFiles(library.Folder).Select(Path.GetFileName).Should().BeEquivalentTo("libgau.so", "gau.h");

    [Fact]
    public void Header_InCPlusPlus_Compiles()
    {
        string includes = library.Folder;
        PublishedLibrary.RequireProgram("c++", "g++");
        string source = folder.Write(
            "main.cc",
            "#include \"gau.h\"\nint main() { return gau_supported() && gau_version()[0] == '1' ? 0 : 1; }\n");
        NativeRun.Lines(
            $"c++ -std=c++17 -Wall -Wextra -Werror -pedantic -I '{includes}' '{source}' -o '{folder.Path("main")}' "
            + $"-L '{includes}' -lgau -Wl,-rpath,'{includes}' && '{folder.Path("main")}'").Should().BeEmpty();
    }

    [Fact]
    public void Documentation_Example_CompilesAndRuns()
    {
        string page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "c-api.md"));
        int from = page.IndexOf("```c\n", StringComparison.Ordinal) + 5;
        string[] code = page[from..page.IndexOf("```", from, StringComparison.Ordinal)].Split("\n\n", 2);
        code[0].Should().Be("#include \"gau.h\"");
        string source = folder.Write(
            "example.c",
            $"#include <stdio.h>\n#include <string.h>\n{code[0]}\nint main(void)\n{{\n{code[1]}"
            + "float sum = 0;\nfor (size_t i = 0; i < count; i++) sum += probabilities[i];\n"
            + "printf(\"%zu %.3f\\n\", count, (double)sum);\n}\n");
        NativeRun.Lines(library.Compile(source)).Should().Equal("4 1.000");
    }

    [GeneratedRegex(@"^(?!static)[a-z].*?[ *](gau_\w+)\((?:.*\);)?$", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
