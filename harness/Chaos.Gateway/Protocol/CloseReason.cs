namespace Chaos.Gateway.Protocol;

/// <summary>
/// Why the gateway closes a connection. Clients reconnect on 3000 to 3499 and 4000 to 4499 and stop on 3500 to 3999 and 4500 to 4999.
/// </summary>
internal sealed record CloseReason(int Code, string Reason)
{
    public static readonly CloseReason Normal = new(1000, "");
    public static readonly CloseReason MessageTooBig = new(1009, "message too big");
    public static readonly CloseReason Shutdown = new(3001, "shutdown");
    public static readonly CloseReason ServerError = new(3004, "internal server error");
    public static readonly CloseReason Expired = new(3005, "connection expired");
    public static readonly CloseReason Slow = new(3008, "slow");
    public static readonly CloseReason InsufficientState = new(3010, "insufficient state");
    public static readonly CloseReason NoPong = new(3012, "no pong");
    public static readonly CloseReason TooManyRequests = new(3013, "too many requests");
    public static readonly CloseReason StateInvalidated = new(3014, "state invalidated");
    public static readonly CloseReason InvalidToken = new(3500, "invalid token");
    public static readonly CloseReason BadRequest = new(3501, "bad request");
    public static readonly CloseReason Stale = new(3502, "stale");
    public static readonly CloseReason ForceDisconnect = new(3503, "force disconnect");
    public static readonly CloseReason ConnectionLimit = new(3504, "connection limit");
    public static readonly CloseReason ChannelLimit = new(3505, "channel limit");
    public static readonly CloseReason PermissionDenied = new(3507, "permission denied");

    /// <summary>Everything that is known by its code.</summary>
    public static CloseReason Of(int code) => Known.FirstOrDefault(k => k.Code == code) ?? new CloseReason(code, "disconnected");

    private static readonly CloseReason[] Known =
    [
        Normal, MessageTooBig, Shutdown, ServerError, Expired, Slow, InsufficientState, NoPong, TooManyRequests, StateInvalidated, InvalidToken,
        BadRequest, Stale, ForceDisconnect, ConnectionLimit, ChannelLimit, PermissionDenied,
    ];
}

/// <summary>Codes of unsubscribe pushes: below 2500 final, 2500 and 2501 resubscribe.</summary>
internal static class UnsubscribeCode
{
    public const int Server = 2000;
    public const int InsufficientState = 2500;
    public const int Expired = 2501;
}
