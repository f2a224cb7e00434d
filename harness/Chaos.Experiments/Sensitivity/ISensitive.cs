using Chaos.Experiments.Checks;

namespace Chaos.Experiments.Sensitivity;

/// <summary>A check that can be asked how small a defect it still catches.</summary>
internal interface ISensitive
{
    /// <summary>The defects it is there for, at the sample that a journal gives it. None when the journal does not say enough to judge.</summary>
    IReadOnlyList<Defect> Defects(CheckContext context);
}
