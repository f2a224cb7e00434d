using System.Threading.Channels;

namespace Chaos.Client.Sockets;

/// <summary>Queue of one client's inputs, and the clock that stamps them: offsets from when the client was made.</summary>
internal sealed class Mailbox(TimeProvider time)
{
    private readonly Channel<Mail> _channel = Channel.CreateUnbounded<Mail>(new UnboundedChannelOptions { SingleReader = true });
    private readonly long _origin = time.GetTimestamp();

    public ChannelReader<Mail> Reader => _channel.Reader;

    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Posts; after the client has ended, what comes late is of no interest.</summary>
    public void Post(Mail mail) => _channel.Writer.TryWrite(mail);

    public void Complete() => _channel.Writer.TryComplete();
}
