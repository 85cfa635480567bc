using System.Text.Json;
using System.Text.Unicode;
using GauRuntime.Weights;
using GauRuntime.Weights.Checkpoints;

namespace GauRuntime.Convert.Configuration;

/// <summary>A JSON object whose values are checked as they are asked for; null counts as absent.</summary>
internal sealed class ConfigFile
{
    private const int MaxBytes = 16 << 20;
    private readonly JsonElement root;
    private readonly string scope;   // of an object inside the file: the keys that lead to it, each with a dot

    private ConfigFile(string path, JsonElement root, string scope = "")
    {
        Path = path;
        this.root = root;
        this.scope = scope;
    }

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>The object as it is written.</summary>
    public string Json => root.GetRawText();

    /// <summary>Whether the file follows Hugging Face's names rather than bert4keras'.</summary>
    public bool IsHuggingFace => Has("model_type") || Has("architectures");

    /// <summary>Reads a file.</summary>
    /// <exception cref="GauFormatException">It is no JSON object, too large, too deep, or repeats a key.</exception>
    public static ConfigFile Read(string path)
    {
        JsonElement root = Parse(path);
        return root.ValueKind == JsonValueKind.Object
            ? new ConfigFile(path, root)
            : throw new GauFormatException(path, "line 1", $"an object was expected, not {Shown(root)}");
    }

    /// <summary>A configuration that stands in no file of its own.</summary>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <param name="json">An object, well-formed.</param>
    public static ConfigFile Of(string path, string json) => new(path, JsonDocument.Parse(json).RootElement);

