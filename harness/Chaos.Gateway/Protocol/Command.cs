namespace Chaos.Gateway.Protocol;

/// <summary>A message from a client, parsed. It holds no reference to the frame it came in.</summary>
/// <param name="Id">Above 0; echoed in the reply.</param>
internal abstract record Command(uint Id)
{
    /// <summary>Name of the method, for metrics.</summary>
    public abstract string Method { get; }
}

/// <summary>Authenticates the connection. <paramref name="Resume"/> is <c>data.resume</c>.</summary>
internal sealed record ConnectCommand(uint Id, string? Token, string? Name, string? Resume) : Command(Id)
{
    public override string Method => "connect";
}

/// <summary>Subscribes. <paramref name="Seen"/> is <c>data.seen</c>: the client's place as another region can find it.</summary>
internal sealed record SubscribeCommand(uint Id, string Channel, string? Token, bool Recover, string Epoch, long Offset, IReadOnlyDictionary<string, long>? Seen = null)
    : Command(Id)
{
    public override string Method => "subscribe";
}

internal sealed record UnsubscribeCommand(uint Id, string Channel) : Command(Id)
{
    public override string Method => "unsubscribe";
}

/// <summary>Publishes <paramref name="Data"/>, the JSON as it was sent; <paramref name="Mid"/> is <c>data.mid</c>.</summary>
internal sealed record PublishCommand(uint Id, string Channel, byte[] Data, string? Mid, int Depth) : Command(Id)
{
    public override string Method => "publish";
}

/// <summary>Reads a stream. A <paramref name="Limit"/> of 0 asks for its position only, below 0 for all.</summary>
internal sealed record HistoryCommand(uint Id, string Channel, int Limit, bool Since, string Epoch, long Offset, bool Reverse) : Command(Id)
{
    public override string Method => "history";
}

internal sealed record RefreshCommand(uint Id, string? Token) : Command(Id)
{
    public override string Method => "refresh";
}

internal sealed record SubRefreshCommand(uint Id, string Channel, string? Token) : Command(Id)
{
    public override string Method => "sub_refresh";
}

internal sealed record PingCommand(uint Id) : Command(Id)
{
    public override string Method => "ping";
}

/// <summary>The client's answer to a ping: an empty object.</summary>
internal sealed record PongCommand() : Command(0u)
{
    public override string Method => "pong";
}

/// <summary>A command that is not served, or served wrongly shaped: answered with <paramref name="Error"/>.</summary>
internal sealed record RefusedCommand(uint Id, string Name, ProtocolError Error) : Command(Id)
{
    public override string Method => Name;
}
