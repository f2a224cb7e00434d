namespace Chaos.Gateway.Auth;

/// <summary>Who a connection speaks for.</summary>
/// <param name="User">The token's subject.</param>
/// <param name="Tenant">The token's tenant.</param>
/// <param name="Expires">When the token ends.</param>
/// <param name="Issued">When it was issued.</param>
/// <param name="TokenId">Its jti, if it has one.</param>
internal sealed record Identity(string User, string Tenant, DateTimeOffset Expires, DateTimeOffset Issued, string? TokenId);

/// <summary>Why a token was not accepted.</summary>
internal enum TokenFault
{
    None,

    /// <summary>Absent, malformed, wrongly signed, for somebody else, without a claim that is needed, or living too long.</summary>
    Invalid,

    /// <summary>Right in everything but its time: the client should fetch a new one.</summary>
    Expired,
}

/// <summary>Outcome of a verification.</summary>
internal sealed record TokenResult(TokenFault Fault, Identity? Identity = null, string? Channel = null, string? Detail = null);
