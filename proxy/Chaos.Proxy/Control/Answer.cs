using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control;

internal static class Answer
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IResult Json(JsonNode json, int status = StatusCodes.Status200OK) => Results.Text(json.ToJsonString(Options), "application/json", statusCode: status);
}
