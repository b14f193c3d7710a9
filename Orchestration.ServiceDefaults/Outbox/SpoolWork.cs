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

internal sealed class RemoveWork(long first, long last) : SpoolWork
{
    public override bool MakesRoom => true;

    public override void Apply(SpoolFile file, DateTimeOffset now) => file.Delete(first, last);
}

internal sealed class MoveAsideWork(long sequence, string reason) : SpoolWork
{
    public override void Apply(SpoolFile file, DateTimeOffset now) => file.MoveAside(sequence, reason, now);
}
