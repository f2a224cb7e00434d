using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Chaos.Gateway.Tests;

public sealed class AuthenticationTests
{
    public static TheoryData<string> BadTokens => ["none", "empty", "garbage", "signature", "alg-none", "issuer", "audience", "no-sub", "no-tenant", "no-exp", "too-long", "subscription"];

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_closed_with_3500_and_nothing_behind_it_is_honoured(string defect)
    {
        await using var node = await Node.StartAsync();
        await using var eve = await WireClient.OpenAsync(node.Address);
        var channel = TestStore.Channel();
        var connect = new JsonObject();
        if (Token(defect) is { } token) connect["token"] = token;
        await eve.SendRawAsync(WireClient.Message(1, "connect", connect) + "\n" + WireClient.Message(2, "subscribe", new JsonObject { ["channel"] = channel }));
        Assert.Equal(3500, await eve.CloseCodeAsync());
        Assert.Empty(eve.Rest());
    }

    private static string? Token(string defect)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Dictionary<string, object> Claims(params string[] without)
        {
            var claims = new Dictionary<string, object> { ["sub"] = "eve", ["tenant"] = "acme", ["iss"] = "chaos", ["aud"] = "chaos-gateway", ["iat"] = now, ["exp"] = now + 600 };
            foreach (var claim in without) claims.Remove(claim);
            return claims;
        }
        return defect switch
        {
            "none" => null,
            "empty" => "",
            "garbage" => "a.b.c",
            "signature" => Tokens.Sign(Claims(), new SigningCredentials(new SymmetricSecurityKey(new byte[32]), SecurityAlgorithms.HmacSha256)),
            "alg-none" => "eyJhbGciOiJub25lIn0." + Tokens.Sign(Claims()).Split('.')[1] + ".",
            "issuer" => Tokens.Connect(issuer: "other"),
            "audience" => Tokens.Connect(audience: "other"),
            "no-sub" => Tokens.Sign(Claims("sub")),
            "no-tenant" => Tokens.Sign(Claims("tenant")),
            "no-exp" => Tokens.Sign(Claims("exp")),
            "too-long" => Tokens.Connect(ttlSeconds: 7200),
            "subscription" => Tokens.Connect(channel: "acme:x"),
            _ => throw new ArgumentOutOfRangeException(nameof(defect)),
        };
    }

    [Fact]
    public async Task An_expired_token_is_error_109_and_what_was_pipelined_behind_it_is_closed_with_3501()
    {
        await using var node = await Node.StartAsync();
        await using var ann = await WireClient.OpenAsync(node.Address);
        await ann.SendRawAsync(WireClient.Message(1, "connect", new JsonObject { ["token"] = Tokens.Connect(ttlSeconds: -30) }) + "\n"
            + WireClient.Message(2, "subscribe", new JsonObject { ["channel"] = TestStore.Channel() }));
        Assert.Equal(109, (int)(await ann.ReplyAsync(1))["error"]!["code"]!);
        Assert.Equal(3501, await ann.CloseCodeAsync());
        Assert.Empty(ann.Rest());
    }

    [Theory]
    [InlineData("""{"id":1,"subscribe":{"channel":"acme:x"}}""")]
    [InlineData("""{"id":1,"publish":{"channel":"acme:x","data":{}}}""")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"subscribe":{"channel":"acme:x"}}""")]
    public async Task Anything_before_authentication_is_closed_with_3501(string message)
    {
        await using var node = await Node.StartAsync();
        await using var eve = await WireClient.OpenAsync(node.Address);
        await eve.SendRawAsync(message);
        Assert.Equal(3501, await eve.CloseCodeAsync());
    }

    [Fact]
    public async Task Es256_tokens_are_accepted_from_known_keys_only()
    {
        using var known = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var unknown = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var node = await Node.StartAsync(s => s with { Jwt = s.Jwt with { Es256Keys = [known.ExportSubjectPublicKeyInfoPem()] } });
        string By(ECDsa key) => Tokens.Connect(credentials: new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256));
        await using var ann = await WireClient.ConnectAsync(node.Address, token: By(known));
        await using var eve = await WireClient.OpenAsync(node.Address);
        await eve.SendAsync("connect", new JsonObject { ["token"] = By(unknown) });
        Assert.Equal(3500, await eve.CloseCodeAsync());
    }

    [Fact]
    public async Task A_token_that_expires_mid_session_closes_with_3005_after_the_grace_unless_it_is_refreshed()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await Node.StartAsync(time: time);
        string Fresh() => Tokens.Connect(ttlSeconds: 60, now: time.GetUtcNow());
        await using var refreshing = await WireClient.ConnectAsync(node.Address, token: Fresh());
        await using var idle = await WireClient.ConnectAsync(node.Address, "bob", token: Tokens.Connect("bob", ttlSeconds: 60, now: time.GetUtcNow()));
        time.Advance(TimeSpan.FromSeconds(12));
        time.Advance(TimeSpan.FromSeconds(12));

        var refreshed = (await refreshing.CallAsync("refresh", new JsonObject { ["token"] = Fresh() }))["refresh"]!;
        Assert.True((bool)refreshed["expires"]!);
        Assert.InRange((int)refreshed["ttl"]!, 58, 60);
        for (var i = 0; i < 7; i++)
        {
            // In steps, with a reply between, so that pongs are in before they are due.
            time.Advance(TimeSpan.FromSeconds(5));
            await refreshing.CallAsync("ping", []);
            await idle.CallAsync("ping", []);
        }
        Assert.Null(idle.Closed);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(3005, await idle.CloseCodeAsync());
        await refreshing.CallAsync("ping", []);
        Assert.Equal(1, await node.MetricAsync("chaos_disconnects_total", "code=\"3005\""));
    }

    [Fact]
    public async Task A_refresh_with_an_expired_token_is_109_and_with_another_users_is_closed_with_3500()
    {
        await using var node = await Node.StartAsync();
        await using var ann = await WireClient.ConnectAsync(node.Address);
        Assert.Equal(109, (int)(await ann.CallAsync("refresh", new JsonObject { ["token"] = Tokens.Connect(ttlSeconds: -30) }))["error"]!["code"]!);
        await ann.SendAsync("refresh", new JsonObject { ["token"] = Tokens.Connect("bob") });
        Assert.Equal(3500, await ann.CloseCodeAsync());
    }

    [Fact]
    public async Task A_silent_connection_is_stale_and_an_unanswered_ping_ends_one()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await Node.StartAsync(s => s with { PingIntervalMs = 200, PongTimeoutMs = 300, Limits = s.Limits with { ConnectTimeoutMs = 300 } }, time: time);
        await using var silent = await WireClient.OpenAsync(node.Address);
        await using var deaf = await WireClient.ConnectAsync(node.Address, answersPings: false);
        await using var well = await WireClient.ConnectAsync(node.Address);
        for (var pongs = 1; pongs <= 3; pongs++)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            var heard = pongs;
            await Until.TrueAsync(async () => await node.MetricAsync("chaos_rtt_seconds_count") == heard, $"the pong to ping {pongs} is in");
        }
        Assert.Equal(3502, await silent.CloseCodeAsync());
        Assert.Equal(3012, await deaf.CloseCodeAsync());
        Assert.Equal(3, well.Pings);
        Assert.Null(well.Closed);
    }

    [Fact]
    public async Task A_users_connections_are_limited_with_3504_and_a_nodes_at_the_handshake()
    {
        await using var node = await Node.StartAsync(s => s with { Limits = s.Limits with { MaxConnections = 3, MaxConnectionsPerUser = 1 } });
        await using var one = await WireClient.ConnectAsync(node.Address);
        await using var two = await WireClient.OpenAsync(node.Address);
        await two.SendAsync("connect", new JsonObject { ["token"] = Tokens.Connect() });
        Assert.Equal(3504, await two.CloseCodeAsync());
        await Until.TrueAsync(async () => await node.MetricAsync("chaos_connections_total", "outcome=\"limit\"") == 1, "it has ended");
        await using var bob = await WireClient.ConnectAsync(node.Address, "bob");
        await using var cid = await WireClient.ConnectAsync(node.Address, "cid");
        await Assert.ThrowsAsync<WebSocketException>(() => WireClient.OpenAsync(node.Address));
        Assert.Equal(1, await node.MetricAsync("chaos_connections_total", "outcome=\"refused_limit\""));
        Assert.Equal(3, await node.MetricAsync("chaos_connections_active"));
    }

    [Fact]
    public async Task Strange_origins_too_many_handshakes_and_plain_requests_are_refused()
    {
        await using var node = await Node.StartAsync(s => s with { AllowedOrigins = ["https://app.example"], Limits = s.Limits with { HandshakesPerSecond = 2 } });
        await Assert.ThrowsAsync<WebSocketException>(() => WireClient.OpenAsync(node.Address, "https://evil.example"));
        await Assert.ThrowsAsync<WebSocketException>(() => WireClient.OpenAsync(node.Address, "null"));
        await using var listed = await WireClient.OpenAsync(node.Address, "https://app.example");
        await using var own = await WireClient.OpenAsync(node.Address, node.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(400, (await node.GetAsync("/connection/websocket")).Status);
        Assert.Equal(2, await node.MetricAsync("chaos_connections_total", "outcome=\"refused_origin\""));
        // All at once: one after the other they might take no more than is allowed on a slow machine.
        var opening = Enumerable.Range(0, 50).Select(_ => WireClient.OpenAsync(node.Address)).ToArray();
        await Assert.ThrowsAsync<WebSocketException>(() => Task.WhenAll(opening));
        foreach (var client in opening.Where(c => c.IsCompletedSuccessfully)) await (await client).DisposeAsync();
        Assert.True(await node.MetricAsync("chaos_connections_total", "outcome=\"refused_rate\"") > 0);
    }
}
