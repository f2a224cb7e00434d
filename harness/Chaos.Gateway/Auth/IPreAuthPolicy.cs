using Chaos.Gateway.Protocol;

namespace Chaos.Gateway.Auth;

/// <summary>What happens to commands of a connection that has not authenticated.</summary>
internal interface IPreAuthPolicy
{
    /// <summary>After a connect was refused for its token: the close that follows, or null to answer with an error only.</summary>
    CloseReason? AfterRefusal(TokenFault fault);

    /// <summary>A command other than connect before authentication, or anything behind a connect that failed.</summary>
    PreAuthDecision Decide(Command command, bool connectFailed);
}

/// <summary>Exactly one of the two: close, or carry the command out for somebody.</summary>
internal sealed record PreAuthDecision(CloseReason? Close, Identity? ActAs);

/// <summary>
/// Nothing is honoured before authentication succeeds: 3501, also for what was pipelined behind a connect that failed. An invalid token
/// ends the connection with 3500; an expired one is an error, because the client knows what to do about it.
/// </summary>
internal sealed class PreAuthPolicy : IPreAuthPolicy
{
    private static readonly PreAuthDecision Refuse = new(CloseReason.BadRequest, null);

    public CloseReason? AfterRefusal(TokenFault fault) => fault == TokenFault.Expired ? null : CloseReason.InvalidToken;

    public PreAuthDecision Decide(Command command, bool connectFailed) => Refuse;
}
