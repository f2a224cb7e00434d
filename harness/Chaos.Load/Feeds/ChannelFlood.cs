using System.Text;
using Chaos.Journal;
using Chaos.Load.Fleets;
using Chaos.Load.Scripts;
using Chaos.Load.Tokens;

namespace Chaos.Load.Feeds;

/// <summary>
/// One client that publishes far too much to a channel, open-loop, whatever it is told. It connects through the proxy as any client does, and
/// comes back when it is thrown out.
/// </summary>
public sealed class ChannelFlood : IAsyncDisposable
{
    /// <summary>Its name, as user, as label of its connections, and as publisher of its messages.</summary>
    public const string Name = "flood-0001";

    private const double RoundMs = 50;
    private static readonly TimeSpan BeforeReturn = TimeSpan.FromMilliseconds(500);

    private readonly Uri _url;
    private readonly TokenIssuer _tokens;
    private readonly string _channel;
    private readonly double _ratePerSecond;
    private readonly int _bytes;
    private readonly Clock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _flooding;
    private long _sent;

    /// <summary>Starts it.</summary>
    /// <param name="url">Address through the proxy.</param>
    /// <param name="tokens">Issues its token.</param>
    /// <param name="channel">The channel, with its tenant.</param>
    /// <param name="ratePerSecond">Messages a second.</param>
    /// <param name="bytes">Size of a payload.</param>
    /// <param name="clock">The run's clock.</param>
    public ChannelFlood(Uri url, TokenIssuer tokens, string channel, double ratePerSecond, int bytes, Clock clock)
    {
        (_url, _tokens, _channel, _ratePerSecond, _bytes, _clock) = (url.For(Name), tokens, channel, ratePerSecond, bytes, clock);
        _flooding = Task.Run(FloodAsync);
    }

    /// <summary>The channel.</summary>
    public string Channel => _channel;

    /// <summary>Messages sent so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _flooding.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task FloodAsync()
    {
        var began = _clock.NowUs;
        long counter = 0;
        try
        {
            while (true)
            {
                var connection = new ScriptConnection(_clock.Time);
                await using (connection.ConfigureAwait(false))
                {
                    if (await connection.ConnectAsync(_url, new ScriptHandshake(), _stop.Token).ConfigureAwait(false) is null && await JoinAsync(connection).ConfigureAwait(false))
                        counter = await PublishAsync(connection, began, counter).ConfigureAwait(false);
                }

                await Task.Delay(BeforeReturn, _clock.Time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task<bool> JoinAsync(ScriptConnection connection)
    {
        var tenant = _channel[.._channel.IndexOf(':', StringComparison.Ordinal)];
        var token = _tokens.Connect(Name, tenant, TimeSpan.FromHours(1));
        return await connection.SendAsync($$$"""{"id":1,"connect":{"token":"{{{token}}}"}}""", _stop.Token).ConfigureAwait(false)
            && await connection.TakeAsync(5000, [], a => a.Json?["connect"] is not null, _stop.Token).ConfigureAwait(false) is not null;
    }

    /// <summary>Publishes what is due until the connection ends.</summary>
    private async Task<long> PublishAsync(ScriptConnection connection, long began, long counter)
    {
        // What fell due while it was away is not made up for.
        var missed = (long)((_clock.NowUs - began) / 1e6 * _ratePerSecond) - counter;
        while (connection.CloseCode is null)
        {
            var due = (long)((_clock.NowUs - began) / 1e6 * _ratePerSecond) - missed;
            if (counter < due)
            {
                var frame = new StringBuilder();
                for (; counter < due; counter++) frame.Append(frame.Length == 0 ? "" : "\n").Append(Command(counter + 1));
                if (!await connection.SendAsync(frame.ToString(), _stop.Token).ConfigureAwait(false)) return counter;
                Interlocked.Exchange(ref _sent, counter);
            }

            // Reads the replies, answers pings, and is the time until the next round; of no interest is what the replies say.
            await connection.TakeAsync(RoundMs, [], _ => false, _stop.Token).ConfigureAwait(false);
        }

        return counter;
    }

    private string Command(long n) =>
        $$$"""{"id":{{{n + 1}}},"publish":{"channel":"{{{_channel}}}","data":{{{Encoding.UTF8.GetString(FeedPayload.Create(Name, n, _clock.NowUs, _bytes))}}}}}""";
}
