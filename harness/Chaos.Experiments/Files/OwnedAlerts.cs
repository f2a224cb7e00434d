using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files.Reading;

namespace Chaos.Experiments.Files;

/// <summary>Alerts with their owners.</summary>
/// <param name="Alerts">The file of alerts.</param>
/// <param name="OnCall">The file of who is on call that goes with it.</param>
public sealed record OwnedAlerts(AlertsDefinition Alerts, OnCallDefinition OnCall)
{
    /// <summary>Reads both files. Nothing is thrown for what stands in a file, or for one that is not there.</summary>
    /// <param name="alerts">The file of alerts.</param>
    /// <param name="onCall">The file of who is on call; null for the nearest <c>on-call.yaml</c> beside or above the alerts.</param>
    /// <param name="options">Where to look; the process's working folder by default.</param>
    /// <returns>Both, or null with every error of both.</returns>
    public static (OwnedAlerts? Owned, IReadOnlyList<FileError> Errors) Load(string alerts, string? onCall = null, LoadOptions? options = null)
    {
        var errors = new List<FileError>();
        var folder = (options ?? new LoadOptions()).WorkingFolder;
        var files = new FileFinder(folder, errors);
        var owned = new AlertFiles(new OnCallFiles(files, errors), onCall is null ? null : Path.GetFullPath(onCall, folder), files, errors).Load(Path.GetFullPath(alerts, folder));
        return (errors.Count == 0 ? owned : null, [.. errors.Distinct().Order()]);
    }

    /// <summary>Reads a file of who is on call.</summary>
    /// <returns>What it holds, or null with every error.</returns>
    public static (OnCallDefinition? OnCall, IReadOnlyList<FileError> Errors) LoadOnCall(string path, LoadOptions? options = null)
    {
        var errors = new List<FileError>();
        var folder = (options ?? new LoadOptions()).WorkingFolder;
        var onCall = new OnCallFiles(new FileFinder(folder, errors), errors).Load(Path.GetFullPath(path, folder));
        return (errors.Count == 0 ? onCall : null, [.. errors.Order()]);
    }
}
