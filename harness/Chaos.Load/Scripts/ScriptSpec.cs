using Chaos.Journal;
using Chaos.Journal.IO;
using Chaos.Load.Tokens;

namespace Chaos.Load.Scripts;

/// <summary>Everything a script needs to run.</summary>
public sealed record ScriptSpec
{
    /// <summary>Id of the experiment, written into each event.</summary>
    public required string Experiment { get; init; }

    /// <summary>Name of the script; also the label <c>client</c> of its connection.</summary>
    public required string Name { get; init; }

    /// <summary>Address to connect to, such as <c>ws://127.0.0.1:4000/connection/websocket</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>What is sent and expected, in order.</summary>
    public required IReadOnlyList<ScriptStepDefinition> Steps { get; init; }

    /// <summary>Tokens that steps may use as <c>$name</c>; issued when the script starts.</summary>
    public required IReadOnlyDictionary<string, ScriptToken> Tokens { get; init; }

    /// <summary>Issues the tokens.</summary>
    public required TokenIssuer Issuer { get; init; }

    /// <summary>Root of a gateway's HTTP address, such as <c>http://127.0.0.1:5000</c>; needed by steps that publish.</summary>
    public Uri? Admin { get; init; }

    /// <summary>Bearer token of the admin API.</summary>
    public string? AdminToken { get; init; }

    /// <summary>Longest wait for the WebSocket to open. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where events go.</summary>
    public required IJournal Journal { get; init; }

    /// <summary>The run's clock.</summary>
    public required Clock Clock { get; init; }
}
