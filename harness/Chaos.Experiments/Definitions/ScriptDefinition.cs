using Chaos.Load.Scripts;

namespace Chaos.Experiments.Definitions;

/// <summary>A scripted protocol exchange on raw connections of its own.</summary>
/// <param name="Name">Unique in the experiment.</param>
/// <param name="Link">The link it connects through.</param>
/// <param name="Steps">What is sent and expected, in order.</param>
/// <param name="Tokens">Tokens that steps may use as <c>$name</c>: claims and lifetime of each.</param>
/// <param name="After">The script that must have ended before this one starts; null to start with the faults phase.</param>
public sealed record ScriptDefinition(string Name, string Link, IReadOnlyList<ScriptStepDefinition> Steps, IReadOnlyDictionary<string, ScriptToken> Tokens,
    string? After = null);
