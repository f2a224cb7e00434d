using Chaos.Client.Policies;
using Chaos.Client.Randomness;
using Chaos.Load.Fleets;

namespace Chaos.Simulation.Model;

/// <summary>
/// Every client of a simulation. Attempts, delays and resets are the reference client's own code on the same random streams: client c-0007 of a
/// seed waits in a simulation exactly as long as it does on sockets.
/// </summary>
internal sealed class SimulatedFleet
{
    private readonly SimulationOptions _options;
    private readonly ClientPolicy _policy;
    private readonly long _seed;
    private readonly TimeSpan _latency;
    private readonly SimulatedClient[] _clients;
    private readonly Random?[] _backoff;
    private readonly EventQueue _queue;
    private readonly Gateways _gateways;
    private readonly LinkFaults _faults;
    private readonly ColumnWriter _columns;

    public SimulatedFleet(SimulationOptions options, ClientPolicy policy, long seed, Gateways gateways, LinkFaults faults, ColumnWriter columns)
    {
        (_options, _policy, _seed, _latency) = (options, policy, seed, options.Latency);
        (_gateways, _faults, _columns) = (gateways, faults, columns);
        _clients = new SimulatedClient[options.Clients];
        _backoff = new Random?[options.Clients];
        _queue = new EventQueue(options.Clients, options.Latency);
    }

    /// <summary>Number of clients.</summary>
    public int Count => _clients.Length;

    /// <summary>How many have a connect reply, and no news since.</summary>
    public int Connected { get; private set; }

    /// <summary>Attempts so far.</summary>
    public long Attempts { get; private set; }

    /// <summary>Starts every client, one after the other.</summary>
    public void Start(TimeSpan now, TimeSpan pause)
    {
        for (var client = 0; client < _clients.Length; client++)
        {
            _clients[client].Pace = new();
            _queue.Add(now + (pause * client), new Signal(client, 0, Happening.Dial));
        }
    }

    /// <summary>Lets the next thing happen.</summary>
    /// <param name="before">Only what happens before this time.</param>
    /// <param name="time">Is moved on to the time that it happens at.</param>
    /// <returns>False when nothing does.</returns>
    public bool Step(TimeSpan before, VirtualTime time)
    {
        if (!_queue.TryTake(before, out var now, out var signal)) return false;
        time.MoveTo(now);
        if (signal.Connection == _clients[signal.Client].Connection) Happen(signal, ref _clients[signal.Client], now);
        return true;
    }

    /// <summary>Cuts every connection that is open.</summary>
    public void Cut(string fault, TimeSpan now)
    {
        for (var index = 0; index < _clients.Length; index++)
        {
            ref var client = ref _clients[index];
            if (client.Stage < Stage.Opening) continue;
            _gateways.Ended(client.Node, client.Stage != Stage.Opening);
            if (client.Stage == Stage.Connected) Connected--;
            else _columns.Attempt(index, client, null);
            _columns.Cut(index, fault, now, now + _latency);
            client.Connection++;
            client.Stage = Stage.Waiting;
            Send(index, client, Happening.Cut, now);
        }
    }

    /// <summary>Notes the attempts that were answered and whose clients have not heard of it.</summary>
    public void End()
    {
        for (var index = 0; index < _clients.Length; index++)
            if (_clients[index].Stage is Stage.Refused or Stage.Opening or Stage.Authenticated) _columns.Attempt(index, _clients[index], null);
    }

    private void Happen(Signal signal, ref SimulatedClient client, TimeSpan now)
    {
        var index = signal.Client;
        switch (signal.What)
        {
            case Happening.Dial:
                Dial(index, ref client, now);
                break;
            case Happening.Arrive:
                Arrive(index, ref client, now);
                break;
            case Happening.Refused:
                _columns.Attempt(index, client, now);
                Wait(index, ref client, now);
                break;
            case Happening.Opened:
                client.Pace.Opened(_options.Parts.AttemptReset);
                Send(index, client, Happening.Authenticate, now);
                break;
            case Happening.Authenticate:
                _gateways.Authenticated(client.Node);
                client.Stage = Stage.Authenticated;
                Send(index, client, Happening.Connected, now);
                break;
            case Happening.Connected:
                client.Stage = Stage.Connected;
                Connected++;
                client.Pace.Connected(_options.Parts.AttemptReset, _policy, now);
                _columns.Attempt(index, client, now);
                break;
            case Happening.Cut:
                Wait(index, ref client, now);
                break;
            default:
                throw new InvalidOperationException($"nothing is known of {signal.What}");
        }
    }

    private void Dial(int index, ref SimulatedClient client, TimeSpan now)
    {
        Attempts++;
        client.DelayUs = (int)(client.Pace.DelayMs * 1000);
        client.Attempt = client.Pace.Attempt();
        client.Dialled = now;
        client.Connection++;
        client.Stage = Stage.Dialling;
        Send(index, client, Happening.Arrive, now);
    }

    private void Arrive(int index, ref SimulatedClient client, TimeSpan now)
    {
        client.Arrived = now;
        if (_faults.Current is null && _gateways.Admit(now) is { } node)
        {
            (client.Answer, client.Node, client.Stage) = (Answers.Accepted, node, Stage.Opening);
            Send(index, client, Happening.Opened, now);
            return;
        }

        (client.Answer, client.Stage) = (_faults.Current ?? Answers.Refused, Stage.Refused);
        Send(index, client, Happening.Refused, now);
    }

    private void Wait(int index, ref SimulatedClient client, TimeSpan now)
    {
        client.Stage = Stage.Waiting;
        client.Pace.Lost(now);
        var random = _backoff[index] ??= SeedTree.Stream(_seed, FleetNames.Client(index), "backoff");
        var due = client.Pace.Wait(_options.Parts.Backoff, _policy, random, now);
        _queue.Add(due, new Signal(index, client.Connection, Happening.Dial));
    }

    private void Send(int index, in SimulatedClient client, Happening what, TimeSpan now) => _queue.Send(now, new Signal(index, client.Connection, what));
}
