namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>The spool of undelivered events has reached its limit; nothing is lost, but new work must wait.</summary>
public sealed class OutboxFullException : Exception
{
    private const string Full = "The event spool is full; new work is refused until the ledger catches up.";

    /// <summary>The spool has reached its limit.</summary>
    public OutboxFullException() : base(Full)
    {
    }

    /// <summary>The spool cannot be written, for example because the disk is full.</summary>
    public OutboxFullException(Exception cause) : base("The event spool cannot be written; new work is refused.", cause)
    {
    }
}
