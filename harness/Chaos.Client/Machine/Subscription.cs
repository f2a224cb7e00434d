namespace Chaos.Client.Machine;

internal enum SubscriptionState : byte
{
    /// <summary>Its token is being fetched.</summary>
    NeedsToken,

    /// <summary>Goes out with the next connect, or at once when connected.</summary>
    Ready,

    /// <summary>The reply is awaited.</summary>
    Subscribing,

    Live,

    /// <summary>Waits out a delay after a temporary error.</summary>
    Waiting,

    /// <summary>Refused or ended for good.</summary>
    Over,
}

/// <summary>One channel of one client: where it stands and the position up to which everything was delivered.</summary>
internal sealed class Subscription(string channel)
{
    public string Channel { get; } = channel;

    public SubscriptionState State { get; set; }

    public string? Token { get; set; }

    /// <summary>When the token in hand is known to run out.</summary>
    public TimeSpan TokenExpires { get; set; } = TimeSpan.MaxValue;

    /// <summary>When to fetch the next token while live, or to try again while waiting.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    /// <summary>Epoch of the position, null while there is none.</summary>
    public string? Epoch { get; set; }

    public long Offset { get; set; }

    /// <summary>The same position as another region can find it: the last number seen of each origin; null where the gateway names none.</summary>
    public Dictionary<string, long>? Seen { get; set; }

    /// <summary>The subscribe under way asks for recovery.</summary>
    public bool Recovering { get; set; }

    /// <summary>The gateway called the position unrecoverable, which is to be told with the next subscribe reply.</summary>
    public bool PositionLost { get; set; }

    /// <summary>Temporary errors in a row.</summary>
    public int Tries { get; set; }
}
