using System.Runtime.CompilerServices;
using Chaos.Proxy.WebSockets;

namespace Chaos.Proxy.Links;

/// <summary>Counts the frames of one direction by opcode. Written by one thread at a time; read by any.</summary>
internal sealed class OpcodeCounters
{
    /// <summary>Names of what is counted, in the order of <see cref="Read"/>.</summary>
    public static readonly string[] Names = ["continuation", "text", "binary", "close", "ping", "pong", "other"];

    private const int Other = 6;
    private Counts _counts;

    public void Count(int opcode)
    {
        ref var count = ref _counts[Index(opcode)];
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>The count under a name of <see cref="Names"/>.</summary>
    public long Read(int index) => Volatile.Read(ref _counts[index]);

    private static int Index(int opcode) => opcode switch
    {
        <= 2 => opcode,
        FrameReader.CloseOpcode => 3,
        FrameReader.PingOpcode => 4,
        FrameReader.PongOpcode => 5,
        _ => Other,
    };

    [InlineArray(Other + 1)]
    private struct Counts
    {
        private long _first;
    }
}
