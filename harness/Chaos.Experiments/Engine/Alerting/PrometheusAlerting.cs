using System.Globalization;
using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Export;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Processes;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Experiments.Files;
using Chaos.Journal;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>
/// A Prometheus and an Alertmanager beside a world, with the files that <c>chaos alerts export</c> writes: they scrape, evaluate and route, and what they deliver goes
/// into the journal. People's addresses are replaced by the receiver's: a run pages nobody.
/// </summary>
internal sealed class PrometheusAlerting : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HandoverPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>What delivery may take beyond the times that Alertmanager waits by its configuration.</summary>
    private static readonly TimeSpan DeliverySlack = TimeSpan.FromSeconds(3);

    private readonly AlertingPlan _plan;
    private readonly AlertDeliveries _deliveries;
    private readonly OwnedAlerts _owned;
    private readonly string _folder;
    private readonly ExperimentJournal _journal;
    private readonly Clock _clock;
    private readonly NodeTargets _targets;
    private readonly AlertReceiver _receiver;
    private readonly List<(Part Part, string Role)> _parts = [];
    private readonly CancellationTokenSource _stop = new();
    private MonitoringApi? _api;
    private volatile DutyClock _duty;
    private IReadOnlyList<Owner> _owners = [];
    private Task _handovers = Task.CompletedTask;

    private PrometheusAlerting(AlertingPlan plan, OwnedAlerts owned, string folder, NodeTargets targets, AlertReceiver receiver, AlertDeliveries deliveries, DutyClock duty,
        ExperimentJournal journal, Clock clock)
    {
        (_plan, _folder, _targets, _receiver, _deliveries, _duty, _journal, _clock) = (plan, folder, targets, receiver, deliveries, duty, journal, clock);
        // Nobody's mail or webhook is reached from here, whatever the file says.
        _owned = owned with { OnCall = owned.OnCall with { Mail = null, People = [.. owned.OnCall.People.Select(p => p with { Email = null, Webhook = receiver.WebhookOf(p.Name) })] } };
    }

    /// <summary>A program that ended by itself, or null.</summary>
    public Part? Dead
    {
        get
        {
            lock (_parts) return _parts.Find(p => p.Part.Died).Part;
        }
    }

    /// <summary>Starts both programs. They evaluate nothing until <see cref="ReadyAsync"/>.</summary>
    /// <param name="setup">The programs.</param>
    /// <param name="plan">What the experiment asks of them.</param>
    /// <param name="experiment">The experiment; it has alerts.</param>
    /// <param name="targets">The nodes; they have been started.</param>
    /// <param name="expected">The clock of people on call until the timeline begins.</param>
    /// <param name="processes">Where the processes come from that look after them.</param>
    /// <param name="journal">Gets what they deliver.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <exception cref="WorldException">One does not start, or nobody is on call.</exception>
    public static async Task<PrometheusAlerting> StartAsync(AlertingSetup setup, AlertingPlan plan, ExperimentDefinition experiment, NodeTargets targets, DutyClock expected,
        PartProcesses processes, ExperimentJournal journal, Clock clock, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(Path.Combine(setup.Folder, journal.Experiment)).FullName;
        var deliveries = new AlertDeliveries(journal, clock);
        var alerting = new PrometheusAlerting(plan, experiment.Alerts!, folder, targets, await AlertReceiver.StartAsync(targets, deliveries.Add).ConfigureAwait(false), deliveries, expected, journal, clock);
        try
        {
            alerting.Export();
            var alertmanager = await alerting.StartPartAsync(processes, "alertmanager", setup.Programs.Alertmanager, AlertExport.AlertmanagerFile, cancel).ConfigureAwait(false);
            alerting.WriteConfig(alertmanager, withRules: false);
            alerting.WriteTargets();
            targets.Changed += alerting.WriteTargets;
            var prometheus = await alerting.StartPartAsync(processes, "prometheus", setup.Programs.Prometheus, PrometheusConfig.FileName, cancel).ConfigureAwait(false);
            alerting._api = new MonitoringApi(prometheus.Address, alertmanager.Address);
            return alerting;
        }
        catch
        {
            await alerting.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until every node has been scraped, lets the rules be evaluated, and waits until they have been.</summary>
    /// <exception cref="WorldException">That takes too long.</exception>
    public async Task ReadyAsync(CancellationToken cancel)
    {
        var api = _api!;
        await UntilAsync("scrape every node", async c => await api.NodesUpAsync(_owned.Alerts.Job, c).ConfigureAwait(false) >= _targets.Names.Count, cancel).ConfigureAwait(false);
        WriteConfig(_parts.Single(p => p.Role == "alertmanager").Part, withRules: true);
        await api.ReloadPrometheusAsync(cancel).ConfigureAwait(false);
        await UntilAsync("evaluate the rules", api.EvaluatesAsync, cancel).ConfigureAwait(false);
        var (prometheus, alertmanager) = await api.VersionsAsync(cancel).ConfigureAwait(false);
        _journal.Write(new AlertingStarted(prometheus, alertmanager, _plan.Compress, (int)PrometheusConfig.Scrape(_owned.Alerts, _plan.Compress).TotalMilliseconds) { At = _clock.NowUs });
        _handovers = Task.Run(HandOverAsync, CancellationToken.None);
    }

    /// <summary>The faults begin: from now on it is known which moment each time of the run stands for.</summary>
    public void TimelineBegins(TimelinePlan timeline, long startUs) => _duty = new DutyClock(_plan, timeline, startUs);

    /// <summary>Waits until people have been told of what fires now, and of the end of what they were told of and fires no longer; not longer than Alertmanager may take for it.</summary>
    public async Task SettledAsync(CancellationToken cancel)
    {
        var firing = await _api!.FiringAsync(cancel).ConfigureAwait(false);
        var longest = 2 * AlertmanagerConfig.GroupInterval + (_deliveries.WaitForTickets(firing) ? AlertmanagerConfig.TicketWait : AlertmanagerConfig.GroupWait);
        var outstanding = _deliveries.Ask(firing);
        await MonitoringApi.UntilAsync(_ => Task.FromResult(outstanding.Came), ConditionOptions.Compressed(longest, _plan.Compress) + DeliverySlack, _clock.Time, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _handovers.ConfigureAwait(false);
        _targets.Changed -= WriteTargets;
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            var (part, role) = _parts[i];
            var expected = !part.Died;
            await part.DisposeAsync().ConfigureAwait(false);
            _journal.Write(new PartEnded(part.Name, role, part.ExitCode, expected) { At = _clock.NowUs });
        }

        await _receiver.DisposeAsync().ConfigureAwait(false);
        _api?.Dispose();
        _stop.Dispose();
    }

    private async Task HandOverAsync()
    {
        using var timer = new PeriodicTimer(HandoverPoll, _clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                var moment = _duty.At(_clock.NowUs);
                if (_owners.All(o => moment >= o.Since && moment < o.Until)) continue;
                Export();
                await _api!.ReloadAlertmanagerAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception e) when (e is HttpRequestException or WorldException or IOException)
        {
            // Whoever came on call was not told to Alertmanager: what it delivers from now on says nothing about the alerts.
            _journal.Write(new HarnessFailed("alertmanager", e.Message) { At = _clock.NowUs });
        }
    }

    private void Export()
    {
        var moment = _duty.At(_clock.NowUs);
        _owners = Owners.At(_owned.OnCall, moment);
        if (_owners.FirstOrDefault(o => o.Who is null) is { } nobody)
            throw new WorldException($"nobody is on call for {nobody.Team.Name} at {moment.ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture)}");
        AlertExport.Write(_owned, _owners, _folder, _plan.Compress);
    }

    private void WriteConfig(Part alertmanager, bool withRules) =>
        File.WriteAllText(Path.Combine(_folder, PrometheusConfig.FileName), PrometheusConfig.Text(_owned.Alerts, _plan.Compress, alertmanager.Address.Authority, withRules));

    // Prometheus may read at any moment: it is to find the old file or the new one.
    private void WriteTargets()
    {
        var path = Path.Combine(_folder, PrometheusConfig.TargetsFile);
        File.WriteAllText(path + ".next", _targets.File(_receiver.Address.Authority));
        File.Move(path + ".next", path, overwrite: true);
    }

    private async Task<Part> StartPartAsync(PartProcesses processes, string role, string program, string config, CancellationToken cancel)
    {
        var part = await Part.StartAsync(processes, role, ["monitor", role, "--program", program, "--folder", _folder, "--config", config, "--exit-with-parent"], null, StartLimit, cancel).ConfigureAwait(false);
        lock (_parts) _parts.Add((part, role));
        _journal.Write(new PartStarted(role, role, part.Address.Authority, part.Pid) { At = _clock.NowUs });
        return part;
    }

    private async Task UntilAsync(string what, Func<CancellationToken, Task<bool>> condition, CancellationToken cancel)
    {
        if (!await MonitoringApi.UntilAsync(condition, StartLimit, _clock.Time, cancel).ConfigureAwait(false))
            throw new WorldException($"Prometheus did not {what} within {StartLimit.TotalSeconds:0} s. Its log is in {_folder}.");
    }
}
