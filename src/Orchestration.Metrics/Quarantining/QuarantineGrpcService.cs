using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using RabbitMQ.Client.Exceptions;

namespace Orchestration.Metrics.Quarantining;

/// <summary>Quarantined events and poison messages, as the gateway's admin API asks for them.</summary>
internal sealed class QuarantineGrpcService(QuarantinedEvents events, PoisonMessages messages) : QuarantineService.QuarantineServiceBase
{
    public override async Task<ListQuarantinedEventsResponse> ListQuarantinedEvents(ListQuarantinedEventsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var size = Bounded(request.PageSize, 50, 200, "page_size");
        Guid? before = request.BeforeEventId.Length == 0 ? null : IdOf(request.BeforeEventId, "before_event_id");
        var found = await events.ListAsync(StateOf(request.State), before, size, context.CancellationToken);
        var response = new ListQuarantinedEventsResponse();
        response.Events.AddRange(found.Select(item => ToMessage(item, withPayload: false)));
        return response;
    }

    public override async Task<QuarantinedEvent> GetQuarantinedEvent(GetQuarantinedEventRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var found = await events.FindAsync(IdOf(request.EventId, "event_id"), context.CancellationToken);
        if (found is null)
            ThrowUnknown();
        return ToMessage(found, withPayload: true);
    }

    public override async Task<QuarantinedEvent> ReplayQuarantinedEvent(DecideQuarantinedEventRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Answer(await events.ReplayAsync(IdOf(request.EventId, "event_id"), ActorOf(request), context.CancellationToken));
    }

    public override async Task<QuarantinedEvent> DiscardQuarantinedEvent(DecideQuarantinedEventRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Answer(await events.DiscardAsync(IdOf(request.EventId, "event_id"), ActorOf(request), context.CancellationToken));
    }

    public override async Task<ListPoisonMessagesResponse> ListPoisonMessages(ListPoisonMessagesRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var limit = Bounded(request.Limit, 20, 50, "limit");
        var (total, found) = await AskBrokerAsync(() => messages.PeekAsync(limit, context.CancellationToken));
        var response = new ListPoisonMessagesResponse { Total = total };
        response.Messages.AddRange(found.Select(message => new Contracts.Metrics.V1.PoisonMessage
        {
            MessageId = message.MessageId,
            Fault = message.Fault,
            FailedAt = message.FailedAt?.ToTimestamp(),
            Size = message.Size,
            Beginning = message.Beginning,
        }));
        return response;
    }

    public override async Task<ReplayPoisonMessagesResponse> ReplayPoisonMessages(ReplayPoisonMessagesRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var limit = Bounded(request.Limit, 100, 1_000, "limit");
        return new ReplayPoisonMessagesResponse { Replayed = await AskBrokerAsync(() => messages.ReplayAsync(limit, context.CancellationToken)) };
    }

    private static async Task<TAnswer> AskBrokerAsync<TAnswer>(Func<Task<TAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException)
        {
            throw new FailureException(new Failure { FailureClass = FailureClass.Unavailable, Code = "broker_unavailable", Message = "The message broker does not answer.", Retryable = true });
        }
    }

    private static QuarantinedEvent Answer(Decision decision)
    {
        if (decision is Decision.Made(var made))
            return ToMessage(made, withPayload: true);
        if (decision is Decision.Taken)
            Throw(FailureClass.Conflict, "event_decided", "The event was decided about in another way.", "event_id");
        ThrowUnknown();
        return null;
    }

    private static QuarantinedEvent ToMessage(Data.QuarantinedEvent row, bool withPayload) => new()
    {
        EventId = row.EventId.ToString("D"),
        Type = row.Type,
        PayloadVersion = row.PayloadVersion,
        Reason = row.Reason,
        Instance = row.Instance,
        Sequence = row.Sequence,
        OccurredAt = row.OccurredAt?.ToTimestamp(),
        ReceivedAt = row.ReceivedAt.ToTimestamp(),
        State = row.State switch
        {
            QuarantinedEvents.Replayed => QuarantineState.Replayed,
            QuarantinedEvents.Discarded => QuarantineState.Discarded,
            _ => QuarantineState.Waiting,
        },
        DecidedBy = row.DecidedBy ?? "",
        DecidedAt = row.DecidedAt?.ToTimestamp(),
        Payload = withPayload ? row.Payload : "",
    };

    private static string? StateOf(QuarantineState state) => state switch
    {
        QuarantineState.Unspecified => null,
        QuarantineState.Waiting => QuarantinedEvents.Waiting,
        QuarantineState.Replayed => QuarantinedEvents.Replayed,
        QuarantineState.Discarded => QuarantinedEvents.Discarded,
        _ => ThrowInvalid<string>("state", "There is no such state."),
    };

    private static int Bounded(int asked, int otherwise, int most, string param) =>
        asked == 0 ? otherwise : asked > 0 && asked <= most ? asked : ThrowInvalid<int>(param, $"Must lie between 1 and {most}.");

    private static Guid IdOf(string text, string param) =>
        Guid.TryParseExact(text, "D", out var id) ? id : ThrowInvalid<Guid>(param, "Not an id.");

    private static string ActorOf(DecideQuarantinedEventRequest request) =>
        request.Actor is { Length: > 0 and <= 200 } actor ? actor : ThrowInvalid<string>("actor", "1 to 200 characters.");

    [DoesNotReturn]
    private static TValue ThrowInvalid<TValue>(string param, string message)
    {
        Throw(FailureClass.InvalidRequest, "invalid_" + param, message, param);
        return default;
    }

    [DoesNotReturn]
    private static void ThrowUnknown() => Throw(FailureClass.NotFound, "event_not_found", "There is no such event.", "event_id");

    [DoesNotReturn]
    private static void Throw(FailureClass failureClass, string code, string message, string param) =>
        throw new FailureException(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param });
}
