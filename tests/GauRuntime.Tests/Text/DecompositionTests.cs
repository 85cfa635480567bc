using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using GauRuntime.Text;
using GauRuntime.Weights.ModelFile;
using Xunit;

namespace GauRuntime.Tests.Text;

public sealed class DecompositionTests
{
    // SHA-256 of "point:kept kept ...\n" over all code points by string.Normalize(FormD) with ICU 72.1 (Unicode 15.0)
    // and .NET 10's categories (Unicode 16.0), without nonspacing marks: printed by tools/Unicode/GenerateTables.cs.
    private const string ExpectedHash = "19b3d5101a3dcaf8765de8d59168a13cf17b80f8831f7ef69be8a1b2c040809d";

    [Fact]
    public void Decompose_EveryCodePoint_EqualsIcu()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] parts = new int[Decomposition.MaxLength];
        for (int point = 0; point <= 0x10FFFF; point++)
        {
            if (!Rune.IsValid(point))
                continue;
            bool isMark = Rune.GetUnicodeCategory(new Rune(point)) == UnicodeCategory.NonSpacingMark;
            int count = isMark ? 0 : Decomposition.Decompose(point, parts);
            hash.AppendData(Encoding.ASCII.GetBytes($"{point:X}:{string.Join(' ', parts[..count].Select(part => part.ToString("X", CultureInfo.InvariantCulture)))}\n"));
        }
        Convert.ToHexStringLower(hash.GetHashAndReset()).Should().Be(ExpectedHash);
    }

    /// <summary>The reader classifies a decomposition as a whole; these facts make that right.</summary>
    [Theory]
    [InlineData(Dialect.Port)]
    [InlineData(Dialect.Keras)]
    public void Decompose_EveryEntry_IsOneWordOrPartOfOne(Dialect rules)
    {
        int[] parts = new int[Decomposition.MaxLength];
        foreach (int point in UnicodeTables.Decomposable)
        {
            int count = Decomposition.Decompose(point, parts);
            CharacterKinds.IsIdeograph(parts[0]).Should().Be(
                CharacterKinds.IsIdeograph(point), "U+{0:X4} may not leave the ideographs", point);
            foreach (int part in parts[..count])
            {
                CharacterKind kind = CharacterKinds.Of(part, rules);
                (kind == CharacterKind.Plain || count == 1).Should().BeTrue("U+{0:X4} has several parts", point);
                (kind == CharacterKind.Space).Should().Be(CharacterKinds.Of(point, rules) == CharacterKind.Space);
                kind.Should().NotBe(CharacterKind.Dropped);
            }
        }
    }

    [Theory]
    [InlineData("\u302E\U0001D165", "\U0001D165\u302E")]                 // classes 224, 216
    [InlineData("\u302E\u0301\U0001D165", "\U0001D165\u302E")]           // across a mark that is dropped
    [InlineData("\u302E\u034F\U0001D165", "\u302E\U0001D165")]           // not across one of class 0
    [InlineData("\u302E\U0001DA10\U0001D165", "\u302E\U0001D165")]     // nor across one inside a range of such
    [InlineData("\u302Ea\U0001D165", "\u302Ea\U0001D165")]
    [InlineData("\u302E\U0001D165\u302F\U0001D166", "\U0001D165\U0001D166\u302E\u302F")]   // stable
    [InlineData("\U0001D160", "\U0001D158\U0001D165\U0001D16E")]         // a note: head, stem, flag
    public void Words_SpacingMarks_AreInCanonicalOrder(string text, string expected) =>
        TokenizerFixture.Words(text, Dialect.Keras).Should().Equal(expected);

    [Fact]
    public void Words_DroppedCharacterBetweenMarks_BlocksReorderingOnlyWhereItIsDroppedLater()
    {
        const string Text = "\u302E\u200D\U0001D165";
        TokenizerFixture.Words(Text, Dialect.Keras).Should().Equal("\u302E\U0001D165");
        TokenizerFixture.Words(Text, Dialect.Port).Should().Equal("\U0001D165\u302E");
    }

    [Fact]
    public void Words_HangulAndCompatibilityIdeographs_AreDecomposed() =>
        TokenizerFixture.Words("한각 豈\U0002F800", Dialect.Port).Should().Equal(
            "\u1112\u1161\u11AB\u1100\u1161\u11A8", "\u8C48", "\u4E3D");
}
