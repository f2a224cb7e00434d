namespace Chaos.Reports;

/// <summary>What became of one mutant under one experiment.</summary>
/// <param name="Mutant">Name of the mutant, such as <c>client.fixed-delay</c>.</param>
/// <param name="Experiment">Id of the experiment that must catch it.</param>
/// <param name="ExpectedExpectation">Id of the expectation that must be the one to break.</param>
/// <param name="Killed">The experiment deviated.</param>
/// <param name="ForTheRightReason">The expectation that broke is the one named.</param>
/// <param name="Verdict">Outcome of the experiment, as in <see cref="Text.Words"/>.</param>
/// <param name="Sentence">Finding of the expectation, or what happened instead, for a person.</param>
public sealed record KillRow(string Mutant, string Experiment, string ExpectedExpectation, bool Killed, bool ForTheRightReason, string Verdict, string Sentence);

/// <summary>Every mutant under the experiments that must catch it.</summary>
public sealed record KillMatrix(IReadOnlyList<KillRow> Rows)
{
    /// <summary>Mutants that were killed for the reason their check is about.</summary>
    public int Killed => Rows.Count(r => r.Killed && r.ForTheRightReason);

    /// <summary>Whether every mutant was; an empty matrix proves nothing and is not.</summary>
    public bool AllKilled => Rows.Count > 0 && Killed == Rows.Count;
}

internal sealed record KillMatrixDocument(int SchemaVersion, int Mutants, int Killed, bool AllKilled, IReadOnlyList<KillRow> Rows);
