using System.Reflection;
using System.Text.Json;
using GauRuntime.Benchmarks.Export;

// A trained model as it is shipped for ONNX Runtime, beside what gau-convert makes of it: see benchmarks/README.md.
switch (args)
{
    case ["unpack", var folder]:
        string? package = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(fact => fact.Key == "Package")?.Value;
        if (package is null)
        {
            Console.Error.WriteLine("No model in this build: give -p:Natives=true, as benchmarks/Export/run does.");
            return 2;
        }
        Package.Unpack(package, folder);
        return 0;
    case ["compare", var export, var model, var texts, .. var results]:
        using (ExportedModel exported = new(export, model))
        {
            string[] records = [.. File.ReadLines(texts)];
            float[][] expected = [.. records.Select(
                line => exported.Embed(JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!))];
            bool good = true;
            foreach (string result in results)
            {
                double least = Vectors.Read(result).Zip(expected, Vectors.Cosine).Min();
                Console.WriteLine($"{Path.GetFileName(result)}: {records.Length} texts, least cosine {least:F7}");
                // F32 is the first; what int8 costs is in the report.
                good &= result != results[0] || least >= 0.99999;
            }
            return good ? 0 : 1;
        }
    default:
        Console.Error.WriteLine("usage: Export unpack FOLDER | Export compare MODEL.onnx MODEL TEXTS VECTORS…");
        return 2;
}
