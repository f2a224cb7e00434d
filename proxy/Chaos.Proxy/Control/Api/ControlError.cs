namespace Chaos.Proxy.Control.Api;

/// <summary>A request that cannot be granted, with the status and text of Toxiproxy's API.</summary>
internal sealed class ControlError(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static ControlError BadBody(string detail) => new(400, $"bad request body: {detail}");

    public static ControlError Missing(string field) => new(400, $"missing required field: {field}");

    public static ControlError Invalid(IReadOnlyList<string> errors) => BadBody(string.Join("; ", errors));

    public static ControlError ProxyNotFound => new(404, "proxy not found");

    public static ControlError ProxyExists => new(409, "proxy already exists");

    public static ControlError ToxicNotFound => new(404, "toxic not found");

    public static ControlError ToxicExists => new(409, "toxic already exists");

    public static ControlError FaultNotFound => new(404, "fault not found");

    public static ControlError InvalidStream => new(400, "stream was invalid, can be either upstream or downstream");

    public static ControlError InvalidType => new(400, "invalid toxic type");
}
