namespace Chaos.Proxy.Tests.Hosting;

/// <summary>A file that is gone when it is disposed.</summary>
internal sealed class TempFile : IDisposable
{
    public TempFile(string content) => Write(content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"proxy-{Guid.NewGuid():N}.json");

    public void Write(string content) => File.WriteAllText(Path, content);

    public void Dispose() => File.Delete(Path);
}
