namespace Chaos.Client.Protocol;

/// <summary>Error and unsubscribe codes of the protocol that a client acts on.</summary>
internal static class ErrorCodes
{
    public const int Internal = 100;
    public const int TokenExpired = 109;
    public const int TooManyRequests = 111;
    public const int UnrecoverablePosition = 112;

    /// <summary>Unsubscribes from here on ask for a new subscribe; below they are final.</summary>
    public const int FirstResubscribe = 2500;
    public const int SubscriptionExpired = 2501;

    /// <summary>The connection's token ran out.</summary>
    public const int ConnectionExpired = 3005;

    public static bool IsTemporary(int code, bool temporary) => temporary || code is Internal or TooManyRequests;
}
