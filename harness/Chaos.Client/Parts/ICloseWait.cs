using Chaos.Client.Policies;

namespace Chaos.Client.Parts;

/// <summary>How long a dead connection's close handshake is waited for before the connection counts as lost.</summary>
public interface ICloseWait
{
    /// <summary>The wait in milliseconds; 0 gives the connection up at once.</summary>
    double DeadLinkMs(ClientPolicy policy);
}

/// <summary>A dead link answers nothing, so its close handshake is not waited for.</summary>
public sealed class NoCloseWait : ICloseWait
{
    /// <inheritdoc/>
    public double DeadLinkMs(ClientPolicy policy) => 0;
}
