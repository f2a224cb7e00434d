namespace Chaos.Client.Protocol;

/// <summary>Why a connection or an attempt ended, in the words of the journal's client.disconnected.</summary>
public static class Causes
{
    /// <summary>No socket.</summary>
    public const string Refused = "refused";

    /// <summary>The HTTP handshake was answered with another status than 101.</summary>
    public const string Handshake = "handshake";

    /// <summary>Socket error, or end of stream without a close frame.</summary>
    public const string Transport = "transport";

    /// <summary>Close frame, disconnect push, or a refused connect command.</summary>
    public const string Close = "close";

    /// <summary>The client gave a silent connection up.</summary>
    public const string Liveness = "liveness";

    /// <summary>No connect reply in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>The client went back to the nearest region.</summary>
    public const string Moved = "moved";

    /// <summary>The client was told to stop.</summary>
    public const string Local = "local";
}
