using System.IO.Compression;
using System.Runtime.InteropServices;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Library.Tests;

/// <summary>The packages as a user gets them: what is in them, and a program made of them by Native AOT.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(18);

    private static readonly string[] Projects = ["Weights", "GauRuntime", "Scoring", "Extensions"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Packages_RestoredIntoANativeProgram_Run()
    {
        TestLevel.RequireCi();
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "the program is published and run on x64 Linux");
        Assert.SkipUnless(
            ChildProcess.Shell("command -v clang || command -v gcc").Code == 0,
            "no C compiler, which links the native file: install clang or gcc");
        Pack();
        foreach (string file in Directory.GetFiles(folder.Path("packages"), "*.nupkg"))
            CheckContent(file);

        WriteConsumer();
        Shell($"dotnet publish '{folder.Path("app")}' -c Release -r linux-x64 -o '{folder.Path("out")}' -nr:false "
            + "-p:UseSharedCompilation=false");
        Shell($"'{folder.Path("out")}/app' '{Repository.Model}' "
            + $"'{Repository.At("samples", "legal.jsonl")}' '{folder.Path("scored.parquet")}'").Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]
            .Should().Be($"司法解释 3 256 {Repository.Texts.Length}");
    }

    // Into folders of its own, so that it neither waits for nor disturbs another build of the same projects.
    private void Pack()
    {
        foreach (string project in Projects)
            Shell($"dotnet pack '{Fixtures.Root}/src/{project}' -c Release -o '{folder.Path("packages")}' -nr:false "
                + $"-p:UseSharedCompilation=false --artifacts-path '{folder.Path("artifacts")}'");
        Directory.GetFiles(folder.Path("packages")).Select(Path.GetFileName).Should().BeEquivalentTo(
            new[] { "Weights", "Scoring", "Extensions" }.Select(name => $"GauRuntime.{name}").Append("GauRuntime")
                .SelectMany(name => new[] { $"{name}.{Repository.Version}.nupkg", $"{name}.{Repository.Version}.snupkg" }));
    }

    private static void CheckContent(string package)
    {
        string name = Path.GetFileName(package).Replace($".{Repository.Version}.nupkg", "", StringComparison.Ordinal);
        string[] rooms = name == "GauRuntime.Scoring" ? [name, "GauRuntime.Parquet"] : [name];
        using ZipArchive nupkg = ZipFile.OpenRead(package);
        nupkg.Entries.Select(entry => entry.FullName).Should().Contain(
            ["README.md", $"lib/net10.0/{name}.xml", .. rooms.Select(room => $"lib/net10.0/{room}.dll")]);
        using ZipArchive symbols = ZipFile.OpenRead(Path.ChangeExtension(package, ".snupkg"));
        symbols.Entries.Select(entry => entry.FullName).Should().Contain(
            rooms.Select(room => $"lib/net10.0/{room}.pdb"));
    }

    private void WriteConsumer()
    {
        Directory.CreateDirectory(folder.Path("app"));
        folder.Write("app/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <PublishAot>true</PublishAot>
                <IlcInstructionSet>x86-64-v3</IlcInstructionSet>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestorePackagesPath>{folder.Path("restored")}</RestorePackagesPath>
                <RestoreFallbackFolders>{Installed()}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{folder.Path("packages")}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="GauRuntime.Extensions" Version="{Repository.Version}" />
                <PackageReference Include="GauRuntime.Scoring" Version="{Repository.Version}" />
                <PackageReference Include="Microsoft.Extensions.DependencyInjection" Version="10.0.12" />
              </ItemGroup>
            </Project>
            """);
        folder.Write("app/Program.cs", """
            using GauRuntime;
            using GauRuntime.Extensions;
            using GauRuntime.Scoring;
            using GauRuntime.Scoring.Jobs;
            using GauRuntime.Scoring.Pipeline;
            using GauRuntime.Scoring.Records;
            using GauRuntime.Scoring.Tasks;
            using Microsoft.Extensions.AI;
            using Microsoft.Extensions.DependencyInjection;

            ServiceCollection services = new();
            services.AddGauRuntime(options => options.ModelPath = args[0]);
            await using ServiceProvider provider = services.BuildServiceProvider();
            Classification answer = provider.GetRequiredService<GauClassifier>()
                .Classify("人民法院审理共享菜园租赁合同纠纷案件，应当依照民法典的有关规定认定合同效力。");
            FilledText filled = provider.GetRequiredService<GauFillMask>().Fill("依法追究刑[MASK]责任。", top: 3);
            var vectors = await provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>()
                .GenerateAsync(["条例"]);
            Console.WriteLine($"{answer.Label} {filled.Masks[0].Tokens.Count} {vectors[0].Dimensions} {Scored()}");

            long Scored()
            {
                RecordTask task = RecordTask.Score(provider.GetRequiredService<GauModel>());
                using RecordSource source = new([InputFile.Find(args[1], format: null)], task.DefaultFields);
                ScoringRun run = new(task, source, new ScoringOptions { Threads = 1 }, RecordFormat.JsonLines);
                JobOutput output = new() { Path = args[2], Format = RecordFormat.Parquet };
                using (ScoringJob job = ScoringJob.Open(output)) job.Run(run, CancellationToken.None);
                return run.Totals.Written.Records;
            }
            """);
    }

    // Packages of others are there already; ours must not get among them.
    private static string Installed() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Shell(string command)
    {
        (int code, string output, string error) = ChildProcess.Shell(command, Patience);
        return code == 0 ? output : throw new InvalidOperationException($"{command}\n{output}{error}");
    }
}
