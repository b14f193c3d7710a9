using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Providers.Tests.Host;

/// <summary>Everything that a gateway is told about one request.</summary>
internal sealed record Answer(Guid RequestId, IReadOnlyList<ChatEvent> Events)
{
    public Summary Summary => Events[^1].Summary;

    public Failure? Error => Events.SingleOrDefault(e => e.Error is not null)?.Error;

    public string Text => string.Concat(Events.Select(e => e.PartDelta?.Text));

    public IReadOnlyList<AttemptOutcome> Outcomes => [.. Summary.Attempts.Select(a => a.Outcome)];

    public int Count(ChatEvent.EventOneofCase kind) => Events.Count(e => e.EventCase == kind);

    public int IndexOf(ChatEvent.EventOneofCase kind) => Events.Select(e => e.EventCase).ToList().IndexOf(kind);

    public static async Task<Answer> OfAsync(ProvidersFixture fixture, Start start, Action<ChatEvent>? heard = null)
    {
        using var call = fixture.Client.Execute(fixture.Call(cancellationToken: TestContext.Current.CancellationToken));
        await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        var events = new List<ChatEvent>();
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            events.Add(call.ResponseStream.Current);
            heard?.Invoke(call.ResponseStream.Current);
        }

        events[^1].Summary.ShouldNotBeNull();
        events.Count(e => e.Summary is not null).ShouldBe(1);
        return new Answer(Guid.Parse(start.RequestId), events);
    }

    public static Task<Answer> OfAsync(ProvidersFixture fixture, Plan plan, bool stream = true) =>
        OfAsync(fixture, Plans.Start(plan, stream));
}
