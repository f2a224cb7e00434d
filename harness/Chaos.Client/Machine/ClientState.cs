namespace Chaos.Client.Machine;

/// <summary>Where a client stands.</summary>
public enum ClientState
{
    /// <summary>Not started.</summary>
    Idle,

    /// <summary>Waits before the next attempt.</summary>
    Waiting,

    /// <summary>Its attempt is due, but it needs a token first.</summary>
    FetchingToken,

    /// <summary>A socket is being opened.</summary>
    Dialing,

    /// <summary>Connect was sent, the reply is awaited.</summary>
    Opening,

    /// <summary>The connect reply arrived.</summary>
    Connected,

    /// <summary>Found dead, and its close handshake is waited for. The reference never is.</summary>
    AwaitingClose,

    /// <summary>Ended for good: told to stop, or by a terminal code.</summary>
    Stopped,
}
