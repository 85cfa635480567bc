using System.Text;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Tools;
using GauRuntime.Train.Output;
using GauRuntime.Weights;
using GauRuntime.Weights.Files;

namespace GauRuntime.Train.Pretraining;

/// <summary>
/// <c>DIR.training</c>, beside the checkpoint to be: the plan of the run, its state, its curve as CSV and as a page,
/// and, once the checkpoint is there, the plan it was made by.
/// </summary>
/// <remarks>
/// A lock that ends with the process keeps others out. What an earlier run left stays until <see cref="Begin"/>, when
/// everything was found in order.
/// </remarks>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>What its name ends in.</summary>
    public const string Suffix = ".training";

    private const string LockName = "lock";

    private readonly Stream hold;
    private bool startsOver;   // whatever is there is of an earlier run
    private bool isNew;   // the run that is there was begun by this process

    private WorkFolder(string output, string root, Stream hold, bool startsOver)
    {
        Output = output;
        Root = root;
        this.hold = hold;
        this.startsOver = startsOver;
    }

    /// <summary>The checkpoint to be, as the user named it.</summary>
    public string Output { get; }

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>Weights, optimizer and progress at the last boundary that was saved.</summary>
    public string State => Path.Combine(Root, "state.safetensors");

    /// <summary>The curve as CSV.</summary>
    public string Curve => Path.Combine(Root, "curve.csv");

    /// <summary>The curve as a page.</summary>
    public string Page => Path.Combine(Root, "curve.html");

    /// <summary>The plan of a checkpoint that is complete.</summary>
    public string Plan => Path.Combine(Root, "plan.json");

    /// <summary>The plan of a run that has no checkpoint yet, and maybe no state.</summary>
    public string Begun => Path.Combine(Root, "begun.json");

    /// <summary>The weights of the last good state, as a checkpoint, once a loss has exploded.</summary>
    public string LastGood => Path.Combine(Root, "last-good");

    /// <summary>Whether a run can go on from a state.</summary>
    public bool HasState => !startsOver && File.Exists(State);

    /// <summary>Whether a run was begun that has left no more than its plan.</summary>
    public bool HasBegun => !startsOver && !File.Exists(State) && File.Exists(Begun);

    /// <summary>Whether a run has ended here with its checkpoint.</summary>
    public bool IsFinished =>
        !startsOver && !File.Exists(State) && File.Exists(Plan) && Directory.Exists(Output);

    // A plan that is to be begun, while what an earlier run left is removed.
    private string Replacing => Path.Combine(Root, "replacing.json");

    /// <summary>Takes the folder for this process.</summary>
    /// <param name="output">The checkpoint to be.</param>
    /// <param name="resume">Whether to go on with what is there.</param>
    /// <param name="force">Whether to begin anew, whatever is there.</param>
    /// <exception cref="ToolException">
    /// A checkpoint or an interrupted run is there already, another process is at it, or it cannot be made.
    /// </exception>
    public static WorkFolder Open(string output, bool resume, bool force)
    {
        TrainedCheckpoint.Require(output, force || resume);
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)) + Suffix;
        WorkFolder folder = new(output, root, Hold(root), force);
        try
        {
            folder.Require(resume);
            folder.RemoveUnfinished();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes a small file, which appears when it is complete.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        using AtomicFile file = new(path, 1 << 16);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Commit(replace: true);
    }

    /// <summary>Begins a run, or says more of one that has no state: what an earlier one left is removed.</summary>
    /// <param name="plan">As JSON.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Begin(string plan)
    {
        isNew |= !HasBegun;
        Write(Replacing, plan + "\n");
        Replace();
        startsOver = false;
    }

    /// <summary>Leaves the plan and the curve: the checkpoint is complete.</summary>
    /// <param name="plan">As JSON.</param>
    public void Finish(string plan)
    {
        Write(Plan, plan + "\n");
        Array.ForEach([State, Begun], File.Delete);
        if (Directory.Exists(LastGood))
            Directory.Delete(LastGood, recursive: true);
        RemoveLeftovers();
    }

    /// <summary>Lets others in, and removes the folder where nothing is worth keeping.</summary>
    public void Dispose()
    {
        try
        {
            if (isNew && !File.Exists(State))
                File.Delete(Begun);   // the run ends, with a fault, before there was anything to go on with
            bool isEmpty =
                Directory.EnumerateFileSystemEntries(Root).All(entry => Path.GetFileName(entry) == LockName);
            hold.Dispose();
            if (isEmpty)
                Directory.Delete(Root, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // An empty folder does no harm.
        }
    }

    private static Stream Hold(string root)
    {
        try
        {
            DiskStorage storage = new();
            storage.MakeFolder(root);
            return storage.Open(Path.Combine(root, LockName), alone: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw SharingFaults.IsHeld(fault)
                ? new ToolException(ExitCode.Busy, $"{root}: another process trains here", root)
                : new ToolException(
                    ExitCode.CannotCreate, $"{root}: cannot be created: {Printable.OneLine(fault.Message)}", root);
        }
    }

    private void Require(bool resume)
    {
        if (File.Exists(Replacing))
            Replace();   // a run was killed while it did
        if (HasState && !resume)
            throw new ToolException(
                ExitCode.CannotCreate,
                $"{Output}: an interrupted run is there; --resume goes on with it, --force starts over", Output);
        if (!resume && !startsOver && File.Exists(Plan))
            throw new ToolException(
                ExitCode.CannotCreate,
                $"{Root}: the plan and curve of a checkpoint that is not there any more; --force replaces them", Root);
        if (resume && !HasState && !HasBegun && !IsFinished && Directory.Exists(Output)
            && Directory.EnumerateFileSystemEntries(Output).Any())
            throw new ToolException(
                ExitCode.CannotCreate, $"{Output}: it exists, and no run of it is known; --force replaces it", Output);
    }

    private void RemoveUnfinished()
    {
        foreach (string file in Directory.EnumerateFiles(Root).Where(file => IsUnfinished(Path.GetFileName(file))))
            File.Delete(file);
    }

    private void Replace()
    {
        Array.ForEach([State, Plan, Curve, Page], File.Delete);
        File.Move(Replacing, Begun, overwrite: true);
    }

    // What an attempt left that was killed while it gave the checkpoint its name.
    private void RemoveLeftovers()
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Output));
        foreach (string folder in Directory.EnumerateDirectories(Path.GetDirectoryName(full)!))
            if (IsUnfinished(Path.GetFileName(folder)) && TemporaryName.Hide(folder) == full)
                Directory.Delete(folder, recursive: true);
    }

    private static bool IsUnfinished(string name) => TemporaryName.Hide(name) != name;
}
