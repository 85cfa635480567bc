using GauRuntime.Tools;
using GauRuntime.Train.Output;

namespace GauRuntime.Train.Tests.Output;

public sealed class StagedFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Output => folder.Path("model");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Commit_FolderThatIsThere_IsReplacedWithoutATrace()
    {
        Make("old");
        Make("new");
        File.ReadAllText(Path.Combine(Output, "a")).Should().Be("new");
        Directory.GetFileSystemEntries(folder.Root).Should().Equal(Output);
    }

    [Fact]
    public void Commit_NewFolderThatIsGone_KeepsTheFormer()
    {
        Make("old");
        using StagedFolder staged = new(Output);
        staged.Add("a", stream => stream.Write("new"u8));
        Directory.Delete(Directory.GetDirectories(folder.Root).Single(path => path != Output), recursive: true);
        Action commit = staged.Commit;
        commit.Should().Throw<IOException>();
        File.ReadAllText(Path.Combine(Output, "a")).Should().Be("old");
    }

    [Fact]
    public void Require_KilledBetweenTheTwoRenames_GivesTheFolderItsName()
    {
        Make("old");
        string id = $"{Guid.NewGuid():N}";
        Directory.Move(Output, $"{Output}.tmp.{id}.former");
        Directory.CreateDirectory($"{Output}2.tmp.{id}.former");
        Action require = () => StagedFolder.Require(Output, replace: false, ["a"]);
        require.Should().Throw<ToolException>().WithMessage("*it exists; --force replaces it");
        File.ReadAllText(Path.Combine(Output, "a")).Should().Be("old");
        Directory.Exists($"{Output}2.tmp.{id}.former").Should().BeTrue("it is another's");
    }

    private void Make(string content)
    {
        using StagedFolder staged = new(Output);
        staged.Add("a", stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(content)));
        staged.Commit();
    }
}
