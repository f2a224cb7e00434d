using Chaos.Gateway.Resume;
using Chaos.Gateway.Streams;

namespace Chaos.Gateway.Sessions;

/// <summary>One channel of a session.</summary>
internal sealed class Subscription(string name, Subscriber subscriber)
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _confirmed;
    private long _marked;

    public string Name { get; } = name;

    public Subscriber Subscriber { get; } = subscriber;

    public LocalChannel? Channel { get; set; }

    public string? Epoch { get; private set; }

    /// <summary>End of the token it rests on.</summary>
    public DateTimeOffset? TokenUntil { get; set; }

    public bool IsLive => Epoch is not null;

    /// <summary>Completes when the subscribe command has been answered, either way.</summary>
    public Task Settled => _settled.Task;

    /// <param name="epoch">Epoch of the stream.</param>
    /// <param name="received">Up to here the client has everything, even if the reply is lost.</param>
    public void Begin(string epoch, long received)
    {
        Epoch = epoch;
        _confirmed = _marked = received;
    }

    public void Settle() => _settled.TrySetResult();

    /// <summary>A ping is sent: what went before it is received once it is answered.</summary>
    public void Mark() => _marked = Math.Max(_marked, Subscriber.Position);

    /// <summary>The ping was answered.</summary>
    public void Confirm() => _confirmed = _marked;

    public HeldSubscription Held() => new(Epoch!, _confirmed, TokenUntil?.ToUnixTimeMilliseconds());
}
