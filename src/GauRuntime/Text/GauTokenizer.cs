using GauRuntime.Weights.ModelFile;
using Microsoft.ML.Tokenizers;

namespace GauRuntime.Text;

/// <summary>
/// The BERT tokenizer of all encoders, with the rules of Hugging Face (port) or bert4keras (keras).
/// </summary>
/// <remarks>
/// Lower case, accents stripped, ideographs and punctuation apart, then WordPiece; <c>docs/tokenizer.md</c> states the
/// rules, and what a <see cref="TokenizerConfig"/> changes. Linear in the length of the text and free of allocation
/// once <see cref="EncodedText"/> is warm. No text makes it throw: a lone surrogate is dropped like U+FFFD. Immutable,
/// thread-safe.
/// </remarks>
public sealed partial class GauTokenizer : Tokenizer
{
    /// <summary>Special tokens around a text, and around and between the texts of a pair.</summary>
    internal const int SpecialsOfOne = 2, SpecialsOfPair = 3;

    private const int PortLongestWord = 100, KerasLongestWord = 200;   // code points

    private readonly string[] vocabulary;
    private readonly SpecialTokens specials;
    private readonly TokenMatcher? always, withSpecials;   // read whole: added tokens; these and the special ones
    private readonly WordPieces pieces;
    private readonly TokenizerConfig config;
    private readonly CharacterRules rules;
    private readonly int longestWord;
    private readonly CharacterTable characters;
    private CharacterTable? charactersBesideSpecials;      // made for the first text whose special tokens are read
    private int[]? twins;

    /// <summary>Takes the tokens in the order of their ids.</summary>
    /// <exception cref="ArgumentException">
    /// A token is empty or there twice, or a special or added token is missing.
    /// </exception>
    public GauTokenizer(IReadOnlyList<string> vocabulary, TokenizerConfig config)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(config);
        this.vocabulary = [.. vocabulary];
        this.config = config;
        Dictionary<string, int> ids = VocabularyCheck.Ids(this.vocabulary, nameof(vocabulary));
        specials = VocabularyCheck.FindSpecials(ids, config.Names, nameof(vocabulary));
        Dictionary<string, int> added = VocabularyCheck.FindAdded(ids, config, nameof(vocabulary));
        always = TokenMatcher.Over(added, config.LowerCase);
        Dictionary<string, int> names = VocabularyCheck.NamesOf(specials, ids, config);
        foreach ((string name, int id) in added)
            names.TryAdd(name, id);
        withSpecials = TokenMatcher.Over(names, config.LowerCase);
        int own = this.vocabulary.Length;   // tokens of the vocabulary itself are pieces of words, added or not
        while (own > 0 && added.ContainsKey(this.vocabulary[own - 1]))
            own--;
        pieces = new WordPieces(this.vocabulary.AsSpan(0, own));
        longestWord = config.Rules == Dialect.Port ? PortLongestWord : KerasLongestWord;
        rules = new CharacterRules(config);
        characters = new CharacterTable(rules, pieces, UnknownId, always);
    }

    /// <summary>Id of [PAD], whatever the vocabulary calls it.</summary>
    public int PadId => specials.Pad;

    /// <summary>Id of [UNK].</summary>
    public int UnknownId => specials.Unknown;

    /// <summary>Id of [CLS].</summary>
    public int ClsId => specials.Cls;

    /// <summary>Id of [SEP].</summary>
    public int SepId => specials.Sep;

    /// <summary>Id of [MASK].</summary>
    public int MaskId => specials.Mask;

    /// <summary>V, the number of tokens.</summary>
    public int VocabularySize => vocabulary.Length;

    /// <summary>The token with this id, as the vocabulary writes it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has this id.</exception>
    public string Token(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, vocabulary.Length);
        return vocabulary[id];
    }

    /// <summary>Whether a token continues a word.</summary>
    internal bool IsContinuation(int id) => TokenJoin.IsContinuation(vocabulary[id]);

    /// <summary>For x the id of ##x, for ##x that of x, else −1 [V]; made for the first who ranks tokens.</summary>
    internal ReadOnlySpan<int> Twins => twins ??= TokenTwins.Find(vocabulary);

    /// <summary>[CLS] text [SEP]; of a text that is too long the tail goes.</summary>
    /// <param name="text">UTF-16, well-formed or not.</param>
    /// <param name="into">Receives the tokens; what it held is gone.</param>
    /// <param name="maxLength">Most tokens, [CLS] and [SEP] included; at least 3.</param>
    /// <param name="parseSpecial">
    /// Whether special tokens written in the text are those tokens: by the vocabulary's names, or as [PAD], [UNK],
    /// [CLS], [SEP], [MASK].
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maxLength"/> leaves no room for a token between [CLS] and [SEP].
    /// </exception>
    public void Encode(
        ReadOnlySpan<char> text, EncodedText into, int maxLength = int.MaxValue, bool parseSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, EmbeddingConfig.LeastTokens);
        into.Clear();
        into.AddSpecial(ClsId);
        int count = Tokenize(text, 0, into, maxLength - SpecialsOfOne, parseSpecial);
        into.AddSpecial(SepId);
        into.Complete(count + SpecialsOfOne);
    }

    /// <summary>[CLS] first [SEP] second [SEP]; what is too much goes from the tail of the longer text.</summary>
    /// <remarks>Of two equally long texts the second loses a token (port) or the first (keras).</remarks>
    /// <param name="first">UTF-16, well-formed or not.</param>
    /// <param name="second">UTF-16, well-formed or not.</param>
    /// <param name="into">Receives the tokens; what it held is gone.</param>
    /// <param name="segments">Segment ids of the second text and its [SEP]: 0 or 1.</param>
    /// <param name="maxLength">Most tokens, [CLS] and both [SEP] included; at least 4.</param>
    /// <param name="parseSpecial">
    /// Whether special tokens written in the texts are those tokens: by the vocabulary's names, or as [PAD], [UNK],
    /// [CLS], [SEP], [MASK].
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maxLength"/> leaves no room for a token beside [CLS] and two [SEP].
    /// </exception>
    public void EncodePair(
        ReadOnlySpan<char> first,
        ReadOnlySpan<char> second,
        EncodedText into,
        SegmentPolicy segments,
        int maxLength = int.MaxValue,
        bool parseSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, HeadConfig.LeastTokens);
        int room = maxLength - SpecialsOfPair;
        into.Clear();
        into.AddSpecial(ClsId);
        int firstCount = Tokenize(first, 0, into, room, parseSpecial);
        into.AddSpecial(SepId);
        int secondStart = into.Count;
        int secondCount = Tokenize(second, 1, into, room, parseSpecial);
        (int firstKept, int secondKept) = Truncation.OfPair(firstCount, secondCount, room, config.Rules);
        into.Remove(secondStart + secondKept, into.Count);
        into.Remove(1 + firstKept, secondStart - 1);
        into.AddSpecial(SepId);
        into.Complete(firstCount + secondCount + SpecialsOfPair);
        if (segments == SegmentPolicy.Pairs)
            into.StartSecondSegment(firstKept + 2);
    }
}
