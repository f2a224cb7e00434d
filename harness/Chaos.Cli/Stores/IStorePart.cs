using System.Net;

namespace Chaos.Cli.Stores;

/// <summary>A store that runs as a part of a world.</summary>
internal interface IStorePart : IAsyncDisposable
{
    /// <summary>Where it listens, on loopback. Another address once it has been started again.</summary>
    IPEndPoint Address { get; }
}

/// <summary>A store that is a server of its own, which can stand still, end and start again while the world goes on. What it has acknowledged outlives its end.</summary>
internal interface IServerPart : IStorePart
{
    /// <summary>Lets it stand still: its connections stay open, and nothing moves on them.</summary>
    Task PauseAsync();

    /// <summary>Lets it go on, if it stands still.</summary>
    Task ResumeAsync();

    /// <summary>Ends it.</summary>
    /// <param name="atOnce">As <c>kill -9</c> does; otherwise it may close its connections.</param>
    Task EndAsync(bool atOnce);

    /// <summary>Starts it again, with what it had.</summary>
    Task StartAgainAsync();
}
