using System.Runtime.InteropServices;
using GauRuntime.Desktop.Jobs;
using GauRuntime.Desktop.Server;
using GauRuntime.Desktop.Window;
using GauRuntime.Tools;

namespace GauRuntime.Desktop;

/// <summary>The process of <c>gau-desktop</c>: listens, opens the window, and ends with it.</summary>
internal static class Program
{
    private static readonly TimeSpan WindowPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(10);

    /// <summary>Says where the page is if no window opens: a browser can start and end without one.</summary>
    internal static async Task SayIfNoneComes(Presence presence, TimeSpan patience, TextWriter error, string target)
    {
        await Task.WhenAny(presence.Came, Task.Delay(patience)).ConfigureAwait(false);
        if (!presence.Came.IsCompleted)
            error.WriteLine($"gau-desktop: no window has opened yet; open {target}");
    }

    /// <summary>Waits for the end of the last window; or, where none comes, not for ever.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> UntilClosed(Presence presence, TimeSpan patience, TextWriter error)
    {
        await Task.WhenAny(presence.Came, Task.Delay(patience)).ConfigureAwait(false);
        if (!presence.Came.IsCompleted)
        {
            error.WriteLine($"gau-desktop: no window has opened in {patience.TotalMinutes:0} minutes: ends");
            return ExitCode.Unsupported;
        }
        await presence.Gone.ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static int Main(string[] args) => ProgramFrame.Run(
        args, error => Run(DesktopOptions.Parse(args), error).GetAwaiter().GetResult());

    private static async Task<int> Run(DesktopOptions options, TextWriter error)
    {
        StandardStreams.UseUtf8();
        if (options.WantsHelp || options.WantsVersion)
        {
            Console.Out.Write(options.WantsHelp ? DesktopOptions.Help : $"gau-desktop {DesktopApplication.Version}\n");
            return ExitCode.Ok;
        }
        if (options.File is { } file && !File.Exists(file))
            throw new ToolException(ExitCode.InputMissing, $"{file}: no such file", file);
        TaskCompletionSource<int> signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = On(PosixSignal.SIGINT, ExitCode.Interrupted);
        using PosixSignalRegistration terminate = On(PosixSignal.SIGTERM, ExitCode.Terminated);
        using PosixSignalRegistration hangUp = On(PosixSignal.SIGHUP, ExitCode.Terminated);

        JobFolder.MakePrivate(options.Data);
        await using DesktopApplication application = await DesktopApplication.Start(options).ConfigureAwait(false);
        Uri address = application.Server.Address;
        string token = application.Server.Token.Text;
        bool opens = options.Browser != DesktopOptions.NoBrowser;
        string? browser = opens ? AppWindow.Browser(options.Browser) : null;
        using WindowFolder folder = opens
            ? WindowFolder.For(browser, options.Data, FolderListing.Home)
            : WindowFolder.Among(options.Data);
        using LaunchPage page = LaunchPage.Write(folder.Path, address, token);
        string? fault = opens ? AppWindow.Open(browser, folder.Profile, page) : "no browser is opened";
        error.WriteLine(
            fault is null
                ? $"gau-desktop: listens on {address.GetLeftPart(UriPartial.Authority)} until its window is closed"
                : $"gau-desktop: {fault}; open {LaunchPage.Target(address, token)}");
        if (fault is null)
            _ = SayIfNoneComes(application.Presence, WindowPatience, error, LaunchPage.Target(address, token));
        Task<int> closed = UntilClosed(
            application.Presence, opens ? LongestPatience : Timeout.InfiniteTimeSpan, error);
        return await (await Task.WhenAny(closed, signalled.Task).ConfigureAwait(false)).ConfigureAwait(false);

        PosixSignalRegistration On(PosixSignal signal, int code) => PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                signalled.TrySetResult(code);
            });
    }
}
