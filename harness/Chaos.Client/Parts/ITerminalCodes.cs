namespace Chaos.Client.Parts;

/// <summary>Which codes end the client for good.</summary>
public interface ITerminalCodes
{
    /// <summary>True when no attempt may follow a close or disconnect with this code.</summary>
    bool IsTerminalClose(int code);

    /// <summary>True when no attempt may follow a connect command that was refused with this error.</summary>
    bool IsTerminalConnectError(int code, bool temporary);
}

/// <summary>
/// Centrifugo's rule: 3500–3999 and 4500–4999 and 1009 (message too big) are terminal; a connect error is, unless it is temporary or
/// 109 (token expired), which a new token cures.
/// </summary>
public sealed class CentrifugoTerminalCodes : ITerminalCodes
{
    /// <inheritdoc/>
    public bool IsTerminalClose(int code) => code is >= 3500 and <= 3999 or >= 4500 and <= 4999 or 1009;

    /// <inheritdoc/>
    public bool IsTerminalConnectError(int code, bool temporary) =>
        !temporary && code is >= 100 and not (Protocol.ErrorCodes.TokenExpired or Protocol.ErrorCodes.Internal or Protocol.ErrorCodes.TooManyRequests);
}
