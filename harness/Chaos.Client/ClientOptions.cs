using System.Text.Json.Nodes;
using Chaos.Client.Policies;
using Chaos.Client.Sockets;

namespace Chaos.Client;

/// <summary>What one client is. Immutable and shared by its machine and its shell.</summary>
public sealed record ClientOptions
{
    /// <summary>Address of the gateway, <c>ws://host:port/connection/websocket</c>. The shell adds the query parameter
    /// <c>client=</c><see cref="Name"/> unless the address has one, so that the proxy can tell clients apart.</summary>
    public required Uri Url { get; init; }

    /// <summary>The same in other regions, the nearest first; none where there is one region only.</summary>
    public IReadOnlyList<Uri> Elsewhere { get; init; } = [];

    /// <summary>The client's name, unique in its experiment; sent as <c>connect.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Declared behaviour.</summary>
    public ClientPolicy Policy { get; init; } = new();

    /// <summary>Seed of the experiment; the client's streams derive from it and <see cref="Name"/>.</summary>
    public long Seed { get; init; }

    /// <summary>The clock of the shell. The machine reads none.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Application data sent in every connect command; its member <c>resume</c> belongs to the client.</summary>
    public JsonObject? ConnectData { get; init; }

    /// <summary>What it says and does below its protocol; nothing by default.</summary>
    public SocketSettings Socket { get; init; } = SocketSettings.None;

    /// <summary>Largest message taken from the gateway, in bytes; the connection is dropped above. Default 8 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 8 * 1024 * 1024;
}
