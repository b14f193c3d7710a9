using Grpc.Core;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Quarantining;

public sealed class QuarantineServiceTests(MetricsFixture fixture, BackingServices services) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private QuarantineService.QuarantineServiceClient Client => new(_host.Channel);

    [Fact]
    public async Task Single_bad_events_wait_and_are_shown_while_the_rest_of_their_batch_is_recorded()
    {
        var (good, bad) = (LedgerStory.Begin(), LedgerStory.Begin());
        var broken = bad.Wrap(bad.Finished with { Cost = -1 });

        await WriteAsync([.. good.Events.Take(2), broken, .. good.Events.Skip(2)]);

        (await _host.Database.RowsAsync("requests", good.RequestId)).ShouldHaveSingleItem();
        var shown = await Client.GetQuarantinedEventAsync(new GetQuarantinedEventRequest { EventId = $"{broken.EventId:D}" }, As());
        (shown.Type, shown.State, shown.Instance, shown.Sequence).ShouldBe(("AttemptCompleted", QuarantineState.Waiting, "gateway-0", 2L));
        shown.Reason.ShouldBe("cost: negative");
        shown.Payload.ShouldBe(broken.Payload);
        var listed = await ListAsync(new ListQuarantinedEventsRequest { State = QuarantineState.Waiting, PageSize = 200 });
        listed.Single(item => item.EventId == shown.EventId).Payload.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_go_on_where_the_last_one_ended()
    {
        var bad = Enumerable.Range(0, 5).Select(_ => LedgerStory.Begin()).Select(story => story.Wrap(story.Finished with { Cost = -1 })).ToList();
        await WriteAsync(bad);

        var all = await ListAsync(new ListQuarantinedEventsRequest { PageSize = 200 });
        var first = await ListAsync(new ListQuarantinedEventsRequest { PageSize = 2 });
        var second = await ListAsync(new ListQuarantinedEventsRequest { PageSize = 2, BeforeEventId = first[^1].EventId });

        first.Concat(second).Select(item => item.EventId).ShouldBe(all.Take(4).Select(item => item.EventId));
        all.Select(item => item.EventId).ShouldBe(all.Select(item => item.EventId).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Event_that_the_ledger_takes_by_now_is_replayed_once_and_named_with_who_did_it()
    {
        var story = LedgerStory.Begin();
        var held = story.Events[3];
        await WriteAsync(story.Events.Take(3));
        await HoldAsync(held);

        var replayed = await Client.ReplayQuarantinedEventAsync(Decide(held), As());
        var again = await Client.ReplayQuarantinedEventAsync(Decide(held, "somebody else"), As());

        (replayed.State, replayed.DecidedBy).ShouldBe((QuarantineState.Replayed, "operator"));
        again.DecidedBy.ShouldBe("operator");
        (await _host.Database.CountAsync($"requests WHERE id = '{story.RequestId}' AND completed_event_id = '{held.EventId}'")).ShouldBe(1);
        (await Should.ThrowAsync<RpcException>(async () => await Client.DiscardQuarantinedEventAsync(Decide(held), As()))).StatusCode.ShouldBe(StatusCode.Aborted);
    }

    [Fact]
    public async Task Event_that_is_still_bad_waits_on_after_a_replay()
    {
        var story = LedgerStory.Begin();
        var bad = story.Wrap(story.Completed with { Cost = -1 });
        await WriteAsync([bad]);

        var answer = await Client.ReplayQuarantinedEventAsync(Decide(bad), As());

        (answer.State, answer.DecidedBy).ShouldBe((QuarantineState.Waiting, ""));
        (await _host.Database.CountAsync($"quarantined_events WHERE event_id = '{bad.EventId}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Discarded_event_stays_as_a_row_and_is_never_replayed()
    {
        var story = LedgerStory.Begin();
        var held = story.Events[3];
        await HoldAsync(held);

        (await Client.DiscardQuarantinedEventAsync(Decide(held), As())).State.ShouldBe(QuarantineState.Discarded);

        (await Should.ThrowAsync<RpcException>(async () => await Client.ReplayQuarantinedEventAsync(Decide(held), As()))).StatusCode.ShouldBe(StatusCode.Aborted);
        (await _host.Database.RowsAsync("requests", story.RequestId)).ShouldBeEmpty();
        (await ListAsync(new ListQuarantinedEventsRequest { State = QuarantineState.Discarded, PageSize = 200 })).ShouldContain(item => item.EventId == $"{held.EventId:D}");
    }

    [Fact]
    public async Task Event_that_is_discarded_while_it_is_replayed_does_not_count()
    {
        var story = LedgerStory.Begin();
        var held = story.Events[3];
        await WriteAsync(story.Events.Take(3));
        await HoldAsync(held);

        Task<QuarantinedEvent> replaying;
        await using (await _host.LockRequestsAsync(services))
        {
            replaying = Client.ReplayQuarantinedEventAsync(Decide(held), As()).ResponseAsync;
            await _host.UntilWriterWaitsAsync();
            (await Client.DiscardQuarantinedEventAsync(Decide(held, "another"), As())).State.ShouldBe(QuarantineState.Discarded);
        }

        (await Should.ThrowAsync<RpcException>(() => replaying)).StatusCode.ShouldBe(StatusCode.Aborted);
        (await _host.Database.CountAsync($"requests WHERE id = '{story.RequestId}' AND completed_event_id IS NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task Unknown_events_and_strangers_are_refused()
    {
        var nobody = new DecideQuarantinedEventRequest { EventId = $"{Guid.CreateVersion7():D}", Actor = "operator" };

        (await RefusedAsync(() => Client.ReplayQuarantinedEventAsync(nobody, As()))).ShouldBe(StatusCode.NotFound);
        (await RefusedAsync(() => Client.DiscardQuarantinedEventAsync(nobody, As()))).ShouldBe(StatusCode.NotFound);
        (await RefusedAsync(() => Client.ReplayQuarantinedEventAsync(new(nobody) { EventId = "1" }, As()))).ShouldBe(StatusCode.InvalidArgument);
        (await RefusedAsync(() => Client.ReplayQuarantinedEventAsync(new(nobody) { Actor = "" }, As()))).ShouldBe(StatusCode.InvalidArgument);
        (await RefusedAsync(() => Client.ReplayQuarantinedEventAsync(nobody, As("indexing")))).ShouldBe(StatusCode.PermissionDenied);
        (await RefusedAsync(() => Client.ListQuarantinedEventsAsync(new() { PageSize = 201 }, As()))).ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Broker_that_is_away_is_told_as_such() =>
        (await RefusedAsync(() => Client.ListPoisonMessagesAsync(new(), As()))).ShouldBe(StatusCode.Unavailable);

    private static async Task<StatusCode> RefusedAsync<TAnswer>(Func<AsyncUnaryCall<TAnswer>> call) =>
        (await Should.ThrowAsync<RpcException>(async () => await call())).StatusCode;

    private static DecideQuarantinedEventRequest Decide(LedgerEvent held, string actor = "operator") => new() { EventId = $"{held.EventId:D}", Actor = actor };

    private CallOptions As(string service = "gateway") => _host.CallsAs(service).For("", "admin", TimeSpan.FromMinutes(1), Cancellation);

    private async Task<IReadOnlyList<QuarantinedEvent>> ListAsync(ListQuarantinedEventsRequest request) =>
        (await Client.ListQuarantinedEventsAsync(request, As())).Events;

    private async Task WriteAsync(IEnumerable<LedgerEvent> events) => await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);

    /// <summary>An event that was put aside by a version that did not know it.</summary>
    private async Task HoldAsync(LedgerEvent held)
    {
        await WriteAsync([held with { PayloadVersion = 99 }]);
        await using var command = _host.Database.CreateCommand($"UPDATE quarantined_events SET payload_version = {held.PayloadVersion} WHERE event_id = '{held.EventId}'");
        (await command.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
    }
}
