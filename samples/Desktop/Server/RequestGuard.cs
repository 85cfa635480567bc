using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GauRuntime.Desktop.Server;

/// <summary>Why a request is refused.</summary>
/// <param name="Status">The code of HTTP.</param>
/// <param name="Reason">A sentence for who looks into it.</param>
internal sealed record Refusal(int Status, string Reason);

/// <summary>Lets in what comes from the program's own window, and nothing else.</summary>
/// <remarks>
/// A page of another site reaches a server on the loopback too, directly or by a name of its own that it has made point
/// there (DNS rebinding), and so does a process of another user. The first carries another <c>Origin</c>, the second
/// another <c>Host</c>, and none of them the token.
/// </remarks>
/// <param name="port">Where the server listens.</param>
/// <param name="token">The secret.</param>
internal sealed class RequestGuard(int port, AccessToken token)
{
    private readonly string host = $"127.0.0.1:{port}";
    private readonly string origin = $"http://127.0.0.1:{port}";

    /// <summary>Why a request is refused, or null.</summary>
    public Refusal? Look(HttpRequest request)
    {
        if (!IsOnly(request.Headers.Host, host))
            return new(StatusCodes.Status421MisdirectedRequest, "this server is called by its address alone");
        StringValues from = request.Headers.Origin;
        if (from.Count > 0 && !IsOnly(from, origin))
            return new(StatusCodes.Status403Forbidden, "another page asks");
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
            return reads ? null : new(StatusCodes.Status405MethodNotAllowed, "the page is only read");
        if (!reads && from.Count == 0)
            return new(StatusCodes.Status403Forbidden, "it does not say which page asks");
        StringValues site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && !IsOnly(site, "same-origin"))
            return new(StatusCodes.Status403Forbidden, "another site asks");
        StringValues given = request.Headers[AccessToken.HeaderName];
        return given.Count == 1 && token.Is(given[0])
            ? null
            : new(StatusCodes.Status401Unauthorized, "the token is missing or another");
    }

    private static bool IsOnly(StringValues values, string wanted) =>
        values.Count == 1 && string.Equals(values[0], wanted, StringComparison.Ordinal);
}
