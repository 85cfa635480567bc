using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GauRuntime.Library.Tests;

/// <summary>The C# blocks of a page, each a program.</summary>
internal static class CSharpBlocks
{
    private const string Fence = "```csharp\n";

    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    // What a program of .NET with the packages sees.
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The text of all blocks of a page.</summary>
    public static IReadOnlyList<string> Of(string page)
    {
        List<string> blocks = [];
        string text = File.ReadAllText(page);
        for (int at = text.IndexOf(Fence, StringComparison.Ordinal); at >= 0;)
        {
            int from = at + Fence.Length, to = text.IndexOf("```", from, StringComparison.Ordinal);
            blocks.Add(text[from..to]);
            at = text.IndexOf(Fence, to, StringComparison.Ordinal);
        }
        return blocks;
    }

    /// <summary>Compiles a block; what is wrong with it, or nothing.</summary>
    public static IReadOnlyList<string> Compile(string code, Stream assembly)
    {
        CSharpParseOptions options = new(LanguageVersion.Preview);
        var compilation = CSharpCompilation.Create(
            $"Block{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, options), CSharpSyntaxTree.ParseText(code, options)], References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return
        [
            .. compilation.Emit(assembly).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)
                .Select(d => d.ToString()),
        ];
    }

    /// <summary>Runs a compiled block; what it wrote.</summary>
    public static string Run(MemoryStream assembly)
    {
        assembly.Position = 0;
        AssemblyLoadContext context = new("block", isCollectible: true);
        TextWriter console = Console.Out, error = Console.Error;
        using StringWriter output = new();
        try
        {
            Console.SetOut(output);
            Console.SetError(TextWriter.Synchronized(new StringWriter()));
            MethodInfo entry = context.LoadFromStream(assembly).EntryPoint!;
            entry.Invoke(null, entry.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            return output.ToString();
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(error);
            context.Unload();
        }
    }
}
