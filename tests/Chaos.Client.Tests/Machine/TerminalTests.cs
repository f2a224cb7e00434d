using Chaos.Client.Machine;
using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class TerminalTests
{
    public static TheoryData<int, bool> Codes => new()
    {
        { 1000, false }, { 1001, false }, { 1006, false }, { 1008, false }, { 1009, true }, { 1011, false },
        { 3000, false }, { 3001, false }, { 3008, false }, { 3012, false }, { 3499, false },
        { 3500, true }, { 3507, true }, { 3999, true }, { 4000, false }, { 4499, false }, { 4500, true }, { 4999, true },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void Close_codes_decide_whether_to_come_back(int code, bool terminal)
    {
        var rig = new Rig();
        rig.Connect();
        rig.End("close", code, "because");
        Expect(rig, code, terminal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void So_do_disconnect_pushes(int code, bool terminal)
    {
        var rig = new Rig();
        rig.Connect();
        rig.Receive($$$$"""{"push":{"disconnect":{"code":{{{{code}}}},"reason":"because"}}}""");
        Expect(rig, code, terminal);
        Assert.Equal([(1, 1000)], rig.Closes);
    }

    [Theory]
    [InlineData(101, false, true)]
    [InlineData(103, false, true)]
    [InlineData(107, false, true)]
    [InlineData(109, false, false)]
    [InlineData(100, false, false)]
    [InlineData(111, false, false)]
    [InlineData(102, true, false)]
    public void So_do_refused_connects(int code, bool temporary, bool terminal)
    {
        var rig = new Rig();
        rig.Do(m => m.Start(rig.Now));
        rig.Open();
        rig.Fail(1, code, temporary);
        Expect(rig, code, terminal);
        // What the gateway closes a refused connection with changes nothing.
        rig.End(1, "close", 3501);
        Assert.Equal(terminal, rig.Machine.State == ClientState.Stopped);
    }

    private static void Expect(Rig rig, int code, bool terminal)
    {
        Assert.Equal($"disconnected close {code}{(terminal ? " terminal" : "")}", rig.Seen[^1]);
        var connection = rig.Dialed;
        rig.Pass(200);
        if (terminal)
        {
            rig.Pass(3_600_000);
            Assert.Equal(connection, rig.Dialed);
            Assert.True(rig.Machine.Finished);
        }
        else
        {
            Assert.NotEqual(ClientState.Stopped, rig.Machine.State);
        }
    }
}
