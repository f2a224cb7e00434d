using System.Text;
using System.Text.Json;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Live.Fold;

namespace Chaos.Live.Journals;

/// <summary>Tells the lines that the page is made of from the many that it is not, before anything is parsed.</summary>
internal static class LiveLines
{
    private static readonly byte[] KindPrefix = "{\"kind\":\""u8.ToArray();

    // Most of a journal, and nothing on the page.
    private static readonly HashSet<string> Unread = new(StringComparer.Ordinal)
    {
        "client.subscribed", "client.token", "feed.stopped", "history", "ledger.control", "ledger.fault", "ledger.handshake", "ledger.injected",
        "ledger.overhead", "ledger.reload", "ledger.roll", "machine", "script.step",
    };

    private static readonly HashSet<string> Read = new(StringComparer.Ordinal)
    {
        "run.started", "run.ended", "experiment.skipped", "experiment.started", "experiment.ended", "phase", "part.started", "part.ended", "fault.on", "fault.off", "node.left", "node.held",
        "probe", "stop", "metrics", "harness.failed", "ledger.opened", "ledger.answer", "ledger.closed", "ledger.halt", "client.attempt", "client.connected", "client.disconnected",
        "client.unsubscribed", "client.delivered", "client.acked", "client.publish_failed", "client.error", "simulation.started", "fleet.attempts", "fleet.cuts", "rehearsal.started", "rehearsal.moment", "rehearsal.ended",
    };

    /// <summary>The kind of a line; null where it does not begin with one.</summary>
    public static string? KindOf(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(KindPrefix)) return null;
        var rest = line[KindPrefix.Length..];
        return rest.IndexOf((byte)'"') is >= 0 and var end ? Encoding.UTF8.GetString(rest[..end]) : null;
    }

    /// <summary>The event of a line, if it matters to the page. A line that cannot be read is passed over: the page is no judge of the journal.</summary>
    /// <returns>The event; of a kind that the page does not know, its title where it has one; null for everything else.</returns>
    public static JournalEvent? Parse(ReadOnlyMemory<byte> line)
    {
        if (KindOf(line.Span) is not { } kind || Unread.Contains(kind)) return null;
        try
        {
            return Read.Contains(kind) ? JournalFormat.Parse(line.Span) : Titled(kind, line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TitledEvent? Titled(string kind, ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        if (Text(json.RootElement, "title") is not { } title) return null;
        var at = json.RootElement.TryGetProperty("at", out var number) && number.TryGetInt64(out var us) ? us : 0;
        return new TitledEvent(kind, title) { At = at, X = Text(json.RootElement, "x") };
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
