namespace Chaos.Client.Machine;

/// <summary>What a token is for.</summary>
public enum TokenPurpose
{
    /// <summary>A connection token before an attempt.</summary>
    Connect,

    /// <summary>A new connection token while connected.</summary>
    Refresh,

    /// <summary>A subscription token.</summary>
    Subscribe,
}

/// <summary>
/// What the machine wants done. The shell does it on sockets, a simulation in virtual time. An implementation must not call
/// back into the machine from here; what becomes of an action arrives as a later input.
/// </summary>
public interface IClientActions
{
    /// <summary>Opens a socket to a region, 0 for the nearest; ends in <see cref="ClientMachine.Opened"/> or <see cref="ClientMachine.Ended"/> with the same ordinal.</summary>
    void Dial(int connection, int place);

    /// <summary>Sends a text frame. The memory is not reused.</summary>
    void Send(int connection, ReadOnlyMemory<byte> frame);

    /// <summary>Sends a close frame after what was sent before; ends in <see cref="ClientMachine.Ended"/> when the peer answers.</summary>
    void Close(int connection, int code, string reason);

    /// <summary>Drops a socket at once, opened or not, without any handshake. Inputs about it may still come and are ignored.</summary>
    void Abort(int connection);

    /// <summary>Looks whether the nearest region can be reached; ends in <see cref="ClientMachine.Looked"/>.</summary>
    void LookHome();

    /// <summary>Gets a token; ends in <see cref="ClientMachine.TokenFetched"/> or <see cref="ClientMachine.TokenFailed"/>.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="channel">The channel of a subscription token, else null.</param>
    void FetchToken(TokenPurpose purpose, string? channel);
}
