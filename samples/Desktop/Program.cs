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

    /// <summary>Says where the page is if no window opens: a browser can start and end without one.</summary>
    internal static async Task SayIfNoneComes(Presence presence, TimeSpan patience, TextWriter error, string target)
    {
        await Task.WhenAny(presence.Came, Task.Delay(patience)).ConfigureAwait(false);
        if (!presence.Came.IsCompleted)
            error.WriteLine($"gau-desktop: no window has opened yet; open {target}");
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
        using LaunchPage page = LaunchPage.Write(options.Data, address, token);
        string? fault = options.Browser == DesktopOptions.NoBrowser
            ? "no browser is opened"
            : AppWindow.Open(options.Browser, Path.Combine(options.Data, "window"), page);
        error.WriteLine(
            fault is null
                ? $"gau-desktop: listens on {address.GetLeftPart(UriPartial.Authority)} until its window is closed"
                : $"gau-desktop: {fault}; open {LaunchPage.Target(address, token)}");
        if (fault is null)
            _ = SayIfNoneComes(application.Presence, WindowPatience, error, LaunchPage.Target(address, token));
        Task ended = await Task.WhenAny(application.Presence.Gone, signalled.Task).ConfigureAwait(false);
        return ended == signalled.Task ? await signalled.Task.ConfigureAwait(false) : ExitCode.Ok;

        PosixSignalRegistration On(PosixSignal signal, int code) => PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                signalled.TrySetResult(code);
            });
    }
}
