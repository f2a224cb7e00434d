using Chaos.Journal.Events;

namespace Chaos.Live.Fold;

/// <summary>A line of a kind that the page knows nothing of but its title, such as a step of a rehearsal.</summary>
/// <param name="Kind">The line's kind.</param>
/// <param name="Title">Its title.</param>
internal sealed record TitledEvent(string Kind, string Title) : JournalEvent;
