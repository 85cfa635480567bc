using FluentAssertions;
using GauRuntime.Weights.Files;
using Xunit;

namespace GauRuntime.Weights.Tests.Files;

/// <summary>Names that files get and others keep.</summary>
public sealed class FileMoveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void To_FreeName_IsTheFiles()
    {
        FileMove.To(folder.Write("from", "ours"), folder.Path("to"), replace: false);
        folder.Files.Should().Equal("to");
        File.ReadAllText(folder.Path("to")).Should().Be("ours");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void To_TakenName_IsKeptUnlessItMayBeReplaced(bool replace)
    {
        string from = folder.Write("from", "ours"), to = folder.Write("to", "theirs");
        Action move = () => FileMove.To(from, to, replace);
        if (replace)
            move.Should().NotThrow();
        else
            move.Should().Throw<IOException>().WithMessage($"*'{to}'*").Which.Should().Match(e => FileMove.IsTaken((IOException)e));
        File.ReadAllText(to).Should().Be(replace ? "ours" : "theirs");
        File.Exists(from).Should().Be(!replace);
    }

    [Fact]
    public void To_NoSuchFile_IsToldAsThat() =>
        FluentActions.Invoking(() => FileMove.To(folder.Path("from"), folder.Path("to"), replace: false))
            .Should().Throw<FileNotFoundException>().Which.Should().Match(e => !FileMove.IsTaken((IOException)e));

    [Fact]
    public void To_TwoFilesAtOnce_GivesTheNameToOne()
    {
        const int Rounds = 2000;
        using Barrier start = new(2);
        int moved = 0;
        void Move(string from)
        {
            for (int i = 0; i < Rounds; i++)
            {
                string path = folder.Write($"{from}{i}", from);
                start.SignalAndWait(TestContext.Current.CancellationToken);
                try
                {
                    FileMove.To(path, folder.Path($"to{i}"), replace: false);
                    Interlocked.Increment(ref moved);
                }
                catch (IOException)
                {
                    // The other was faster.
                }
            }
        }

        Parallel.Invoke(() => Move("a"), () => Move("b"));
        moved.Should().Be(Rounds);
    }

    // .NET renames where both names are one file's, which does nothing and says nothing.
    [Fact]
    public void Commit_NameThatIsALinkToTheFile_IsTaken()
    {
        using AtomicFile file = new(folder.Path("to"), 0);
        ChildProcess.Shell($"ln '{file.Stream.Name}' '{folder.Path("to")}'").Code.Should().Be(0);
        FluentActions.Invoking(() => file.Commit(replace: false)).Should().Throw<IOException>();
    }
}