    /// <summary>Reads a file that is a list of objects.</summary>
    /// <exception cref="GauFormatException">It is none, too large, too deep, or repeats a key.</exception>
    public static IReadOnlyList<ConfigFile> ReadList(string path)
    {
        JsonElement root = Parse(path);
        if (root.ValueKind != JsonValueKind.Array)
            throw new GauFormatException(path, "line 1", $"a list was expected, not {Shown(root)}");
        return [.. root.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Object
            ? new ConfigFile(path, item, $"[{i}].")
            : throw new GauFormatException(path, $"[{i}]", $"an object was expected, not {Shown(item)}"))];
    }

    private static JsonElement Parse(string path)
    {
        ReadOnlyMemory<byte> json = SmallFile.Read(path, MaxBytes);
        RequireText(path, json.Span);
        try
        {
            JsonElement root = JsonDocument.Parse(json).RootElement;
            // The parser's own check of many keys takes a random number, and so OpenSSL, which it cannot do without.
            return JsonFault.Repeated(json.Span) is { } repeated
                ? throw new GauFormatException(path, repeated.Place, repeated.Reason)
                : root;
        }
        catch (JsonException fault)
        {
            (string place, string reason) = JsonFault.Explain(json.Span, fault);
            throw new GauFormatException(path, place, reason, fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new GauFormatException(path, "names", "a name is no valid Unicode", fault);
        }
    }

    private static void RequireText(string path, ReadOnlySpan<byte> json)
    {
        if (Lookalike.Stub(json[..Math.Min(json.Length, 512)]) is { } stub)
            throw new GauFormatException(path, "line 1", $"no valid JSON, but {stub}");
        if (!Utf8.IsValid(json))
            throw new GauFormatException(path, "file", "invalid UTF-8: save it as UTF-8");
    }

    /// <summary>Whether a key is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The keys that are not null, in file order.</summary>
    public IEnumerable<string> Keys => Present().Select(member => member.Key);

    /// <summary>A whole number within bounds, or null when absent.</summary>
    public int? Integer(string key, int least, int most) =>
        Find(key) is { } value ? IntegerOf(key, value, least, most) : null;

    /// <summary>All members, which are whole numbers within bounds; each is looked at once.</summary>
    public IEnumerable<(string Key, int Value)> Integers(int least, int most) =>
        Present().Select(member => (member.Key, IntegerOf(member.Key, member.Value, least, most)));

    /// <summary>All members, which are strings; each is looked at once.</summary>
    public IEnumerable<(string Key, string Value)> Strings() =>
        Present().Select(member => (member.Key, TextOf(member.Key, member.Value)));

    /// <summary>The keys that begin so, of members that are not false; each is looked at once.</summary>
    public IEnumerable<string> KeysNotFalse(string prefix) => Present()
        .Where(member => member.Key.StartsWith(prefix, StringComparison.Ordinal)
            && member.Value.ValueKind != JsonValueKind.False).Select(member => member.Key);

    /// <summary>All members, which are objects; each is looked at once.</summary>
    public IEnumerable<(string Key, ConfigFile Value)> MemberObjects() =>
        Present().Select(member => (member.Key, Inside(member.Key, member.Value)));

    /// <summary>A whole number within bounds under the first of several names.</summary>
    public int Required(int least, int most, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
            if (Integer(key, least, most) is { } number)
                return number;
        throw Fault(keys[0], "missing");
    }

    public double? Number(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number)
            || !double.IsFinite(number))
            throw Fault(key, $"a number was expected, not {Shown(value)}");
        return number;
    }

    public bool? Flag(string key) => Find(key) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault(key, $"true or false was expected, not {Shown(value)}"),
    };

    public string? Text(string key) => Find(key) is not { } value ? null : TextOf(key, value);

    /// <summary>The strings of an array, or null when absent.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            throw Fault(key, $"an array was expected, not {Shown(value)}");
        return [.. value.EnumerateArray().Select(item => TextOf(key, item))];
    }

    /// <summary>The members of an object of strings, or null when absent; a number is text as written.</summary>
    public IReadOnlyList<(string Key, string Value)>? Members(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            throw Fault(key, $"an object was expected, not {Shown(value)}");
        return
        [
            .. value.EnumerateObject().Select(member => (Unicode(key, () => member.Name), Scalar(member.Value))),
        ];

        string Scalar(JsonElement member) =>
            member.ValueKind == JsonValueKind.Number ? member.GetRawText() : TextOf(key, member);
    }

    /// <summary>The strings of an array, a string alone, or null when absent.</summary>
    public IReadOnlyList<string>? TextOrTexts(string key) =>
        Find(key) is { ValueKind: JsonValueKind.String } ? [Text(key)!] : Texts(key);

    /// <summary>An object under a key, or null when absent.</summary>
    public ConfigFile? Object(string key) => Find(key) is { } value ? Inside(key, value) : null;

    /// <summary>The objects of an array, or null when absent.</summary>
    public IReadOnlyList<ConfigFile>? Objects(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            throw Fault(key, $"an array was expected, not {Shown(value)}");
        return [.. value.EnumerateArray().Select((item, i) => Inside($"{key}[{i}]", item))];
    }

    /// <summary>A token: a string, or the <c>content</c> of an object; null when absent.</summary>
    public string? Token(string key) => Find(key) is { } value ? TokenOf(key, value) : null;

    /// <summary>A token and its id, which are the two items of an array; null when absent.</summary>
    public (string Token, int Id)? TokenAndId(string key)
    {
        if (Find(key) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            ? (TextOf(key, value[0]), IntegerOf(key, value[1], 0, int.MaxValue))
            : throw Fault(key, $"a token and its id were expected, not {Shown(value)}");
    }

    /// <summary>The whole numbers of an array, none negative; null when absent.</summary>
    public IReadOnlyList<int>? Integers(string key)
    {
        if (Find(key) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => IntegerOf(key, item, 0, int.MaxValue))]
            : throw Fault(key, $"an array was expected, not {Shown(value)}");
    }

    /// <summary>The tokens of an array, or of the members of an object; empty when absent.</summary>
    public IReadOnlyList<string> Tokens(string key) => Find(key) is not { } value ? [] : value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(item => TokenOf(key, item))],
        JsonValueKind.Object => [.. value.EnumerateObject().Select(member => TokenOf(key, member.Value))],
        _ => throw Fault(key, $"a list of tokens was expected, not {Shown(value)}"),
    };

    /// <summary>Tokens under a key that are objects with flags: the value itself, or what is in it.</summary>
    public IEnumerable<ConfigFile> TokenObjects(string key)
    {
        if (Find(key) is not { } value)
            return [];
        IEnumerable<JsonElement> items = value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray(),
            JsonValueKind.Object when value.TryGetProperty("content", out _) => [value],
            JsonValueKind.Object => value.EnumerateObject().Select(member => member.Value),
            _ => [],
        };
        return items.Where(item => item.ValueKind == JsonValueKind.Object).Select(item => Inside(key, item));
    }

    /// <summary>The error of a key.</summary>
    public GauFormatException Fault(string key, string reason) => new(Path, scope + key, reason);

    private JsonElement? Find(string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private IEnumerable<(string Key, JsonElement Value)> Present() => root.EnumerateObject()
        .Where(member => member.Value.ValueKind != JsonValueKind.Null)
        .Select(member => (Unicode("names", () => member.Name), member.Value));

    private int IntegerOf(string key, JsonElement value, int least, int most)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number))
            throw Fault(key, $"a whole number was expected, not {Shown(value)}");
        if (number < least || number > most)
            throw Fault(key, $"{number} is not between {least} and {most}");
        return (int)number;
    }

    private ConfigFile Inside(string key, JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? new ConfigFile(Path, value, $"{scope}{key}.")
        : throw Fault(key, $"an object was expected, not {Shown(value)}");

    private string TokenOf(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content)
            ? TextOf(key, content)
            : TextOf(key, value);

    private string TextOf(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Fault(key, $"a string was expected, not {Shown(value)}");
        return Unicode(key, () => value.GetString()!);
    }

    /// <summary>Escapes can spell lone surrogates, which are found only when a string is taken.</summary>
    private string Unicode(string key, Func<string> take)
    {
        try
        {
            return take();
        }
        catch (InvalidOperationException fault)
        {
            throw new GauFormatException(Path, scope + key, "the string is no valid Unicode", fault);
        }
    }

    private static string Shown(JsonElement value) => Printable.Shortened(value.GetRawText(), 40);
}
