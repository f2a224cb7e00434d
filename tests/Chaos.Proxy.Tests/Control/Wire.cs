using System.Text;
using System.Text.RegularExpressions;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>
/// Plays conversations with the control API that are written down as on the wire: a line with method, path and body,
/// then one with the status and the body that must come, word for word. A * at the end stands for any rest.
/// </summary>
internal sealed partial class Wire(Bench bench) : IDisposable
{
    private static int _hosts;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>
    /// A loopback address of its own, where every port is free: other processes get their ports on 127.0.0.1.
    /// </summary>
    public string Host { get; } = $"127.{1 + Environment.ProcessId / 250 % 250}.{1 + Environment.ProcessId % 250}.{1 + Interlocked.Increment(ref _hosts)}";

    public async Task PlayAsync(string conversation)
    {
        var lines = conversation.Replace("HOST", Host, StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            var request = lines[i];
            var (status, body) = await SendAsync(request);
            var expected = lines[++i];
            var actual = $"{status} {body.TrimEnd('\n')}".TrimEnd();
            var fits = expected.EndsWith('*') ? actual.StartsWith(expected[..^1], StringComparison.Ordinal) : actual == expected;
            Assert.True(fits, $"{request}\nexpected: {expected}\nbut was:  {actual}");
        }
    }

    /// <summary>Sends <c>METHOD PATH [BODY]</c>, without a content type, and in chunks where the body says so with a leading ~.</summary>
    public async Task<HttpResponseMessage> RawAsync(string line, params (string Name, string Value)[] headers)
    {
        var parts = RequestLine().Match(line);
        using var request = new HttpRequestMessage(new HttpMethod(parts.Groups[1].Value), new Uri(bench.Host.ControlAddress.GetLeftPart(UriPartial.Authority) + parts.Groups[2].Value));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var body = parts.Groups[3].Value;
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.TrimStart('~')));
            request.Headers.TransferEncodingChunked = body.StartsWith('~');
        }
        return await _http.SendAsync(request);
    }

    public async Task<(int Status, string Body)> SendAsync(string line, params (string Name, string Value)[] headers)
    {
        using var response = await RawAsync(line, headers);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex(@"^(\S+) (\S+) ?(.*)$")]
    private static partial Regex RequestLine();
}
