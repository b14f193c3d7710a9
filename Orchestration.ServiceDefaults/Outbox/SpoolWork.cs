namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>One change of the spool file, waiting for its group's commit.</summary>
internal abstract class SpoolWork
{
    public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when the file has more room afterwards.</summary>
    public virtual bool MakesRoom => false;

    public abstract void Apply(SpoolFile file, DateTimeOffset now);
}

internal sealed class AppendWork(byte[] body) : SpoolWork
{
    public override void Apply(SpoolFile file, DateTimeOffset now) => file.Insert(body, now);
}

/// <summary>Tells the ledger that the slot changed hands; its number ends the time of the holder before.</summary>
internal sealed class TurnoverWork(byte[] body, bool adopted) : SpoolWork
{
    /// <summary>Number of the event, once it is committed.</summary>
    public long Sequence { get; private set; }

    public override void Apply(SpoolFile file, DateTimeOffset now)
    {
        file.Insert(body, now);
        Sequence = file.LastInserted();
        if (adopted)
        {
            file.MarkEnded(Sequence);
        }
    }
}

internal sealed class RemoveWork(long first, long last) : SpoolWork
{
    public override bool MakesRoom => true;

    public override void Apply(SpoolFile file, DateTimeOffset now) => file.Delete(first, last);
}

internal sealed class MoveAsideWork(long sequence, string reason) : SpoolWork
{
    public override void Apply(SpoolFile file, DateTimeOffset now) => file.MoveAside(sequence, reason, now);
}

/// <summary>Asks for the number of the last event, behind everything that was handed over before.</summary>
internal sealed class LastNumberWork : SpoolWork
{
    /// <summary>The number, once the group is committed.</summary>
    public long Sequence { get; private set; }

    public override void Apply(SpoolFile file, DateTimeOffset now) => Sequence = file.LastEver();
}
