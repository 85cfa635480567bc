using System.Buffers;
using System.Text;
using System.Text.Json;
using GauRuntime.Weights;
using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Scoring.Results;

/// <summary>What vectors are: of which model, and how they were made. Stored with them as JSON.</summary>
/// <remarks>
/// Vectors can be compared where <see cref="IsSameSpace"/> says so; prefix, length limit and precision may differ.
/// </remarks>
internal sealed record VectorDescription
{
    /// <summary>The name of the note in a Parquet or Arrow file that holds it.</summary>
    public const string NoteName = "gau.vectors";

    private const int Version = 1;
    private const int LongestFile = 4 << 20;

    /// <summary>XxHash128 of the model's weights, in hexadecimal.</summary>
    public required string Model { get; init; }

    /// <summary>XxHash128 of the model file's metadata, in hexadecimal.</summary>
    public required string ModelMetadata { get; init; }

    /// <summary>How hidden states become a vector, for people and for comparison.</summary>
    public required string Pooling { get; init; }

    /// <summary>Whether vectors have length 1, before they were reduced.</summary>
    public required bool Normalize { get; init; }

    /// <summary>Numbers of a vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>What was put in front of every text.</summary>
    public required string Prefix { get; init; }

    /// <summary>Where texts were cut, in tokens.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>How vectors are to be compared.</summary>
    public required Similarity Similarity { get; init; }

    /// <summary>How the numbers are stored.</summary>
    public required VectorPrecision Precision { get; init; }

    /// <summary>All that the numbers depend on, besides the model.</summary>
    public required string Task { get; init; }

    /// <summary>Whether vectors of both lie in one space.</summary>
    public bool IsSameSpace(VectorDescription other) =>
        (Model, ModelMetadata, Pooling, Normalize, Dimensions)
        == (other.Model, other.ModelMetadata, other.Pooling, other.Normalize, other.Dimensions);

    /// <summary>Writes the properties of the object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("version"u8, Version);
        json.WriteString("model"u8, Model);
        json.WriteString("model_metadata"u8, ModelMetadata);
        json.WriteString("pooling"u8, Pooling);
        json.WriteBoolean("normalize"u8, Normalize);
        json.WriteNumber("dimensions"u8, Dimensions);
        json.WriteString("prefix"u8, Prefix);
        json.WriteNumber("max_tokens"u8, MaxTokens);
        json.WriteString("similarity"u8, JsonName.Of(Similarity));
        json.WriteString("precision"u8, VectorPrecisions.NameOf(Precision));
        json.WriteString("task"u8, Task);
    }

    /// <summary>The object.</summary>
    /// <param name="rows">How many vectors there are, where the object says it too.</param>
    public string ToJson(long? rows = null)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text, JsonRows.Options))
        {
            json.WriteStartObject();
            Write(json);
            if (rows is { } count)
                json.WriteNumber("rows"u8, count);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Reads an object; properties that it does not know are passed over.</summary>
    /// <exception cref="FormatException">It is something else, or of a later version.</exception>
    public static VectorDescription Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.GetProperty("version"u8).GetInt32() != Version)
                throw new FormatException();
            return new VectorDescription
            {
                Model = Text(root, "model"),
                ModelMetadata = Text(root, "model_metadata"),
                Pooling = Text(root, "pooling"),
                Normalize = root.GetProperty("normalize"u8).GetBoolean(),
                Dimensions = Positive(root, "dimensions"),
                Prefix = Text(root, "prefix"),
                MaxTokens = Positive(root, "max_tokens"),
                Similarity = SimilarityOf(Text(root, "similarity")),
                Precision = VectorPrecisions.Parse(Text(root, "precision")) ?? throw new FormatException(),
                Task = Text(root, "task"),
            };
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException(
                "the description of the vectors is malformed, or that of another version of gau", e);
        }
    }

    /// <summary>Reads a file of an object.</summary>
    /// <param name="file">The file, which is closed; a stream that can seek.</param>
    /// <param name="name">What a fault calls it.</param>
    /// <exception cref="GauFormatException">It is something else, or of a later version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static VectorDescription Read(Stream file, string name)
    {
        using (file)
        {
            if (file.Length > LongestFile)
                throw new GauFormatException(name, "whole file", $"{file.Length} bytes are no description of vectors");
            byte[] json = new byte[file.Length];
            file.ReadExactly(json);
            try
            {
                return Parse(json);
            }
            catch (FormatException e)
            {
                throw new GauFormatException(name, "whole file", e.Message, e);
            }
        }
    }

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException();

    private static int Positive(JsonElement json, string name) =>
        json.GetProperty(name).GetInt32() is > 0 and var number ? number : throw new FormatException();

    private static Similarity SimilarityOf(string name)
    {
        foreach (Similarity similarity in Enum.GetValues<Similarity>())
        {
            if (JsonName.Of(similarity) == name)
                return similarity;
        }
        throw new FormatException();
    }
}
