using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Capture;

namespace Orchestration.Gateway.Execution;

/// <summary>One request whose answer is there already, from the cache or without a model: no provider is asked, and it costs nothing.</summary>
/// <param name="request">The request.</param>
/// <param name="events">The answer from the event that says who answers to the last one before the summary.</param>
/// <param name="answer">Where it goes.</param>
/// <param name="payload">Where prompt and answer are kept; null where they are not.</param>
/// <param name="settlement">Ends the request.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class PreparedRun(AdmittedRequest request, IReadOnlyList<ChatEvent> events, ChatAnswer answer, PayloadRecording? payload, Settlement settlement, TimeProvider timeProvider)
{
    public async Task RunAsync()
    {
        var started = PreparedAnswer.Begin(request, events[0].ResponseStarted);
        GatewayTelemetry.Describe(Activity.Current, started);
        var first = new ChatEvent { ResponseStarted = started };
        payload?.Add(first);
        await answer.AddAsync(first);
        var ending = new RequestEnding
        {
            Response = started,
            TimeToFirstToken = timeProvider.GetElapsedTime(request.Identity.StartedTimestamp),
            Summary = PreparedAnswer.Free(request),
        };
        foreach (var chatEvent in events.Skip(1))
        {
            payload?.Add(chatEvent);
            await answer.AddAsync(chatEvent);
        }

        payload?.Keep(ending.Summary);
        await answer.FlushAsync();
        var recorded = await settlement.RecordBeforeShownAsync(request, ending);
        await answer.AddAsync(new ChatEvent { Summary = ending.Summary });
        await answer.FlushAsync();
        await recorded;
    }
}
