namespace Chaos.Proxy.Control.Api;

/// <summary>A request that cannot be granted, with the status and text of Toxiproxy's API.</summary>
internal sealed class ControlError(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>Each error by itself, where there are several.</summary>
    public IReadOnlyList<string> Details { get; private init; } = [message];

    /// <param name="inFile">How to say it of a file.</param>
    public static ControlError BadBody(string detail, string inFile) => new(400, $"bad request body: {detail}") { Details = [inFile] };

    public static ControlError BadBody(string detail) => new(400, $"bad request body: {detail}") { Details = [detail] };

    public static ControlError Missing(string field) => new(400, $"missing required field: {field}");

    public static ControlError Invalid(IReadOnlyList<string> errors) => new(400, $"bad request body: {string.Join("; ", errors)}") { Details = errors };

    public static ControlError ProxyNotFound => new(404, "proxy not found");

    public static ControlError ProxyExists => new(409, "proxy already exists");

    public static ControlError ToxicNotFound => new(404, "toxic not found");

    public static ControlError ToxicExists => new(409, "toxic already exists");

    public static ControlError FaultExists => new(409, "fault already exists");

    public static ControlError FaultNotFound => new(404, "fault not found");

    public static ControlError InvalidStream => new(400, "stream was invalid, can be either upstream or downstream");

    public static ControlError InvalidType => new(400, "invalid toxic type");
}
