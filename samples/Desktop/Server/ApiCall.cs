using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GauRuntime.Desktop.Server;

/// <summary>A call of the page: what it asks, and how it is answered.</summary>
internal static class ApiCall
{
    /// <summary>The largest body of a call that is no upload, in bytes: a text to type into is far smaller.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>The header that tells which window of several calls.</summary>
    public const string WindowHeader = "X-Gau-Window";

    // What is too much is read over up to so many bytes: a browser reads no answer before it has sent its call.
    private const int MostReadOver = 64 << 20;

    private const string Json = "application/json";

    /// <summary>Reads the body as JSON.</summary>
    /// <exception cref="ApiFault">It is none, not what is wanted, or too large.</exception>
    public static async Task<T> Read<T>(this HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (context.Request.ContentLength is > MostBytes and <= MostReadOver)
        {
            Limit(context, MostReadOver);
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted).ConfigureAwait(false);
            throw TextTooLarge();
        }
        Limit(context, MostBytes);
        if (context.Request.ContentType is not { } given
            || !given.StartsWith(Json, StringComparison.OrdinalIgnoreCase))
            throw ApiFault.Request($"a body of {Json} is wanted");
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                .ConfigureAwait(false) ?? throw ApiFault.Request("an object is wanted");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TextTooLarge();
        }
        catch (JsonException e)
        {
            throw ApiFault.Request($"the body is not what is wanted: {e.Path ?? "$"}");
        }
    }

    /// <summary>Answers with JSON.</summary>
    public static async Task Write<T>(this HttpContext context, T value, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.ContentType = Json;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Begins an answer in lines of JSON, which the page reads as they come.</summary>
    public static void BeginLines(this HttpContext context) =>
        context.Response.ContentType = "application/x-ndjson";

    /// <summary>Sends a line of such an answer.</summary>
    public static Task WriteLine<T>(this HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.WriteLine(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Sends a line whose JSON is there already.</summary>
    public static async Task WriteLine(this HttpContext context, byte[] json)
    {
        CancellationToken aborted = context.RequestAborted;
        await context.Response.Body.WriteAsync((byte[])[.. json, (byte)'\n'], aborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(aborted).ConfigureAwait(false);
    }

    /// <summary>Answers that it is done.</summary>
    public static Task WriteDone(this HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Lets a body have so many bytes.</summary>
    public static void Limit(this HttpContext context, long most)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = most;
    }

    /// <summary>The window that calls; empty: it does not say.</summary>
    public static string Window(this HttpContext context) => context.Request.Headers[WindowHeader].ToString();

    /// <summary>A parameter of the query.</summary>
    /// <exception cref="ApiFault">It is missing, or given twice.</exception>
    public static string Text(this HttpContext context, string name) =>
        context.Request.Query[name] is { Count: 1 } given && given[0] is { } value
            ? value
            : throw ApiFault.Request($"one '{name}' is wanted");

    /// <summary>A whole number of the query.</summary>
    /// <exception cref="ApiFault">It is missing, no number, or out of range.</exception>
    public static int Number(this HttpContext context, string name, int least, int most) =>
        int.TryParse(context.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value >= least && value <= most
            ? value
            : throw ApiFault.Request($"'{name}' is a whole number from {least} to {most}");

    private static ApiFault TextTooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, ApiFaultKind.TextTooLarge,
        $"the text is larger than {MostBytes >> 20} MiB");
}
