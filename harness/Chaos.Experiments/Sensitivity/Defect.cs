namespace Chaos.Experiments.Sensitivity;

/// <summary>A defect that can be made as small as one likes, put before the rule of the check that must catch it.</summary>
/// <param name="Name">What is wrong, such as "clients in step".</param>
/// <param name="Unit">Unit of its size, such as "% of clients".</param>
/// <param name="Sample">Observations that the check has, or the fewest of its tests.</param>
/// <param name="Sizes">Sizes to try, ascending.</param>
/// <param name="IsCaught">One run with a defect of a size: whether the rule raises its alarm. A result that is merely inconclusive is not one.</param>
internal sealed record Defect(string Name, string Unit, long Sample, IReadOnlyList<double> Sizes, Func<Random, double, bool> IsCaught);
