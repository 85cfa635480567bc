using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FluentAssertions;
using Xunit;

namespace GauRuntime.Tests.Texts;

public sealed class StreamTests : IDisposable
{
    private readonly GauModel model = GauModel.Load(LegalModel.Path, maxConcurrency: 4);

    public void Dispose() => model.Dispose();

    [Fact]
    public async Task ClassifyAsync_LongAndShortTexts_KeepsTheOrder()
    {
        GauClassifier classifier = new(model);
        string[] texts = [.. LegalModel.Texts.SelectMany(text => new[] { text, text[..2], string.Concat(text, text) })];
        List<Classification> found = [];
        await foreach (Classification answer in classifier.ClassifyAsync(texts.ToAsyncEnumerable()))
            found.Add(answer);
        found.Select(answer => answer.Score).Should().Equal(texts.Select(text => classifier.Classify(text).Score));
    }

    [Fact]
    public async Task EmbedAsync_LiveStream_AnswersBeforeTheNextTextComes()
    {
        Channel<string> live = Channel.CreateUnbounded<string>();
        await using IAsyncEnumerator<TextEmbedding> answers =
            new GauEmbedder(model).EmbedAsync(live.Reader.ReadAllAsync())
                .GetAsyncEnumerator();
        for (int i = 0; i < 3; i++)
        {
            live.Writer.TryWrite(LegalModel.Texts[i]).Should().BeTrue();
            (await answers.MoveNextAsync().AsTask().WaitAsync(ChildProcess.Patience)).Should().BeTrue();
        }
        live.Writer.Complete();
        (await answers.MoveNextAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task ClassifyAsync_ReaderStopsEarly_ReadsOnlyAFewAhead()
    {
        int read = 0;
        async IAsyncEnumerable<string> Endless([EnumeratorCancellation] CancellationToken cancel = default)
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                read++;
                yield return LegalModel.Texts[0];
                await Task.Yield();
            }
        }
        int seen = 0;
        await foreach (Classification _ in new GauClassifier(model).ClassifyAsync(Endless()))
            if (++seen == 10)
                break;
        read.Should().BeInRange(10, 10 + 4 + 3);
    }

    /// <summary>Long texts, of which one takes seconds: neither a token nor the end of the loop leaves one computing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClassifyAsync_EndedEarly_LeavesNothingComputing(bool byToken)
    {
        string text = string.Concat(Enumerable.Repeat(LegalModel.Texts[0], 60_000 / LegalModel.Texts[0].Length));
        GauClassifier classifier = new(model, maxTokens: 60_000);
        using CancellationTokenSource cancel = new();
        Func<Task> all = async () =>
        {
            int seen = 0;
            await foreach (Classification _ in classifier.ClassifyAsync(
                Enumerable.Range(0, 50).Select(i => i == 0 ? LegalModel.Texts[0] : text).ToAsyncEnumerable(), cancel.Token))
            {
                if (++seen == 1 && !byToken)
                    break;
                await cancel.CancelAsync();
            }
        };
        if (byToken)
            await all.Should().ThrowAsync<OperationCanceledException>();
        else
            await all.Should().NotThrowAsync();
        model.Sessions.InUse.Should().Be(0);
    }

    [Fact]
    public async Task FillAsync_TextWithoutMask_NamesItBehindTheAnswersBefore()
    {
        string[] texts = [LegalModel.Masked[0], LegalModel.Masked[1], "没有", LegalModel.Masked[2]];
        int seen = 0;
        Func<Task> all = async () =>
        {
            await foreach (FilledText _ in new GauFillMask(model).FillAsync(texts.ToAsyncEnumerable()))
                seen++;
        };
        (await all.Should().ThrowAsync<GauTextException>()).Which.Index.Should().Be(2);
        seen.Should().Be(2);
    }

    [Fact]
    public async Task ClassifyAsync_SourceFails_PassesItsExceptionOn()
    {
        async IAsyncEnumerable<string> Broken()
        {
            yield return LegalModel.Texts[0];
            await Task.Yield();
            throw new InvalidDataException("line 2");
        }
        int seen = 0;
        Func<Task> all = async () =>
        {
            await foreach (Classification _ in new GauClassifier(model).ClassifyAsync(Broken()))
                seen++;
        };
        await all.Should().ThrowAsync<InvalidDataException>().WithMessage("line 2");
        seen.Should().Be(1);
    }

    [Fact]
    public async Task ClassifyAsync_Cancelled_Ends()
    {
        using CancellationTokenSource cancel = new();
        Channel<string> live = Channel.CreateUnbounded<string>();
        live.Writer.TryWrite(LegalModel.Texts[0]);
        Func<Task> all = async () =>
        {
            await foreach (Classification _ in new GauClassifier(model).ClassifyAsync(live.Reader.ReadAllAsync(), cancel.Token))
                await cancel.CancelAsync();
        };
        await all.Should().ThrowAsync<OperationCanceledException>();
    }
}
