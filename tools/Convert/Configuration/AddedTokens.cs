using System.Globalization;
using System.Text;
using GauRuntime.Text;
using GauRuntime.Weights;

namespace GauRuntime.Convert.Configuration;

/// <summary>Tokens that were added to a vocabulary: by name and id, from three files that must agree.</summary>
internal sealed class AddedTokens
{
    private const int MaxId = 10_000_000;
    private readonly SortedDictionary<int, string> names = [];
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);

    private readonly Dictionary<int, (ConfigFile File, string Key)> places = [];

    private AddedTokens()
    {
    }

    /// <summary>The tokens in the order of their ids, those of the vocabulary included.</summary>
    public IReadOnlyDictionary<int, string> Names => names;

    /// <summary>The error of a token.</summary>
    public GauFormatException Fault(int id, string reason) => places[id].File.Fault(places[id].Key, reason);

    /// <summary>How many tokens a vocabulary has with those behind it; nothing is refused but what is no id.</summary>
    public static int Count(TokenizerFiles files, int lines) =>
        Entries(files).Select(entry => entry.Id + 1).Append(lines).Max();

    /// <summary>Reads all three.</summary>
    /// <exception cref="GauFormatException">
    /// They contradict each other or the vocabulary, or leave ids out.
    /// </exception>
    public static AddedTokens Read(TokenizerFiles files, IReadOnlyList<string> vocabulary, string vocabularyPath)
    {
        AddedTokens added = new();
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        for (int id = 0; id < vocabulary.Count; id++)
            known.Add(vocabulary[id], id);
        int next = vocabulary.Count;
        foreach ((int id, string name, ConfigFile file, string key) in Entries(files).OrderBy(entry => entry.Id))
        {
            if (name.Length == 0)
                throw file.Fault(key, "a token without a name");
            if (name.AsSpan().ContainsAny('\n', '\0'))
                throw file.Fault(key, "a line feed or a zero character in a token");
            string? there = id < vocabulary.Count ? vocabulary[id] : added.names.GetValueOrDefault(id);
            if (there is not null && there != name)
                throw file.Fault(
                    key, $"'{name}' has the id {id}, but that is '{there}' in {vocabularyPath} or elsewhere");
            if ((known.TryGetValue(name, out int other) || added.ids.TryGetValue(name, out other)) && other != id)
                throw file.Fault(key, $"'{name}' has the id {id}, but also the id {other}");
            if (id > next)
                throw file.Fault(
                    key, $"'{name}' has the id {id}, but {vocabularyPath} and the added tokens end before {next}");
            if (id == next)
                next++;
            added.names[id] = name;
            added.ids[name] = id;
            added.places.TryAdd(id, (file, key));
        }
        foreach ((string name, ConfigFile file, string key) in files.FurtherSpecials())
        {
            if (!known.TryGetValue(name, out int id) && !added.ids.TryGetValue(name, out id))
                throw file.Fault(key, $"'{name}' is neither in {vocabularyPath} nor among the added tokens");
            added.names[id] = name;
        }
        return added;
    }

    private static IEnumerable<(int Id, string Name, ConfigFile File, string Key)> Entries(TokenizerFiles files)
    {
        if (files.Added is { } list)
            foreach ((string name, int id) in list.Integers(0, MaxId))
                yield return (id, name, list, name);
        if (files.Decoder is { } decoder)
            foreach ((string key, ConfigFile token) in decoder.MemberObjects())
            {
                if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id > MaxId)
                    throw decoder.Fault(key, "this is no id");
                yield return (id, NameOf(token), decoder, key);
            }
        foreach (ConfigFile token in files.Fast?.Added ?? [])
            yield return (token.Required(0, MaxId, "id"), NameOf(token), token, "content");
    }

    /// <summary>Refuses tokens that are not matched wherever, and exactly as, they are written.</summary>
    /// <remarks>
    /// <c>lstrip</c> and <c>rstrip</c> only take blanks, which are no tokens, along. <c>normalized</c> means for the
    /// slow classes that the token is kept from lower-casing, for the fast ones, which have a <c>tokenizer.json</c>,
    /// that it is lower-cased and loses its accents as well.
    /// </remarks>
    /// <exception cref="GauFormatException">There is one.</exception>
    public static void RequireWhole(TokenizerFiles files, bool lowerCase, bool stripAccents)
    {
        foreach (ConfigFile token in files.Settings())
        {
            if (token.Flag("single_word") == true)
                throw token.Fault("single_word", $"true, for the token '{NameOf(token)}', is not supported");
            if (files.Fast is null || token.Flag("normalized") != true || token.Flag("special") == true)
                continue;
            string name = NameOf(token);
            if ((lowerCase && name.EnumerateRunes().Any(rune => Rune.ToLowerInvariant(rune) != rune))
                || (stripAccents && HasAccents(name)))
                throw token.Fault("normalized", $"true, for the token '{name}', is not supported: "
                    + "it would be looked for in texts without their upper case and accents");
        }
    }

    private static bool HasAccents(string name)
    {
        Span<int> parts = stackalloc int[Decomposition.MaxLength];
        foreach (Rune rune in name.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark
                || Decomposition.Decompose(rune.Value, parts) != 1 || parts[0] != rune.Value)
                return true;
        return false;
    }

    private static string NameOf(ConfigFile token) => token.Text("content") ?? throw token.Fault("content", "missing");
}
