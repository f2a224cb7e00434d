using System.Text;
using Chaos.Client.Machine;
using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Client.Tests.Machine;

/// <summary>Puts a client through a sequence of events and says which promises it broke.</summary>
internal static class Ordeal
{
    public const string Duplicate = "an offset was delivered twice or out of order";
    public const string Gap = "an offset that could be recovered was not delivered";
    public const string EventTwice = "a publish became two events";
    public const string EventLost = "a publish became no event";
    public const string AfterTerminal = "an attempt after a terminal code";

    public const int Kinds = 18;

    public static SortedSet<string> Run(IReadOnlyList<(int Kind, int Ms)> events, ClientParts? parts = null)
    {
        var rig = new Rig(parts, new ClientPolicy { BaseMs = 50, CapMs = 1_000 });
        var gateway = new VirtualGateway(rig);
        var published = 0;
        var historyLost = false;
        var dialsAtTerminal = -1;
        rig.Do(m => m.Subscribe(Rig.Channel));
        rig.Do(m => m.Start(rig.Now));
        foreach (var (kind, ms) in events)
        {
            switch (kind)
            {
                case 0:
                    rig.Pass(ms);
                    break;
                case 1 or 2:
                    if (rig.Machine.State == ClientState.Waiting)
                        rig.UntilDial();
                    rig.Open();
                    break;
                case 3:
                    gateway.Deliver();
                    break;
                case 4 or 5:
                    Settle(rig, gateway);
                    break;
                case 6:
                    gateway.Forget();
                    rig.End();
                    break;
                case 7 or 8:
                    gateway.Publish();
                    break;
                case 9:
                    gateway.Publish(delivered: false);
                    break;
                case 10:
                    gateway.Repeat();
                    break;
                case 11 or 12:
                    published++;
                    var (mid, n) = ($"m{published}", published);
                    rig.Do(m => m.Publish(Rig.Channel, Encoding.UTF8.GetBytes($"{{\"mid\":\"{mid}\",\"n\":{n}}}"), mid, rig.Now));
                    break;
                case 13:
                    // Whatever waited is lost with the connection, publish replies among it.
                    gateway.LoseNext();
                    gateway.Forget();
                    rig.End("close", 3001, "shutdown");
                    break;
                case 14:
                    gateway.Unsubscribe(2500);
                    break;
                case 15:
                    gateway.PublishErrorNext = true;
                    break;
                case 16:
                    gateway.ConnectErrorNext = true;
                    break;
                case 17 when ms % 20 == 0:
                    gateway.NewEpoch();
                    gateway.Forget();
                    rig.End();
                    historyLost = true;
                    break;
                case 17 when ms % 20 == 1:
                    gateway.Trim();
                    historyLost = true;
                    break;
                case 17 when ms % 20 == 2 && dialsAtTerminal < 0 && rig.Machine.State == ClientState.Connected:
                    gateway.Forget();
                    rig.End("close", 3503, "force disconnect");
                    dialsAtTerminal = rig.Dialed;
                    break;
                default:
                    break;
            }
        }

        var broken = new SortedSet<string>();
        if (dialsAtTerminal >= 0)
        {
            if (rig.Machine.NextDue < TimeSpan.MaxValue)
                rig.Pass(60_000);
            if (rig.Dialed > dialsAtTerminal)
                broken.Add(AfterTerminal);
        }

        Heal(rig, gateway);
        Judge(broken, rig, gateway, published, historyLost, dialsAtTerminal >= 0);
        return broken;
    }

    private static void Settle(Rig rig, VirtualGateway gateway)
    {
        for (var frames = 0; !gateway.Idle && frames < 1_000; frames++)
            gateway.Deliver();
    }

    /// <summary>Lets everything that is under way come to its end on a gateway that works.</summary>
    private static void Heal(Rig rig, VirtualGateway gateway)
    {
        (gateway.ConnectErrorNext, gateway.PublishErrorNext) = (false, false);
        for (var round = 0; round < 3 && rig.Machine.State != ClientState.Stopped; round++)
        {
            for (var dials = 0; rig.Machine.State != ClientState.Connected && rig.Machine.State != ClientState.Stopped && dials < 10; dials++)
            {
                rig.PassUntil(() => rig.Machine.State == ClientState.Dialing || rig.Machine.State == ClientState.Opening);
                rig.Open();
                Settle(rig, gateway);
            }

            Settle(rig, gateway);
            for (var steps = 0; rig.Machine.Unacknowledged > 0 && rig.Machine.State == ClientState.Connected && steps < 100; steps++)
            {
                rig.Pass(100);
                Settle(rig, gateway);
            }

            gateway.Publish();
            Settle(rig, gateway);
        }
    }

    private static void Judge(SortedSet<string> broken, Rig rig, VirtualGateway gateway, int published, bool historyLost, bool terminal)
    {
        foreach (var epoch in rig.ByEpoch.GroupBy(d => d.Epoch))
        {
            var offsets = epoch.Select(d => d.Offset).ToList();
            for (var i = 1; i < offsets.Count; i++)
            {
                if (offsets[i] <= offsets[i - 1])
                    broken.Add(Duplicate);
            }
        }

        if (gateway.Events.Distinct().Count() < gateway.Events.Count)
            broken.Add(EventTwice);
        if (terminal)
            return;
        var delivered = rig.ByEpoch.Select(d => d.Offset).ToHashSet();
        for (var offset = rig.FirstTop + 1; !historyLost && offset <= gateway.Top; offset++)
        {
            if (!delivered.Contains(offset.Value))
                broken.Add(Gap);
        }

        if (gateway.Events.Distinct().Count() < published)
            broken.Add(EventLost);
    }
}
