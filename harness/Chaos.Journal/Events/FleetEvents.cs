using Chaos.Journal.Fleets;

namespace Chaos.Journal.Events;

// What a simulated fleet does, many clients a line: a member is a column, and the n-th entry of every column belongs to the same row. A column
// whose entries are all the same holds that one entry, apart from `client`, whose length is the number of rows. `Client` is the number in the client's name: 7 is c-0007. Nothing is summed up: each row
// is what client.attempt, ledger.handshake, client.connected and client.disconnected say of one attempt.

/// <summary>A simulation begins: everything of this experiment happens in virtual time.</summary>
/// <param name="Clients">Number of clients.</param>
/// <param name="LatencyMs">Time from a client to the gateway, and back, in milliseconds.</param>
/// <param name="LeftOut">What the experiment has in its file and is not simulated, such as <c>messages</c> and <c>nothing-lost (loss)</c>; absent where that is nothing.</param>
public sealed record SimulationStarted(int Clients, double LatencyMs, IReadOnlyList<string>? LeftOut = null) : JournalEvent;

/// <summary>Attempts that ended in the same way, one a row. <see cref="JournalEvent.At"/> is when the first of them began.</summary>
/// <param name="Link">The link they went through.</param>
/// <param name="Status">HTTP status that the clients got: 101 is success, 0 a connection cut without an answer.</param>
/// <param name="By">Who answered: "upstream" or "fault".</param>
/// <param name="Fault">Name of the fault that answered, when one did.</param>
/// <param name="Client">Whose attempt it was.</param>
/// <param name="Attempt">Attempts since the last success that reset the backoff; 0 is the first.</param>
/// <param name="DelayUs">The backoff waited before, in microseconds.</param>
/// <param name="DialledUs">When the client began to dial, in microseconds after <see cref="JournalEvent.At"/>.</param>
/// <param name="ArrivedUs">When the request arrived, in microseconds after it was dialled.</param>
/// <param name="AnsweredUs">When it was answered, in microseconds after it arrived.</param>
/// <param name="HeardUs">When the client heard of the refusal, or had the connect reply, in microseconds after the answer; -1 when it never did.</param>
public sealed record FleetAttempts(string Link, int Status, string By, string? Fault, int[] Client, int[] Attempt, int[] DelayUs, int[] DialledUs,
    int[] ArrivedUs, int[] AnsweredUs, int[] HeardUs) : JournalEvent
{
    /// <summary>One row with its times on the journal's clock.</summary>
    public FleetAttempt Row(int row)
    {
        var dialled = At + Columns.Of(DialledUs, row);
        var arrived = dialled + Columns.Of(ArrivedUs, row);
        var answered = arrived + Columns.Of(AnsweredUs, row);
        var heard = Columns.Of(HeardUs, row);
        return new FleetAttempt(Client[row], Columns.Of(Attempt, row), Columns.Of(DelayUs, row) / 1000.0, dialled, arrived, answered, heard < 0 ? null : answered + heard, Status);
    }
}

/// <summary>Established connections that ended in the same way, one a row. <see cref="JournalEvent.At"/> is when the first of them ended.</summary>
/// <param name="Link">Their link.</param>
/// <param name="By">Who ended them: "fault".</param>
/// <param name="How">"rst".</param>
/// <param name="Fault">Name of the fault that ended them.</param>
/// <param name="Client">Whose connection it was.</param>
/// <param name="CutUs">When it ended, in microseconds after <see cref="JournalEvent.At"/>.</param>
/// <param name="HeardUs">When the client heard of it, in microseconds after it ended.</param>
public sealed record FleetCuts(string Link, string By, string How, string? Fault, int[] Client, int[] CutUs, int[] HeardUs) : JournalEvent
{
    /// <summary>One row with its times on the journal's clock.</summary>
    public FleetCut Row(int row)
    {
        var cut = At + Columns.Of(CutUs, row);
        return new FleetCut(Client[row], cut, cut + Columns.Of(HeardUs, row), Fault);
    }
}
