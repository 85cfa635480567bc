using System.IO.Compression;
using System.Text;
using GauRuntime.Scoring.Records;
using GauRuntime.Tools;
using GauRuntime.Train.Data;
using GauRuntime.Weights;

namespace GauRuntime.Train.Tests.Data;

public sealed class DocumentsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("c.txt", "甲\n\n 乙 \n")]
    [InlineData("c.jsonl", "{\"text\":\"甲\"}\n{\"text\":\"\"}\n{\"id\":{},\"text\":\" 乙 \"}\n")]
    [InlineData("c.jsonl", "{\"content\":\"甲\",\"title\":\"x\"}\n{\"content\":\"  \"}\n{\"content\":\" 乙 \"}\n")]
    [InlineData("c.json", "[{\"content\":\"甲\"},{\"content\":\"\"},\n{\"content\":\" 乙 \"}]")]
    [InlineData("c.csv", "id,text\n1,甲\n2,\n3, 乙 \n")]
    [InlineData("c.csv", "title,content\nx,甲\ny,\nz, 乙 \n")]
    [InlineData("c.tsv", "content\tid\n甲\t1\n\t2\n 乙 \t3\n")]
    public void Read_AFormat_GivesTextsAndCountsEmptyOnes(string name, string content)
    {
        Documents documents = Open(folder.Write(name, content));
        documents.Read().Should().Equal("甲", " 乙 ");
        (documents.Count, documents.Empty, documents.Rejects.Records).Should().Be((2, 1, 0));
    }

    [Fact]
    public void Read_SeveralFiles_EachHasItsOwnFieldAndCompression()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes("{\"content\":\"乙\"}\n"));
        Open(folder.Write("a.jsonl", "{\"text\":\"甲\"}\n"), folder.Write("b.jsonl.gz", packed.ToArray()), folder.Write("c.txt", "丙"))
            .Read().Should().Equal("甲", "乙", "丙");
    }

    [Fact]
    public void Read_FieldThatWasAskedFor_IsTheOnlyOne()
    {
        string path = folder.Write("c.jsonl", "{\"text\":\"甲\",\"body\":\"乙\"}\n{\"text\":\"丙\"}\n");
        Documents documents = new([InputFile.Find(path, null)], new RecordFields(), "body");
        documents.Read().Should().Equal("乙");
        documents.Rejects.Lines(3).Should().Equal($"1 record has no field 'body'; the fields are 'text' (first: {path}, line 2)");
    }

    [Fact]
    public void Read_BadRecords_AreCountedAndNamed()
    {
        string path = folder.Write("c.jsonl", [.. "{\"text\":\"甲\"}\n{\"text\":1}\nnonsense\n{\"text\":\""u8, 0xff, .. "\"}\n"u8]);
        Documents documents = Open(path);
        documents.Read().Should().Equal("甲");
        documents.Rejects.Records.Should().Be(3);
        documents.Rejects.Lines(3).Should().Contain(line => line.Contains("expected a string, found a number", StringComparison.Ordinal))
            .And.Contain(line => line.Contains("not UTF-8 at byte 9 of the record", StringComparison.Ordinal))
            .And.Contain(line => line.Contains($"first: {path}, line 3", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_MoreRejectsThanAllowed_EndsWithCode3()
    {
        string path = folder.Write("c.jsonl", "{\"text\":\"甲\"}\n{}\n{}\n");
        ((Action)(() => _ = new Documents([InputFile.Find(path, null)], new RecordFields(), maxRejects: 1).Read().Count()))
            .Should().Throw<ToolException>().WithMessage("2 records rejected; 1 are allowed; 2 records have no field 'text'*")
            .Which.Code.Should().Be(ExitCode.TooManyRejects);
    }

    [Theory]
    [InlineData("c.txt", "", "0 records: the corpus is empty")]
    [InlineData("c.jsonl", "", "0 records: the corpus is empty")]
    [InlineData("c.txt", "\n \n　\n", "3 records: nothing but white space in them")]
    [InlineData("c.jsonl", "{\"body\":\"甲\"}\n", "1 record: none has a text; 1 record has no field 'text'; the fields are 'body'*")]
    [InlineData("c.csv", "id,body\n1,甲\n", "*no column 'text'*")]
    public void Read_NoText_IsRefused(string name, string content, string reason)
    {
        string path = folder.Write(name, content);
        ((Action)(() => _ = Open(path).Read().Count())).Should().Throw<GauFormatException>().WithMessage($"{path}: {reason}");
    }

    [Fact]
    public void Read_BinaryFile_IsRefused()
    {
        string path = folder.Write("c.txt", [0x7f, (byte)'E', (byte)'L', (byte)'F', 0, 0, 1, 2, 3, 4]);
        ((Action)(() => _ = Open(path).Read().Count())).Should().Throw<GauFormatException>().WithMessage($"{path}: byte 0: *");
    }

    [Fact]
    public void Read_LaterFileIsBroken_IsToldBeforeTheFirstText()
    {
        string good = folder.Write("a.txt", "甲"), bad = folder.Write("b.csv", "id,body\n");
        ((Action)(() => _ = Open(good, bad).Read().First())).Should().Throw<GauFormatException>().WithMessage($"{bad}: *");
    }

    [Fact]
    public void Read_RecordBeyondTheLimit_IsRejectedAndTheRestRead()
    {
        byte[] line = new byte[Documents.LongestRecord + 2];
        line.AsSpan().Fill((byte)'x');
        line[^1] = (byte)'\n';
        Documents documents = Open(folder.Write("c.txt", [.. line, .. "甲\n"u8]));
        documents.Read().Should().Equal("甲");
        documents.Rejects.Lines(1)[0].Should().Contain("longer than the longest line allowed");
    }

    [Fact]
    public void Read_OtherEncoding_IsDecoded()
    {
        string path = folder.Write("c.txt", [0xb7, 0xa8, 0xc2, 0xc9, (byte)'\n']);   // 法律 in GBK
        new Documents([InputFile.Find(path, null)], new RecordFields { Encoding = TextEncoding.Gb18030 }).Read().Should().Equal("法律");
    }

    [Fact]
    public void Read_WordsInAJsonArray_AreJoinedBySpaces()
    {
        string path = folder.Write("c.jsonl", "{\"text\":[\"百度\",\"是\",\"公司\"]}\n{\"text\":\"已 分\"}\n{\"text\":[\"a\",1]}\n{\"text\":[]}\n");
        Documents documents = new([InputFile.Find(path, null)], new RecordFields { JoinsWords = true });
        documents.Read().Should().Equal("百度 是 公司", "已 分");
        documents.Empty.Should().Be(1);
        documents.Rejects.Lines(1)[0].Should().StartWith("1 record: field 'text': expected an array of strings, found a number in it");
    }

    private static Documents Open(params string[] paths) =>
        new([.. paths.Select(path => InputFile.Find(path, null))], new RecordFields());
}
