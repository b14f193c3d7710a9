using System.Diagnostics;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Metrics.Recording;

/// <summary>Turns envelopes into checked payloads. Never throws for anything that a sender can write.</summary>
internal static class EventReader
{
    private const int KnownVersion = 1;

    public static EventReading Read(SequencedEvent source)
    {
        try
        {
            return ReadKnown(source);
        }
        catch (Exception exception)
        {
            // Reading touches nothing but the event itself, so that whatever goes wrong is the event's fault. Thrown on, it
            // would take the whole batch to the error queue.
            return new EventReading.Refused($"payload: {exception.GetType().Name}");
        }
    }

    private static EventReading ReadKnown(SequencedEvent source) => source.Event.Type switch
    {
        nameof(RequestAdmitted) => Read<RequestAdmitted>(source, RequestRules.Check, w => new EventReading.RequestOpened(w)),
        nameof(RequestCompleted) => Read<RequestCompleted>(source, RequestRules.Check, w => new EventReading.RequestClosed(w)),
        nameof(AttemptStarted) => Read<AttemptStarted>(source, AttemptRules.Check, w => new EventReading.AttemptOpened(w)),
        nameof(AttemptCompleted) => Read<AttemptCompleted>(source, AttemptRules.Check, w => new EventReading.AttemptClosed(w)),
        null or "" => new EventReading.Refused("type: missing"),
        _ => new EventReading.Unknown(),
    };

    private static EventReading Read<TPayload>(
        SequencedEvent source,
        Func<TPayload, string?> check,
        Func<Witness<TPayload>, EventReading> accept)
        where TPayload : class
    {
        var envelope = source.Event;
        if (envelope.PayloadVersion != KnownVersion)
            return new EventReading.Refused("payload_version: not known here");
        if (envelope.EventId == Guid.Empty)
            return new EventReading.Refused("event_id: missing");
        if (Rules.Moment("occurred_at", envelope.OccurredAt) is { } moment)
            return new EventReading.Refused(moment);
        if (envelope.Payload is null || LedgerEvents.Unwrap<TPayload>(envelope) is not { } payload)
            return new EventReading.Refused("payload: not of the form of its type");

        return check(payload) is { } reason
            ? new EventReading.Refused(reason)
            : accept(new Witness<TPayload>(source, TraceIdOf(envelope), payload));
    }

    private static string TraceIdOf(LedgerEvent envelope) =>
        ActivityContext.TryParse(envelope.TraceParent, null, out var context) ? context.TraceId.ToHexString() : "";
}
