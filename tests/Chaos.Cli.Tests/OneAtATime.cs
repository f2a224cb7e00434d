// These tests run whole worlds and judge them by the clock: side by side on a small machine they would judge each other's load.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
