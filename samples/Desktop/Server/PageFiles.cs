using System.Collections.Frozen;
using System.Text;
using GauRuntime.Tools.Pages;
using Microsoft.AspNetCore.Http;

namespace GauRuntime.Desktop.Server;

/// <summary>The page and its parts, which are inside the program: a request names one of them, or nothing.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/", First = "index.html";

    private readonly FrozenDictionary<string, (string Type, byte[] Content)> files = Read();

    /// <summary>Paths of all of them.</summary>
    public IEnumerable<string> Paths => files.Keys;

    /// <summary>Answers a request for a part of the page.</summary>
    /// <returns>Whether there is such a part.</returns>
    public async Task<bool> TrySend(HttpContext context)
    {
        if (!files.TryGetValue(context.Request.Path.Value ?? "", out (string Type, byte[] Content) file))
            return false;
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(file.Content, context.RequestAborted).ConfigureAwait(false);
        return true;
    }

    private static FrozenDictionary<string, (string Type, byte[] Content)> Read()
    {
        // The style of all our pages, before the window's own.
        Dictionary<string, (string Type, byte[] Content)> files = new(StringComparer.Ordinal)
        {
            ["/kit.css"] = (TypeOf(".css"), Encoding.UTF8.GetBytes(PageStyle.Sheet + "\n" + ChartStyle.Sheet)),
        };
        foreach (string name in typeof(PageFiles).Assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            string file = name[Prefix.Length..];
            files["/" + file] = (TypeOf(file), content);
            if (file == First)
                files["/"] = files["/" + file];
        }
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"{file}: no type is known for {other}"),
    };
}
