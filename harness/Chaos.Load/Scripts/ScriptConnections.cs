using Chaos.Load.Fleets;

namespace Chaos.Load.Scripts;

/// <summary>The connections of a script by name. One opens when it is first used, and again when it is used after it was dropped.</summary>
internal sealed class ScriptConnections(string script, Func<string?, Uri> url, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Name of the connection of steps that name none.</summary>
    public const string Main = "main";

    private readonly Dictionary<string, (ScriptConnection Connection, string? Failure)> _open = new(StringComparer.Ordinal);

    /// <summary>The connection, and why it could not be opened if so.</summary>
    public async Task<(ScriptConnection Connection, string? Failure)> GetAsync(string name, CancellationToken cancel) =>
        _open.TryGetValue(name, out var known) ? known : await OpenAsync(name, new ScriptHandshake(), cancel).ConfigureAwait(false);

    /// <summary>The connection as it is, without opening one.</summary>
    public ScriptConnection? Find(string name) => _open.TryGetValue(name, out var known) ? known.Connection : null;

    /// <summary>Opens a connection; one of the same name is dropped first.</summary>
    public async Task<(ScriptConnection Connection, string? Failure)> OpenAsync(string name, ScriptHandshake handshake, CancellationToken cancel)
    {
        await DropAsync(name).ConfigureAwait(false);
        var connection = new ScriptConnection(time);
        _open[name] = (connection, null);
        var failure = await connection.ConnectAsync(url(handshake.Link).For(name == Main ? script : $"{script}.{name}"), handshake, cancel).ConfigureAwait(false);
        return _open[name] = (connection, failure);
    }

    /// <summary>Drops a connection without a close frame; none of that name is no error.</summary>
    public async Task DropAsync(string name)
    {
        if (_open.Remove(name, out var known)) await known.Connection.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _open.Keys.ToList()) await DropAsync(name).ConfigureAwait(false);
    }
}
