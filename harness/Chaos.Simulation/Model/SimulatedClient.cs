using Chaos.Client.Machine;

namespace Chaos.Simulation.Model;

/// <summary>Where the connection of a simulated client stands.</summary>
internal enum Stage : byte
{
    /// <summary>None; the next attempt is waited for.</summary>
    Waiting,

    /// <summary>The request is on its way.</summary>
    Dialling,

    /// <summary>The request was refused, and the client has not heard of it.</summary>
    Refused,

    /// <summary>The handshake was answered, the connect command has not arrived.</summary>
    Opening,

    /// <summary>The connect command has arrived, the client does not have its reply.</summary>
    Authenticated,

    /// <summary>Connected.</summary>
    Connected,
}

/// <summary>One client: the reference's own pace of attempts, and where its connection stands. A value of 64 bytes without references.</summary>
internal struct SimulatedClient
{
    public AttemptPace Pace;
    public TimeSpan Dialled;
    public TimeSpan Arrived;
    public int Attempt;
    public int DelayUs;

    /// <summary>Ordinal of the connection; a signal about an earlier one is void.</summary>
    public int Connection;

    /// <summary>How the request was answered: an index into <see cref="Answers"/>.</summary>
    public ushort Answer;

    /// <summary>The gateway node that holds a place for it.</summary>
    public ushort Node;

    public Stage Stage;
}
