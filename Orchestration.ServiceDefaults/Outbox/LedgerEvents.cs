using Orchestration.Contracts.Messages;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Wraps payload records in envelopes and unwraps them again, with the one JSON form both sides use.</summary>
public static class LedgerEvents
{
    /// <summary>An envelope with a new id around a payload record; takes the trace context of the current activity.</summary>
    public static LedgerEvent Wrap<TPayload>(TPayload payload, DateTimeOffset occurredAt) where TPayload : notnull =>
        throw new NotImplementedException();

    /// <summary>The payload of an envelope, or null when it is not of this type's form.</summary>
    public static TPayload? Unwrap<TPayload>(LedgerEvent ledgerEvent) where TPayload : class => throw new NotImplementedException();
}
