using System.Globalization;
using System.Threading.Channels;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Rehearsals;
using Chaos.Journal;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>
/// A person goes through the runbook: lines from standard input, answers on standard output; panels and colours in a terminal, plain lines in a
/// pipe. The line <c>wait</c> holds back what follows until the alarm, so that a rehearsal can be scripted.
/// </summary>
internal sealed class PersonSeat : IRehearsalSeat
{
    private readonly Channel<RehearsalCommand> _commands = Channel.CreateUnbounded<RehearsalCommand>();
    private readonly TaskCompletionSource _alarm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RunbookDefinition _runbook;
    private readonly Clock _clock;
    private readonly TextReader _input;
    private readonly bool _plain;
    private readonly long _startUs;

    public PersonSeat(RunbookDefinition runbook, Clock clock, TextReader input)
    {
        (_runbook, _clock, _input, _plain, _startUs) = (runbook, clock, input, Console.IsOutputRedirected, clock.NowUs);
        Show($"{runbook.Title} Somewhere a fault is about to begin. What may be wrong: {string.Join(", ", runbook.Causes.Select(c => c.Name))}. Type help for what can be said, halt to end.", ShownAs.Plain);
        // Reading standard input cannot be cancelled; the process ends without waiting for it.
        new Thread(ReadLines) { IsBackground = true, Name = "commands" }.Start();
    }

    public ChannelReader<RehearsalCommand>? Commands => _commands.Reader;

    public IReadOnlyList<RehearsalCommand> Hear(RehearsalInput input, Rehearsal rehearsal)
    {
        if (rehearsal.Detected) _alarm.TrySetResult();
        return [];
    }

    public void ShowStep(int step)
    {
        var s = _runbook.Steps[step];
        var lines = new List<string>();
        if (s.Checklist is { } line) lines.Add($"checklist: {line}");
        if (s.Look.Count > 0) lines.Add($"look at: {string.Join(", ", s.Look)}");
        if (s.Probe is { } probe) lines.Add(string.Create(CultureInfo.InvariantCulture, $"{probe.Indicator} {(probe.IsAbove ? "above" : "below")} {probe.Limit:0.#} for {probe.Over.TotalSeconds:0} s means {probe.Cause}"));
        if (s.Action is { } action) lines.Add($"act: {action.Words}");
        var title = $"Step {step + 1} of {_runbook.Steps.Count}: {s.Title}";
        if (_plain) Console.Out.WriteLine($"{Now} {title}\n{string.Concat(lines.Select(l => $"           {l}\n"))}".TrimEnd());
        else Screen.Write(new Panel(new Text(string.Join('\n', lines))) { Header = new PanelHeader(Markup.Escape(title)), Border = BoxBorder.Rounded });
    }

    public void Show(string text, ShownAs shown)
    {
        if (_plain)
        {
            Console.Out.WriteLine($"{Now} {text}");
            return;
        }

        var style = shown switch
        {
            ShownAs.Alarm => new Style(Color.White, Color.Red, Decoration.Bold),
            ShownAs.Good => new Style(Color.Green, decoration: Decoration.Bold),
            ShownAs.Refusal => new Style(Color.Yellow),
            _ => Style.Plain,
        };
        Screen.Write(new Text($"{Now} {text}\n", style));
    }

    private string Now => string.Create(CultureInfo.InvariantCulture, $"{(_clock.NowUs - _startUs) / 1e6,8:0.0} s");

    private void ReadLines()
    {
        while (_input.ReadLine() is { } line)
        {
            if (line.Trim() == "wait")
            {
                _alarm.Task.Wait();
                continue;
            }

            var (command, error) = RehearsalCommand.Parse(line);
            if (command is not null) _commands.Writer.TryWrite(command);
            else Show(error!, ShownAs.Refusal);
        }

        // The person is gone; the incident goes on to its end all the same.
        _commands.Writer.TryComplete();
    }
}
