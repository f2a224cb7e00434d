using System.Net;
using Chaos.Benchmarks.Load;

namespace Chaos.Benchmarks.Measuring;

/// <summary>What the clients of a cell do.</summary>
internal enum Work
{
    /// <summary>One message there and back at a time.</summary>
    RequestResponse,

    /// <summary>As many bytes as possible from server to client.</summary>
    Download,

    /// <summary>As many bytes as possible there and back at the same time.</summary>
    BothWays,

    /// <summary>As many connections as possible, one after the other.</summary>
    Connect,
}

/// <summary>One thing that is measured of every peer.</summary>
/// <param name="Bytes">Size of a message; 0 where there is none to choose.</param>
internal sealed record Cell(Protocol Protocol, Work Work, int Bytes, int Connections)
{
    /// <summary>Bytes per second are measured, else things done per second and how long each took.</summary>
    public bool IsBulk => Work is Work.Download or Work.BothWays;

    /// <summary>Opens its connections to a peer.</summary>
    public ILoad Open(IPEndPoint peer) => Work switch
    {
        Work.RequestResponse when Protocol == Protocol.WebSocket => new TrafficLoad(peer, Protocol, Traffic.EchoMode, Traffic.Frame(Bytes), Connections),
        Work.RequestResponse => new TrafficLoad(peer, Protocol, Traffic.EchoMode, Traffic.Message(Bytes), Connections),
        Work.Download => new TrafficLoad(peer, Protocol, Traffic.DownloadMode, Traffic.Download(Connections), Connections),
        Work.BothWays => new TrafficLoad(peer, Protocol, Traffic.EchoMode, Traffic.BothWays(Connections), Connections),
        _ => new ConnectLoad(peer, Protocol, Connections),
    };
}
