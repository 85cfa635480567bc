using System.Text.Json;

namespace GauRuntime.Convert.Tests;

public sealed class InspectTests
{
    [Theory]
    [InlineData("bert_model.ckpt", "tensorflow", "bert/embeddings/word_embeddings")]
    [InlineData("mlm.weights.h5", "keras", "Embedding-Token :: Embedding-Token/embeddings:0")]
    [InlineData("pytorch_model.bin", "torch", "gau_alpha.embeddings.word_embeddings.weight")]
    [InlineData("pytorch_model.legacy.bin", "torch", "gau_alpha.embeddings.word_embeddings.weight")]
    [InlineData("model.safetensors", "safetensors", "gau_alpha.embeddings.word_embeddings.weight")]
    public void Json_EveryKind_HasTheSameStatistics(string name, string kind, string embedding)
    {
        ToolResult result = Tool.Run("inspect", Fixtures.Gau(name), "--stats", "--json");
        result.Code.Should().Be(0);
        result.OutputJson.GetProperty("kind").GetString().Should().Be(kind);
        JsonElement tensor = Find(result, embedding);
        tensor.GetProperty("dtype").GetString().Should().Be("float32");
        tensor.GetProperty("shape").GetRawText().Should().Be("[200,64]");
        JsonElement expected = Find(Tool.Run("inspect", Fixtures.Gau("model.safetensors"), "--stats", "--json"),
            "gau_alpha.embeddings.word_embeddings.weight");
        foreach (string member in (string[])["first", "sum", "abs_sum", "nan", "inf"])
            tensor.GetProperty(member).GetRawText().Should().Be(expected.GetProperty(member).GetRawText());
        expected.GetProperty("first").GetArrayLength().Should().Be(4);
        expected.GetProperty("abs_sum").GetDouble().Should().BePositive();
    }

    [Fact]
    public void Json_WithoutStats_HasOnlyNameTypeAndShape()
    {
        JsonElement first =
            Tool.Run("inspect", Fixtures.Gau("model.safetensors"), "--json").OutputJson.GetProperty("tensors")[0];
        first.EnumerateObject().Select(member => member.Name).Should().Equal("name", "dtype", "shape");
    }

    [Fact]
    public void Stats_NotFiniteAndEmpty_CountsAndNulls()
    {
        Safetensors file = new Safetensors().Add("a", 2, 3).Add("empty", 0, 3).Add("scalar");
        (file.Values("a")[1], file.Values("a")[4], file.Values("a")[5]) =
            (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        using TemporaryFolder folder = new();
        ToolResult result = Tool.Run("inspect", folder.Write("x", file.ToBytes()), "--stats", "--json");
        JsonElement a = Find(result, "a");
        a.GetProperty("first")[1].ValueKind.Should().Be(JsonValueKind.Null);
        a.GetProperty("sum").ValueKind.Should().Be(JsonValueKind.Null);
        a.GetProperty("abs_sum").ValueKind.Should().Be(JsonValueKind.Null);
        (a.GetProperty("nan").GetInt32(), a.GetProperty("inf").GetInt32()).Should().Be((1, 2));
        JsonElement empty = Find(result, "empty");
        (empty.GetProperty("first").GetArrayLength(), empty.GetProperty("sum").GetDouble()).Should().Be((0, 0.0));
        Find(result, "scalar").GetProperty("shape").GetArrayLength().Should().Be(0);
        Find(result, "scalar").GetProperty("first").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public void Stats_LoneIndex_ListsShapesWithNulls()
    {
        using TemporaryFolder folder = new();
        ToolResult result =
            Tool.Run("inspect", folder.Copy(Fixtures.Gau("bert_model.ckpt.index")), "--stats", "--json");
        result.Code.Should().Be(0);
        JsonElement tensor = Find(result, "bert/embeddings/word_embeddings");
        tensor.GetProperty("shape").GetRawText().Should().Be("[200,64]");
        foreach (string member in (string[])["first", "sum", "abs_sum", "nan", "inf"])
            tensor.GetProperty(member).ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public void Table_Stats_HasALinePerTensor()
    {
        ToolResult result = Tool.Run("inspect", Fixtures.Gau("model.safetensors"), "--stats");
        result.Output.TrimEnd().Split('\n').Should().HaveCount(15).And.Contain(
            line => line.Contains("[200, 64]  first ["));
    }

    [Fact]
    public void Json_Page_ShowsTheKeysThatArePrinted()
    {
        string page = File.ReadAllText(Path.Combine(Fixtures.Root, "docs", "convert.md"));
        int start = page.IndexOf("{\"kind\":\"tensorflow\"", StringComparison.Ordinal);
        string shown = page[start..page.IndexOf("```", start, StringComparison.Ordinal)]
            .Replace("…", "0", StringComparison.Ordinal).Replace("},0]", "}]", StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(shown);
        JsonElement expected = document.RootElement;
        JsonElement printed = Tool.Run("inspect", Fixtures.Gau("bert_model.ckpt"), "--stats", "--json").OutputJson;
        Keys(printed).Should().Equal(Keys(expected));
        Keys(printed.GetProperty("tensors")[0]).Should().Equal(Keys(expected.GetProperty("tensors")[0]));
        printed.GetProperty("kind").GetString().Should().Be(expected.GetProperty("kind").GetString());
    }

    private static IEnumerable<string> Keys(JsonElement json) => json.EnumerateObject().Select(member => member.Name);

    private static JsonElement Find(ToolResult result, string name) =>
        result.OutputJson.GetProperty("tensors").EnumerateArray().Single(
            tensor => tensor.GetProperty("name").GetString() == name);
}
