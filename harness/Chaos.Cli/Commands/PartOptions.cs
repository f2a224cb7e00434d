using System.CommandLine;
using System.Net;
using System.Text.Json;
using Chaos.Cli.Hosting;

namespace Chaos.Cli.Commands;

/// <summary>What the commands that run a part of a world have in common.</summary>
internal static class PartOptions
{
    public static Option<string> Listen(string byDefault) => new("--listen")
    {
        Description = "Address to listen on, as host:port; port 0 takes a free one.", DefaultValueFactory = _ => byDefault, HelpName = "HOST:PORT",
    };

    public static Option<bool> ExitWithParent() => new("--exit-with-parent")
    {
        Description = "End when standard input ends. Set by the engine, so that no part outlives it.",
    };

    /// <summary>Says on standard output that the part is up, in the one line that the engine waits for.</summary>
    public static void Announce(string part, Uri address) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(new Dictionary<string, string> { ["kind"] = $"{part}.ready", ["address"] = address.ToString().TrimEnd('/') }));

    public static IPEndPoint Endpoint(string text) => IPEndPoint.TryParse(text, out var endpoint)
        ? endpoint
        : throw new UsageException($"'{text}' is no address. Write an IP address and a port, such as 127.0.0.1:8000.");
}
