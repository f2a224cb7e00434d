using Chaos.Proxy.Links;
using Chaos.Proxy.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Chaos.Proxy.Http;

/// <summary>
/// Tells the ledger of TLS handshakes with clients that came to nothing. The server tells of them in its log only; what
/// it logs there is tied to its connection by the flow of control.
/// </summary>
internal sealed class TlsReport(ILoggerFactory inner, TlsHandshake handshake) : ILoggerFactory, ILogger
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel.Https.Internal.HttpsConnectionMiddleware";
    private static readonly string?[] Failures = ["AuthenticationFailed", "AuthenticationTimedOut"];

    private readonly AsyncLocal<ClientLeg?> _meeting = new();

    /// <summary>Goes around the server's own middleware for TLS.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => connection =>
    {
        _meeting.Value = connection.Features.Get<ClientLeg>();
        return next(connection);
    };

    public ILogger CreateLogger(string categoryName) => categoryName == Category ? this : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public bool IsEnabled(LogLevel logLevel) => _meeting.Value is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_meeting.Value is not { } client || !Failures.Contains(eventId.Name)) return;
        _meeting.Value = null;
        client.Failed(new Ending(Ending.Client, Ending.Tls, Reason: handshake.Explain(exception ?? new OperationCanceledException())));
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Dispose()
    {
    }
}
