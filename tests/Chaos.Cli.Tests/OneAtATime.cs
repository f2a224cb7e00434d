// These tests run whole worlds and judge them by the clock: side by side on a small machine they would judge each other's load.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
