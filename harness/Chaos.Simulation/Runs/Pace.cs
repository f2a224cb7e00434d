namespace Chaos.Simulation.Runs;

/// <summary>Looks up from the work now and then: shows progress, and ends when told to.</summary>
/// <param name="wall">The clock that progress is shown by.</param>
/// <param name="show">Shows progress.</param>
internal sealed class Pace(TimeProvider wall, Action show)
{
    private const int StepsBetween = 16_384;
    private static readonly TimeSpan ShowEvery = TimeSpan.FromMilliseconds(250);

    private long _shown = wall.GetTimestamp();
    private int _steps;

    /// <summary>After each thing that happened.</summary>
    /// <exception cref="OperationCanceledException">It is to end.</exception>
    public void Step(CancellationToken cancel)
    {
        if (++_steps < StepsBetween) return;
        _steps = 0;
        cancel.ThrowIfCancellationRequested();
        if (wall.GetElapsedTime(_shown) < ShowEvery) return;
        _shown = wall.GetTimestamp();
        show();
    }
}
