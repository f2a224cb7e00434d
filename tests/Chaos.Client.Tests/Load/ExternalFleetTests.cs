using System.Diagnostics;
using Chaos.Journal.Events;
using Chaos.Load.External;
using Xunit;

namespace Chaos.Client.Tests.Load;

/// <summary>The engine's side of the protocol, against children that are shell scripts.</summary>
public sealed class ExternalFleetTests : IDisposable
{
    private const string Live = """
        read config; echo '{"ev":"ready"}'; read start
        echo '{"ev":"attempt","client":"c-0001","attempt":0,"at":1}'
        echo '{"ev":"connected","client":"c-0001","session":"s","at":2}'
        echo '{"ev":"subscribed","client":"c-0001","channel":"acme:ch-001","epoch":"e","offset":4,"at":3}'

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("chaos-child-").FullName;
    private readonly MemoryJournal _journal = new();

    public ExternalFleetTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The children of these tests are shell scripts.");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_a_child_reports_is_journalled_with_its_own_times()
    {
        await using var fleet = Fleet(Live + """
            read stop
            echo '{"ev":"delivered","client":"c-0001","channel":"acme:ch-001","publisher":"p","n":[1,2],"sent_at":[10,20],"us":[5,6],"at":26}'
            echo '{"ev":"disconnected","client":"c-0001","cause":"close","code":3001,"reason":"shutdown","at":27}'
            echo '{"ev":"stopped"}'
            """);
        Assert.True(await fleet.StartAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        await fleet.StopAsync(CancellationToken.None);

        Assert.Equal(
            [typeof(ClientAttempt), typeof(ClientConnected), typeof(ClientSubscribed), typeof(ClientDelivered), typeof(ClientDisconnected)],
            _journal.Events.Select(e => e.GetType()));
        Assert.Equal([1, 2, 3, 26, 27], _journal.Events.Select(e => e.At));
        Assert.All(_journal.Events, e => Assert.Equal("x", e.X));
        Assert.Equal([5, 6], _journal.Of<ClientDelivered>()[0].Us);
        Assert.Null(fleet.Failure);
        Assert.Equal((2L, 1L), (fleet.Snapshot().Delivered, fleet.Snapshot().Attempts));
    }

    [Fact]
    public async Task A_child_gets_the_fleet_in_its_first_line_and_a_token_when_it_asks()
    {
        await using var fleet = Fleet("""
            read config; echo "$config" > config; echo '{"ev":"ready"}'; read start
            echo '{"ev":"token","id":7,"client":"c-0001","purpose":"connect"}'; read token; echo "$token" > token
            echo '{"ev":"connected","client":"c-0001"}'; echo '{"ev":"subscribed","client":"c-0001","channel":"acme:ch-001"}'
            read stop; echo '{"ev":"stopped"}'
            """);
        Assert.True(await fleet.StartAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        var config = File.ReadAllText(Path.Combine(_folder, "config"));
        Assert.StartsWith("""{"protocol":1,""", config);
        Assert.Contains("""{"name":"c-0001","url":"ws://127.0.0.1:9/connection/websocket?client=c-0001","channels":[{"name":"acme:ch-001","needs_token":false}]}""", config);
        Assert.Matches("""^\{"cmd":"token","id":7,"token":"[\w.-]+"\}$""", File.ReadAllText(Path.Combine(_folder, "token")).Trim());
        Assert.Equal("connect", Assert.Single(_journal.Of<ClientToken>()).Purpose);
        await fleet.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("echo broken >&2; exit 9", "exit code 9", "broken")]
    [InlineData("echo 'not json'; read more", "no event", "not json")]
    [InlineData("echo '{\"ev\":\"connected\",\"client\":\"c-0099\"}'; read more", "c-0099", "")]
    [InlineData("echo '{\"ev\":\"dance\",\"client\":\"c-0001\"}'; read more", "dance", "")]
    [InlineData("echo '{\"ev\":\"attempt\",\"client\":\"c-0001\"}'; read more", "\"attempt\" is missing", "")]
    public async Task A_child_that_dies_or_talks_nonsense_fails_the_harness_and_not_the_clients(string end, string why, string said)
    {
        await using var fleet = Fleet($"read config\n{end}\n");
        Assert.False(await fleet.StartAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        Assert.Contains(why, fleet.Failure);
        Assert.Contains(said, fleet.Failure);
        Assert.Equal(fleet.Failure, Assert.Single(_journal.Of<HarnessFailed>()).Message);
        Assert.Equal(0, fleet.Snapshot().Connected);
        await fleet.StopAsync(CancellationToken.None);
        Assert.Single(_journal.Of<HarnessFailed>());
    }

    [Fact]
    public async Task A_child_that_does_not_stop_is_ended()
    {
        var fleet = Fleet(Live + "while read line; do :; done; sleep 60");
        Assert.True(await fleet.StartAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        using var child = Process.GetProcessById(fleet.ProcessId!.Value);
        await fleet.DisposeAsync();
        Assert.True(child.WaitForExit(30_000));
        Assert.Contains("did not stop", fleet.Failure);
    }

    private ExternalFleet Fleet(string script)
    {
        File.WriteAllText(Path.Combine(_folder, "child.sh"), script);
        File.WriteAllText(Path.Combine(_folder, "client.json"), """{"name":"shell","command":["sh","child.sh"]}""");
        return new ExternalFleet(Specs.Fleet(_journal), ExternalClient.Open(_folder));
    }
}
