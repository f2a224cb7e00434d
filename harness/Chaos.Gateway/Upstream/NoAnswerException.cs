using System.Net;

namespace Chaos.Gateway.Upstream;

/// <summary>The upstream service answered with something that is neither yes nor no.</summary>
internal sealed class NoAnswerException(HttpStatusCode status) : Exception($"answered with status {(int)status}, which neither allows (200) nor denies (403)");
