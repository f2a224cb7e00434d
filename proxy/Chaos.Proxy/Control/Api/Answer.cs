using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Api;

/// <summary>How answers look on the wire.</summary>
internal static class Answer
{
    public const string JsonType = "application/json";
    public const string PlainType = "text/plain; charset=utf-8";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IResult Nothing { get; } = Results.NoContent();

    public static string Text(JsonNode json) => json.ToJsonString(Options);

    public static IResult Json(JsonNode json, int status = StatusCodes.Status200OK) => new RawResult(Text(json), JsonType, status);

    public static IResult Raw(string text, string contentType) => new RawResult(text, contentType, StatusCodes.Status200OK);

    public static JsonObject Error(int status, string message) => new() { ["error"] = message, ["status"] = status };

    /// <summary>An error of this project's own routes.</summary>
    public static Task OwnErrorAsync(HttpContext context, int status, string message) => WriteAsync(context, status, Text(Error(status, message)), JsonType);

    /// <summary>
    /// An error as Toxiproxy's server writes it: JSON that is called plain text, with a new line at its end, as Go's
    /// http.Error does it.
    /// </summary>
    public static Task ToxiproxyErrorAsync(HttpContext context, int status, string message) => PlainErrorAsync(context, status, Text(Error(status, message)));

    /// <summary>Plain text as of Go's http.Error.</summary>
    public static Task PlainErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return WriteAsync(context, status, message + "\n", PlainType);
    }

    private static Task WriteAsync(HttpContext context, int status, string text, string contentType)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    // The framework's own results add a charset to the content type, which Toxiproxy does not send.
    private sealed class RawResult(string text, string contentType, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, status, text, contentType);
    }
}
