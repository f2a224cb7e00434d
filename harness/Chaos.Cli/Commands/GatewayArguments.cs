using System.CommandLine;
using System.Text.RegularExpressions;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Experiments.Files;

namespace Chaos.Cli.Commands;

/// <summary>Options of the commands that can put experiments before a gateway which runs already.</summary>
internal sealed partial class GatewayArguments
{
    public Option<string?> Gateway { get; } = new("--gateway")
    {
        Description = "Your own gateway, of any make, in place of the one that experiments/worlds/external.yaml leaves open. Without a path, runs experiments/wire.", HelpName = "ws://HOST:PORT/PATH",
    };

    public Option<string[]> Header { get; } = new("--gateway-header")
    {
        Description = "Header of every handshake, such as 'Authorization: Bearer …'. May be repeated; journals keep the name alone.", HelpName = "NAME: VALUE",
    };

    public Option<string[]> Subprotocol { get; } = new("--gateway-subprotocol") { Description = "Subprotocol that clients offer. May be repeated.", HelpName = "NAME" };

    public Option<string?> Hello { get; } = new("--gateway-hello") { Description = "Text that plain clients send as their first message. Journals do not keep it.", HelpName = "TEXT" };

    public Option<string[]> AllowTarget { get; } = new("--allow-target")
    {
        Description = "Agree to break this target, which is not on this machine; the world's file must agree too, under allow. May be repeated.", HelpName = "HOST:PORT",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Gateway);
        command.Options.Add(Header);
        command.Options.Add(Subprotocol);
        command.Options.Add(Hello);
        command.Options.Add(AllowTarget);
    }

    /// <summary>The experiments with the gateway in their worlds, where they leave it open.</summary>
    /// <exception cref="UsageException">A flag cannot be used, a gateway is missing, or somebody has not agreed. Nothing may be started then.</exception>
    public IReadOnlyList<ExperimentDefinition> Apply(ParseResult parsed, IReadOnlyList<ExperimentDefinition> experiments)
    {
        var own = experiments.Where(e => !e.World.IsExternal).Select(e => e.Id).ToList();
        if (IsGiven(parsed) && own.Count > 0)
            throw new UsageException($"--gateway: {string.Join(", ", own)} {(own.Count == 1 ? "starts its own gateway" : "start their own gateways")}. Choose experiments whose world is external, such as those of experiments/wire.");
        if (parsed.GetValue(Gateway) is { } address && GatewayAddress.Problem(address) is { } problem) throw new UsageException($"--gateway {address}: it {problem}. {GatewayAddress.Form}");
        IReadOnlyList<ExperimentDefinition> applied = [.. experiments.Select(e => e with { World = e.World with { Regions = [.. e.World.Regions.Select(r => r.External is { } gateway ? r with { External = Of(parsed, e, gateway) } : r)] } })];
        return TargetConsent.Missing(applied, parsed.GetValue(AllowTarget) ?? []) is { } missing ? throw new UsageException(missing) : applied;
    }

    /// <summary>The options as given, for the command that repeats a run; what may be a secret is left out.</summary>
    public IEnumerable<string> Words(ParseResult parsed) =>
    [
        .. parsed.GetValue(Gateway) is { } address ? ["--gateway", Secrecy.OfAddress(new Uri(address))] : Array.Empty<string>(),
        .. (parsed.GetValue(Header) ?? []).SelectMany(h => new[] { "--gateway-header", $"{Split(h).Name}: {Secrecy.Mark}" }),
        .. (parsed.GetValue(Subprotocol) ?? []).SelectMany(s => new[] { "--gateway-subprotocol", s }),
        .. parsed.GetValue(Hello) is not null ? ["--gateway-hello", Secrecy.Mark] : Array.Empty<string>(),
        .. (parsed.GetValue(AllowTarget) ?? []).SelectMany(t => new[] { "--allow-target", t }),
    ];

    /// <summary>Folder of the experiments that are meant when none is named.</summary>
    public string Folder(ParseResult parsed) => IsGiven(parsed) ? Layout.Wire : Layout.Checklist;

    private bool IsGiven(ParseResult parsed) =>
        parsed.GetValue(Gateway) is not null || parsed.GetValue(Hello) is not null || parsed.GetValue(Header) is { Length: > 0 } || parsed.GetValue(Subprotocol) is { Length: > 0 };

    private ExternalGatewayDefinition Of(ParseResult parsed, ExperimentDefinition experiment, ExternalGatewayDefinition gateway)
    {
        var address = parsed.GetValue(Gateway) is { } given ? new Uri(given) : gateway.Address
            ?? throw new UsageException($"{experiment.Id} breaks a gateway of your own: say with --gateway ws://HOST:PORT/PATH where it is, or write address: into the file of the world {experiment.World.Name}.");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in gateway.Headers) headers[name] = Expanded(value, $"the header {name} of the world {experiment.World.Name}");
        foreach (var (name, value) in (parsed.GetValue(Header) ?? []).Select(Split)) headers[name] = value;
        return gateway with
        {
            Address = address, Headers = headers,
            Subprotocols = parsed.GetValue(Subprotocol) is { Length: > 0 } subprotocols ? subprotocols : gateway.Subprotocols,
            Hello = parsed.GetValue(Hello) ?? (gateway.Hello is { } hello ? Expanded(hello, $"hello of the world {experiment.World.Name}") : null),
        };
    }

    private static (string Name, string Value) Split(string header)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (header[..colon].Trim(), header[(colon + 1)..].Trim()) : throw new UsageException("--gateway-header: write NAME: VALUE, such as 'Authorization: Bearer …'.");
    }

    private static string Expanded(string text, string where) => Variable().Replace(text, match =>
        Environment.GetEnvironmentVariable(match.Groups["name"].Value) ?? throw new UsageException($"{where} needs the environment variable {match.Groups["name"].Value}, which is not set."));

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();
}
