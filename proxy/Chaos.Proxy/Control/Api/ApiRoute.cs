using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Api;

/// <summary>
/// One route of the control API. The table of all of them is what the server maps, what the OpenAPI document is made
/// from, and what the tests walk through.
/// </summary>
/// <param name="Id">Its name: unique, camel case.</param>
/// <param name="Methods">HTTP methods that lead to it.</param>
/// <param name="Path">Pattern of the path; parts in braces are names.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Handle">Does it; null where a library answers.</param>
internal sealed record ApiRoute(string Id, string[] Methods, string Path, string Summary, Func<ApiCall, Task<IResult>>? Handle)
{
    public const string OwnPrefix = "/chaos/";

    /// <summary>It belongs to this project; else it is Toxiproxy's.</summary>
    public bool IsOwn => Path.StartsWith(OwnPrefix, StringComparison.Ordinal);

    /// <summary>Schema of the body; null where none is read.</summary>
    public string? Body { get; init; }

    /// <summary>Status where all went well.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Schema of the answer; null where it has no body.</summary>
    public string? Answer { get; init; }

    /// <summary>Content type of the answer.</summary>
    public string AnswerType { get; init; } = "application/json";

    /// <summary>Statuses of refusals.</summary>
    public int[] Errors { get; init; } = [];

    /// <summary>Query parameters: name and meaning.</summary>
    public ApiQuery[] Query { get; init; } = [];
}

/// <summary>A query parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">JSON type: "boolean" or "string".</param>
/// <param name="Meaning">What it does.</param>
internal sealed record ApiQuery(string Name, string Type, string Meaning);
