// Semantic search over a folder of texts:
//   dotnet run -c Release --project samples/Search -- FOLDER [MODEL [PREFIX]] < queries.txt
// Every paragraph of every .txt file becomes a vector; each line of standard input is a query, answered by the nearest.
// A model converted from a folder of sentence-transformers embeds as it says, with its prompts where it knows some;
// PREFIX is what else is to stand in front of queries.
using System.Numerics.Tensors;
using GauRuntime;

const int Best = 3;

if (args.Length is 0 or > 3)
{
    Console.Error.WriteLine("usage: Search FOLDER [MODEL [PREFIX]] < queries");
    return 2;
}
try
{
    using GauModel model = GauModel.Load(args.Length > 1 ? args[1] : "models/legal.int8.safetensors");
    GauEmbedder Embedder(string? prefix, params string[] prompts) => new(model, new EmbedderOptions
    {
        Normalize = true, Prefix = prefix, Prompt = prefix is not null
            ? null : model.Embedding?.Prompts.FirstOrDefault(known => prompts.Contains(known.Name))?.Name,
    });
    GauEmbedder embedder = Embedder(null, "passage", "document", "corpus");
    GauEmbedder queries = Embedder(args.Length > 2 ? args[2] : null, "query");

    (string File, int Line, string Text)[] passages =
    [
        .. Directory.EnumerateFiles(args[0], "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (file, i + 1, line)))
            .Where(passage => !string.IsNullOrWhiteSpace(passage.line)),
    ];
    ReadOnlyMemory<float>[] vectors =
        [.. embedder.Embed([.. passages.Select(passage => passage.Text)]).Select(embedding => embedding.Vector)];
    Console.Error.WriteLine($"{passages.Length} paragraphs, {embedder.Dimensions} dimensions");

    while (Console.ReadLine() is { } query)
    {
        if (string.IsNullOrWhiteSpace(query))
            continue;
        ReadOnlyMemory<float> wanted = queries.Embed(query).Vector;
        var nearest =
            vectors.Select((vector, i) => (Likeness: TensorPrimitives.Dot(wanted.Span, vector.Span), Index: i))
            .OrderByDescending(found => found.Likeness).Take(Best);
        Console.WriteLine(query);
        foreach (var (likeness, i) in nearest)
            Console.WriteLine(FormattableString.Invariant(
                $"  {likeness:F3}  {Path.GetFileName(passages[i].File)}:{passages[i].Line}  {passages[i].Text}"));
    }
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or GauRuntime.Weights.GauFormatException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 66;
}
