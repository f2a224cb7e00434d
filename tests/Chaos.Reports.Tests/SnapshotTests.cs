using Chaos.Reports.Tests.Samples;
using Snapshooter.Xunit3;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void The_JUnit_file_keeps_its_shape() => Snapshot.Match(Written.As("junit.xml", SmallRun.Make()));

    [Fact]
    public void The_JSON_summary_keeps_its_shape() => Snapshot.Match(Written.As("summary.json", SmallRun.Make()));

    [Fact]
    public void The_Markdown_summary_keeps_its_shape() => Snapshot.Match(Written.As("summary.md", SmallRun.Make()));
}
