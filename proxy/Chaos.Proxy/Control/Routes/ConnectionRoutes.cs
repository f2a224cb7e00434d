using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Ledger;
using Microsoft.AspNetCore.Http;

namespace Chaos.Proxy.Control.Routes;

/// <summary>The connections of a proxy, one by one.</summary>
internal static class ConnectionRoutes
{
    private const string All = "/chaos/proxies/{proxy}/connections";

    public static IEnumerable<ApiRoute> Of(ProxyRegistry registry, LedgerWriter ledger) =>
    [
        new("listConnections", ["GET"], All, "Open connections: since when, from whom, what went through, and which faults hold them.", call =>
        {
            var open = registry.Get(call.Part("proxy")).Link.Open().Where(connection => connection.IsListed && !connection.HasEnded).OrderBy(connection => connection.Ordinal);
            return Task.FromResult(Answer.Json(new JsonArray([.. open.Select(connection => (JsonNode)ConnectionJson.Of(connection, ledger.Clock))])));
        }) { Answer = "Connections", Errors = [404] },
        new("cutConnection", ["DELETE"], All + "/{conn}", "Cuts a connection with RST on both legs.", call =>
        {
            var open = registry.Get(call.Part("proxy")).Link.Open();
            var found = long.TryParse(call.Part("conn"), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
                ? Array.Find(open, connection => connection.Ordinal == ordinal && connection.IsListed && !connection.HasEnded) : null;
            if (found is null) throw new ControlError(404, "connection not found");
            found.Stop();
            return Task.FromResult(Answer.Nothing);
        }) { Status = StatusCodes.Status204NoContent, Errors = [404] },
    ];
}
