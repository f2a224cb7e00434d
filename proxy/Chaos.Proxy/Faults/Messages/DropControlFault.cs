namespace Chaos.Proxy.Faults;

/// <summary>Loses control frames: liveness dies, data lives.</summary>
internal sealed record DropControlFault(bool Ping, bool Pong, bool Close) : MessageFault
{
    private const int CloseOpcode = 8;
    private const int PingOpcode = 9;
    private const int PongOpcode = 10;

    public static readonly FaultKind Kind = new("ws_drop_control",
        "Swallows control frames and lets data through: kills liveness without killing data. Pings and pongs of the application (messages) are data; match them with ws_drop.",
        Tcp: false, WebSocket: true,
        [
            new("ping", AttributeKind.Boolean, "Swallows pings.", true),
            new("pong", AttributeKind.Boolean, "Swallows pongs.", true),
            new("close", AttributeKind.Boolean, "Swallows close frames.", false),
        ],
        (values, _) => new DropControlFault(values.Flag("ping"), values.Flag("pong"), values.Flag("close")));

    public override MessageDecision Decide(StreamKey key, long message) => default;

    public override bool DropsControl(int opcode) => opcode switch { CloseOpcode => Close, PingOpcode => Ping, PongOpcode => Pong, _ => false };
}
