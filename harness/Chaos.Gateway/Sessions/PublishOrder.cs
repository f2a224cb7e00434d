using System.Collections.Concurrent;

namespace Chaos.Gateway.Sessions;

/// <summary>
/// Keeps the publishes of one connection on one channel in the order they came, though they are carried out side by side: while one is under way, the
/// next is stored on condition that the one before it is. Otherwise one that has to be tried again would be overtaken by those behind it.
/// </summary>
internal sealed class PublishOrder
{
    private readonly ConcurrentDictionary<string, PublishTurn> _last = new(StringComparer.Ordinal);

    /// <summary>The next one's turn; dispose it when it is over. Calls must come in order.</summary>
    /// <param name="mid">Its idempotency key.</param>
    public PublishTurn Take(string channel, string mid) => _last[channel] = new PublishTurn(this, channel, mid, _last.GetValueOrDefault(channel)?.Open);

    internal void Over(PublishTurn turn)
    {
        if (turn.Open is { } before) _last.TryUpdate(turn.Channel, before, turn);
        else _last.TryRemove(new KeyValuePair<string, PublishTurn>(turn.Channel, turn));
    }
}
