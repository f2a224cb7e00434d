using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Resume;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;
using Chaos.Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Sessions;

/// <summary>What every session of a node works with.</summary>
internal sealed record SessionServices(
    GatewaySettings Settings,
    ITokenVerifier Tokens,
    ITokenExpiry Expiry,
    IPreAuthPolicy PreAuth,
    IRevocations Revocations,
    IChannelAuthorizer Authorizer,
    PayloadSchemas Schemas,
    IChannelLimits Limits,
    Hub Hub,
    IStreamStore Store,
    IResumeStore Resume,
    ISessionForks Forks,
    SessionRegistry Registry,
    SessionSaver Saver,
    GatewayMetrics Metrics,
    TimeProvider Time,
    ILogger<Session> Log);

/// <summary>How a session reaches its client. Neither member waits.</summary>
internal interface ISessionTransport
{
    /// <returns>False when the client is too slow.</returns>
    bool TrySend(ReadOnlyMemory<byte> message);

    /// <summary>Closes once what waits is sent, or at once when the request says discard. Only the first call counts.</summary>
    void Close(CloseRequest request);
}

/// <summary>A close that was asked for.</summary>
internal sealed record CloseRequest(Protocol.CloseReason Reason, bool Discard);
