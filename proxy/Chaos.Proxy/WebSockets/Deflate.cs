using Chaos.Proxy.Faults;

namespace Chaos.Proxy.WebSockets;

/// <summary>How a connection is compressed (permessage-deflate, RFC 7692).</summary>
internal enum Compression
{
    None,

    /// <summary>Each message stands by itself: one can be lost or altered without harm to the others.</summary>
    EachMessage,

    /// <summary>A message refers to those before it: one that is lost or altered destroys the stream.</summary>
    WithContext,
}

/// <summary>Reads and rewrites Sec-WebSocket-Extensions.</summary>
internal static class Deflate
{
    public const string Header = "Sec-WebSocket-Extensions";
    private const string Extension = "permessage-deflate";
    private const string ServerAlone = "server_no_context_takeover";
    private const string ClientAlone = "client_no_context_takeover";

    /// <summary>What was agreed on, from the header of the answer.</summary>
    public static Compression Agreed(string answer)
    {
        var extension = answer.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(IsDeflate);
        if (extension is null) return Compression.None;
        var parameters = Parameters(extension);
        return parameters.Contains(ServerAlone, StringComparer.OrdinalIgnoreCase) && parameters.Contains(ClientAlone, StringComparer.OrdinalIgnoreCase)
            ? Compression.EachMessage : Compression.WithContext;
    }

    /// <summary>The offer that goes on to the upstream, so that message faults do no more than they say.</summary>
    /// <returns>Null for no header at all.</returns>
    public static string? Offer(string offer, IReadOnlyCollection<DeflatePolicy> policies)
    {
        var active = policies.Where(policy => !policy.CorruptStream).ToArray();
        if (offer.Length == 0 || active.Length == 0) return offer.Length == 0 ? null : offer;
        var strip = active.Any(policy => policy.Handshake == DeflatePolicy.Strip);
        var offers = offer.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(entry => !strip || !IsDeflate(entry)).Select(entry => IsDeflate(entry) ? Alone(entry) : entry).ToArray();
        return offers.Length == 0 ? null : string.Join(", ", offers);
    }

    private static string Alone(string extension)
    {
        var parameters = Parameters(extension);
        foreach (var parameter in new[] { ServerAlone, ClientAlone })
        {
            if (!parameters.Contains(parameter, StringComparer.OrdinalIgnoreCase)) extension += $"; {parameter}";
        }
        return extension;
    }

    private static bool IsDeflate(string extension) => extension.Split(';', 2, StringSplitOptions.TrimEntries)[0].Equals(Extension, StringComparison.OrdinalIgnoreCase);

    private static string[] Parameters(string extension) => extension.Split(';', StringSplitOptions.TrimEntries);
}
