using System.Net.WebSockets;
using Chaos.Client.Tests.Sockets;
using Chaos.Load.Scripts;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class ScriptConnectionTests
{
    [Fact]
    public async Task Dropping_a_connection_that_answers_a_close_frame_is_no_failure()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var server = new TestServer(async peer =>
        {
            await peer.UpgradeAsync();
            await peer.Socket.CloseOutputAsync((WebSocketCloseStatus)3500, "invalid token", peer.Stop);
        });
        // The answer and the drop have to meet; of 300 some do.
        for (var i = 0; i < 300; i++)
        {
            var connection = new ScriptConnection(TimeProvider.System);
            Assert.Null(await connection.ConnectAsync(server.Url, new ScriptHandshake(), cancel));
            await connection.DisposeAsync();
        }
    }
}
